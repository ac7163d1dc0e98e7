"""What rests on a changed parameter is known by what tools declare, and no old fact ever stands for a new one."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from agents.roster import ROSTER
from audit.events import ToolCalled
from checkpoints.decided import DecidedCase
from domain.assignment import Assignment, Mandate
from domain.errors import Divergence, Misconfigured
from graphs.policy_change.redeciding import Moved
from graphs.policy_change.refinding import BothBooks, Resting, carried, resting
from graphs.time_machine.working_again import require_askable, require_lists_of_then
from policies.loader import BOOKS, parse_book
from tests.unit.test_policy_redeciding import LOAN, case
from tools.catalog import TOOLS
from tools.contract import Declared

PRICER = ("r2.mortgage", "pricing_analyst")
CHECKED_AT_LOAD = {"rate_covers"}
LENDING = ("home_loan", "kyc_onboarding", "commercial_credit", "loan_amendment")


def hand_off(assignment: str, job: str, **figures: Any) -> dict[str, Any]:
    told = [
        {"name": name, "value": value, "unit": "bps", "source": f"{job}/{name}"}
        for name, value in figures.items()
    ]
    finding = {"assignment": assignment, "specialist": job, "figures": told, "flags": [], "parties": []}
    return {"finding": finding, "receipt": {}}


def priced(**facts: Any) -> DecidedCase:
    """A case whose pricing is on record; ``facts`` are what it knows now."""
    found = case(LOAN)
    old = hand_off(*PRICER, dti_back_bps=3000)
    known = {"dti_back_bps": {"value": 3000, "unit": "bps", "source": "pricing_analyst/dti_back_bps"}}
    found.state.update(findings={PRICER[1]: old}, facts=found.state["facts"] | known | facts)
    return found


def test_a_figure_that_moved_becomes_the_fact() -> None:
    found = carried(priced(), {PRICER: hand_off(*PRICER, dti_back_bps=5100, note_rate_bps=700)})  # type: ignore[dict-item]
    assert found.state["facts"]["dti_back_bps"]["value"] == 5100
    assert set(found.moved) >= {Moved("dti_back_bps", 3000, 5100), Moved("note_rate_bps", None, 700)}


def test_a_fact_that_is_not_found_again_is_known_no_more() -> None:
    found = carried(priced(), {PRICER: hand_off(*PRICER)})  # type: ignore[dict-item]
    assert "dti_back_bps" not in found.state["facts"]


def test_what_people_settled_on_the_old_figure_is_not_taken_for_the_new_one() -> None:
    settled = priced(dti_back_bps={"value": 2900, "unit": "bps", "source": "approval-1"})
    with pytest.raises(Divergence, match="people settled dti_back_bps"):
        carried(settled, {PRICER: hand_off(*PRICER, dti_back_bps=5100)})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("part", "value", "why"),
    [
        ("parties", [{"reference": "owner:3"}], "other parties"),
        ("flags", [{"code": "potential_match", "hold": True}], "compliance decided"),
    ],
)
def test_what_nobody_looked_into_or_released_is_not_decided_on(part: str, value: Any, why: str) -> None:
    reviewed, new = priced(), hand_off(*PRICER, dti_back_bps=3000)
    reviewed.state["reviewed"] = "cleared"
    new["finding"][part] = value
    with pytest.raises(Divergence, match=why):
        carried(reviewed, {PRICER: new})  # type: ignore[dict-item]


def test_the_case_on_record_never_moves() -> None:
    of = priced()
    before = deepcopy(of.state)
    carried(of, {PRICER: hand_off(*PRICER, dti_back_bps=5100)})  # type: ignore[dict-item]
    assert of.state == before


def test_a_case_rests_on_what_the_tools_that_it_asked_read() -> None:
    called = {"r2.mortgage.pricing_analyst": frozenset({"price_loan"})}
    found = resting(priced(), called, frozenset({"rate_base", "screening_threshold"}))
    assert (found.parameters, found.done) == ({"rate_base"}, {PRICER})
    assert resting(priced(), called, frozenset({"rental_share_bps"})).done == frozenset()


def test_work_without_a_call_on_record_rests_on_all_that_it_may_ask() -> None:
    assert resting(priced(), {}, frozenset({"rate_base"})).done == {PRICER}


def test_what_a_case_asked_before_its_first_plan_counts_as_well() -> None:
    called = {"r0.supervisor.supervisor": frozenset({"screen_party"})}
    found = resting(priced(), called, frozenset({"screening_threshold"}))
    assert found.done == {("r0.supervisor", "supervisor")}


class Finds:
    """A worker that finds the same whatever it is given, and remembers what that was."""

    def __init__(self, **by_job: dict[str, Any]) -> None:
        self.by_job = by_job
        self.inputs: list[dict[str, Any]] = []

    async def work(self, given: Assignment) -> dict[str, Any]:
        self.inputs.append(dict(given.inputs))
        return {job: each for job, each in self.by_job.items() if job in given.specialists}


def assigned(number: int, job: str, **inputs: Any) -> Assignment:
    return Assignment(
        id=f"r{number}.mortgage",
        case_id="case-1",
        worker="mortgage",
        specialists=(job,),
        objective="",
        inputs=inputs,
        parties=(),
        boundaries=(),
        expected=(),
        as_of=datetime(2026, 3, 2, tzinfo=UTC),
        deadline=datetime(2026, 3, 3, tzinfo=UTC),
        mandate=Mandate(tools=frozenset(), records=frozenset()),
    )


PRICING = Resting(frozenset({"rate_base"}), frozenset({PRICER}), frozenset({"price_loan"}))


async def test_what_moves_is_carried_into_later_work_that_rests_on_it() -> None:
    later = ("r3.mortgage", "repayment_assessor")
    of = priced(atr_documented={"value": True, "unit": "bps", "source": "repayment_assessor/atr_documented"})
    of.state["findings"][later[1]] = hand_off(*later, atr_documented=True)
    own = Finds(
        pricing_analyst=of.state["findings"][PRICER[1]],
        repayment_assessor=hand_off(*later, atr_documented=True),
    )
    other = Finds(
        pricing_analyst=hand_off(*PRICER, dti_back_bps=5100),
        repayment_assessor=hand_off(*later, atr_documented=False),
    )
    given = [assigned(2, PRICER[1]), assigned(3, later[1], dti_back_bps=3000, credit_score=700)]
    found = await BothBooks(own, other, PRICING).through(of, given)
    assert other.inputs[1] == {"dti_back_bps": 5100, "credit_score": 700}
    assert {each.fact for each in found.moved} == {"dti_back_bps", "atr_documented"}


async def test_a_finding_that_its_own_book_does_not_give_again_counts_for_nothing() -> None:
    own, other = Finds(pricing_analyst=hand_off(*PRICER, dti_back_bps=2990)), Finds()
    with pytest.raises(Divergence, match="finds otherwise now"):
        await BothBooks(own, other, PRICING).through(priced(), [assigned(2, PRICER[1])])


async def test_work_whose_assignment_is_not_on_record_is_not_found_again() -> None:
    with pytest.raises(Divergence, match=r"not on record: r2\.mortgage\.pricing_analyst"):
        await BothBooks(Finds(), Finds(), PRICING).through(priced(), [])


def test_a_new_question_is_asked_only_where_the_world_of_then_answers_it() -> None:
    require_askable("screen_party", frozenset({"screen_party"}), known=False, exact=False)
    require_askable("customer_risk", frozenset(), known=False, exact=False)
    with pytest.raises(Divergence, match="screen_party would be asked"):
        require_askable("screen_party", frozenset(), known=False, exact=False)
    with pytest.raises(Divergence, match="screen_party is asked now"):
        require_askable("screen_party", frozenset({"screen_party"}), known=False, exact=True)


def test_a_new_question_is_answered_from_the_lists_of_then_alone() -> None:
    asked = ToolCalled(tool="price_loan", entry="e", result_digest="d", lists=("conforming_limits@2",))
    require_lists_of_then(asked, frozenset({("conforming_limits@2",)}))
    require_lists_of_then(asked.model_copy(update={"lists": ()}), frozenset())
    with pytest.raises(Divergence, match="another list"):
        require_lists_of_then(asked, frozenset({("conforming_limits@1",)}))


def test_a_tool_gets_no_row_of_the_book_that_its_manifest_does_not_name() -> None:
    shown = Declared("price_loan", frozenset({"apor"}), {"apor": [], "rate_base": []})
    assert (dict(shown), "apor" in shown) == ({"apor": []}, True)
    for read in (lambda: shown["rate_base"], lambda: shown.get("rate_base"), lambda: "rate_base" in shown):
        with pytest.raises(Misconfigured, match="price_loan reads the parameter rate_base undeclared"):
            read()


@pytest.mark.parametrize("kind", LENDING)
def test_every_parameter_of_a_book_that_decides_cases_has_its_readers(kind: str) -> None:
    book = parse_book((BOOKS / f"{kind}.yaml").read_text(encoding="utf-8"))
    named = {name for section in book.parameters for name in section.content["values"]}
    read = {name for each in ROSTER.values() for name in each.limits}.union(
        *(each.parameters for each in TOOLS.values())
    )
    assert named - read <= CHECKED_AT_LOAD
