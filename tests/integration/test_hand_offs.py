"""Hand-offs: a finding counts only with the receipt that was made for exactly this finding."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest

from api.demo.stories import routine
from checkpoints.lease import take
from domain.clock import SetClock
from domain.finding import Finding, Receipt
from graphs.lease import CURRENT
from graphs.services import Services
from graphs.supervisor.collecting import collect_findings
from graphs.supervisor.opening import open_case
from graphs.supervisor.rounds import credit_worker, plan_round
from graphs.supervisor.state import CaseState
from graphs.worker import HandOff, specialist
from tests.fakes.casework import kinds, open_story

COVERS_NOT = "the receipt does not cover it"


@pytest.fixture
async def planned(services: Services, clock: SetClock) -> AsyncIterator[CaseState]:
    """A routine loan whose first round is authorised, of which only credit works; its lease is held here."""
    case_id = await open_story(services, routine(clock.now().date()))
    CURRENT.set(await take(services.database, case_id, "test-runner", clock))
    state = CaseState(case_id=case_id)
    state |= await open_case(state)
    state |= await plan_round(state)
    state["assignments"] = [each for each in state["assignments"] if each["worker"] == "credit"]
    yield state
    CURRENT.set(None)


async def worked(state: CaseState) -> tuple[CaseState, HandOff]:
    """The same after the credit worker, and its hand-off, open to be changed."""
    (assignment,) = state["assignments"]
    state |= await credit_worker({"case_id": state["case_id"], "assignment": assignment})
    return state, state["returned"][assignment["id"]]["findings"]["bureau_analyst"]


def altered(hand_off: HandOff, name: str, value: int) -> dict[str, Any]:
    """The finding with another value of one figure."""
    finding = deepcopy(hand_off["finding"])
    next(each for each in finding["figures"] if each["name"] == name)["value"] = value
    return finding


async def rejections(services: Services, state: CaseState) -> list[str]:
    """Why hand-offs of this case were rejected."""
    entries = await services.ledger.entries(state["case_id"])
    return [entry.body["reason"] for entry in entries if entry.kind == "hand_off_rejected"]


async def test_finding_that_its_receipt_covers_is_taken(services: Services, planned: CaseState) -> None:
    state, _ = await worked(planned)
    collected = await collect_findings(state)
    assert collected["facts"]["credit_score"]["value"] == 768
    assert "hand_off_rejected" not in await kinds(services, state["case_id"])


async def test_finding_changed_after_its_receipt_is_rejected_and_its_facts_are_not_taken(
    services: Services, planned: CaseState
) -> None:
    state, hand_off = await worked(planned)
    hand_off["finding"] = altered(hand_off, "credit_score", 850)
    collected = await collect_findings(state)
    assert "credit_score" not in collected["facts"]
    assert "bureau_analyst" not in collected["findings"]
    assert await rejections(services, state) == [COVERS_NOT]


@pytest.mark.parametrize("receiver", ["credit@another-assignment", "mortgage@"])
async def test_finding_handed_to_somebody_else_is_rejected(
    services: Services, planned: CaseState, receiver: str
) -> None:
    state, hand_off = await worked(planned)
    finding = Finding.model_validate(hand_off["finding"])
    hand_off["receipt"] = Receipt.of(finding, receiver).model_dump()
    assert "credit_score" not in (await collect_findings(state))["facts"]
    assert await rejections(services, state) == [COVERS_NOT]


async def test_receipt_of_another_specialist_is_rejected(services: Services, planned: CaseState) -> None:
    state, hand_off = await worked(planned)
    hand_off["receipt"] = hand_off["receipt"] | {"sender": "income_verifier"}
    assert "credit_score" not in (await collect_findings(state))["facts"]
    assert await rejections(services, state) == [COVERS_NOT]


@pytest.mark.parametrize("tampered", [False, True])
async def test_colleague_uses_a_finding_only_if_its_receipt_covers_it(
    services: Services, planned: CaseState, tampered: bool
) -> None:
    state, _ = await worked(planned)
    state |= await collect_findings(state)
    state |= await plan_round(state)
    found: dict[str, HandOff] = {}
    (assignment,) = [each for each in state["assignments"] if each["worker"] == "mortgage"]
    for job in ("income_verifier", "collateral_assessor", "pricing_analyst"):
        if tampered and job == "pricing_analyst":
            found["income_verifier"]["finding"] = altered(found["income_verifier"], "monthly_income_cents", 1)
        given = {"case_id": state["case_id"], "assignment": assignment, "findings": found}
        found |= (await specialist(job)(given))["findings"]  # type: ignore[arg-type]
    priced = Finding.model_validate(found["pricing_analyst"]["finding"])
    details = " ".join(gap.detail for gap in priced.gaps)
    assert (bool(priced.figures), "monthly_income_cents" in details) == (not tampered, tampered)
