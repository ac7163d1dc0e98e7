"""What only a model judges about a company changes its case: what management says, and why ratios fall."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.approval import ApprovalRequest
from graphs.services import Services
from tests.fakes.casework import opened, pending
from tests.fakes.companies import FY2024, FY2025, commentary, filing, instance, story
from tests.fakes.model_script import ByPrompt, Call, ModelRequest, Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
OFFICERS = ("credit_officers", "senior_credit_officers")
SENIOR_OFFICERS = ("senior_credit_officers", "chief_credit")
SMALL = {"loan_amount_cents": 500_000_00}
WORK: dict[str, tuple[Call, ...]] = {
    "bureau_analyst": TOOLS["bureau_analyst"],
    "ubo_tracer": (Call("ownership_structure"), Call("blocked_ownership")),
    "statement_spreader": (Call("spread_statements"), Call("management_commentary")),
    "ratio_analyst": (Call("credit_ratios"), Call("credit_stress"), Call("management_commentary")),
    "credit_rater": (Call("rate_credit"), Call("propose_covenants")),
    "memo_writer": (Call("assess_credit"),),
}
FALLING = FY2025 | {"ebit": 1_250_000, "net_income": 800_000}


def judging(code: str, verdict: str) -> Callable[[ModelRequest], dict[str, Any]]:
    """Answers one judgement with words of the commentary."""

    def said(request: ModelRequest) -> dict[str, Any]:
        text = json.loads(request.results("management_commentary")[-1])["texts"][0]
        return answer(judged(code, text[:40], verdict))

    return said


def credit_team(fits: str = "supports", temporary: str | None = None, **said: dict[str, Any]) -> ByPrompt:
    """Every specialist of the case; those judge whose answer is ``said``, or who are told to."""
    scripts: dict[str, Script] = {job: Turns(calls, answer=answer()) for job, calls in WORK.items()}
    scripts["statement_spreader"] = Turns(
        WORK["statement_spreader"], answer=judging("commentary_fits_statements", fits)
    )
    if temporary is not None:
        asked = judging("trend_causes_temporary", temporary)
        scripts["ratio_analyst"] = Turns(WORK["ratio_analyst"], answer=asked)
        held = answer(judged("mitigants_hold", "Net worth can carry a bad year"))
        scripts["memo_writer"] = Turns(WORK["memo_writer"], answer=held)
    scripts |= {job: Turns(WORK[job], answer=words) for job, words in said.items()}
    return specialists(**scripts)


async def judged_case(with_model: WithModel, script: ByPrompt, *documents: dict[str, Any]) -> ApprovalRequest:
    _, services = with_model(script)
    return await pending(services, await opened(services, story(*documents, **SMALL)))


async def test_commentary_that_fits_leaves_the_case_to_one_officer(with_model: WithModel) -> None:
    request = await judged_case(with_model, credit_team("supports"), filing(), commentary())
    assert (request.quorum, request.packet.missing) == (1, ())
    (line,) = [each for each in request.packet.judgements if "commentary fit the statements" in each]
    assert "supports" in line
    assert "Revenue grew as two bridge contracts" in line


async def test_commentary_that_does_not_fit_takes_two_officers(with_model: WithModel) -> None:
    request = await judged_case(with_model, credit_team("does_not_support"), filing(), commentary())
    assert request.quorum == 2
    assert [line for line in request.packet.missing if "The model: does_not_support." in line]


async def test_cause_that_a_model_finds_temporary_is_no_gap_but_still_declining(
    with_model: WithModel,
) -> None:
    falling = filing(instance({"2024-12-31": FY2024, "2025-12-31": FALLING}))
    request = await judged_case(with_model, credit_team(temporary="supports"), falling, commentary())
    assert (request.packet.missing, request.candidate_groups) == ((), OFFICERS)
    assert "T1: refer" in request.packet.policy_rows
    assert [line for line in request.packet.judgements if "declining ratios temporary" in line]


async def test_decline_whose_cause_is_not_temporary_goes_to_senior_officers_and_tells_them(
    with_model: WithModel,
) -> None:
    falling = filing(instance({"2024-12-31": FY2024, "2025-12-31": FALLING}))
    request = await judged_case(with_model, credit_team(temporary="does_not_support"), falling, commentary())
    assert request.candidate_groups == SENIOR_OFFICERS
    assert [line for line in request.packet.missing if "declining ratios temporary" in line]


@pytest.mark.parametrize(
    ("verdict", "asked", "quorum"),
    [("supports", "Policy approves", 1), ("does_not_support", "Policy refers", 2)],
)
async def test_loan_that_nothing_secures_is_approved_only_when_its_mitigant_is_judged_to_hold(
    with_model: WithModel, verdict: str, asked: str, quorum: int
) -> None:
    held = answer(judged("mitigants_hold", "Net worth stands behind the loan", verdict))
    _, services = with_model(credit_team(memo_writer=held))
    unsecured = story(filing(), commentary(), **SMALL, collateral="unsecured")
    request = await pending(services, await opened(services, unsecured))
    assert (asked in request.packet.asked, request.quorum) == (True, quorum)
    (line,) = [each for each in request.packet.judgements if "mitigants_hold" in each]
    assert f"Do the mitigants answer the weaknesses that they are set against? {verdict}" in line


@pytest.mark.parametrize(
    ("verdict", "signers"),
    [
        ("supports", OFFICERS),
        ("does_not_support", SENIOR_OFFICERS),
        ("unclear", OFFICERS),
    ],
)
async def test_floor_that_is_judged_not_to_fit_takes_the_case_to_those_who_may_override_a_grade(
    with_model: WithModel, verdict: str, signers: tuple[str, ...]
) -> None:
    late = answer(judged("delinquency_isolated", '"delinquencies_24m": 1'))
    fits = answer(judged("floor_fits", "no better than grade 5", verdict))
    held = answer(judged("mitigants_hold", "The business repays from its own cash flow"))
    team = credit_team(bureau_analyst=late, credit_rater=fits, memo_writer=held)
    _, services = with_model(team)
    request = await pending(services, await opened(services, story(filing(), commentary(), late=1, **SMALL)))
    assert request.candidate_groups == signers
    assert any("risk grade" in each.label.lower() and each.value == "5" for each in request.packet.figures)
    assert any("floor_fits" in line and verdict in line for line in request.packet.judgements)
