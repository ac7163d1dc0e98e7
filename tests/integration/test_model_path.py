"""The language-model path: the real client and agent loop against a scripted server, for every specialist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.demo.stories import routine, self_employed
from checkpoints.journal import count_calls
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, asking, kinds, opened, pending
from tests.fakes.model_script import (
    BROKEN_BODY,
    HANG,
    SERVER_ERROR,
    Reply,
    Script,
    Turns,
    ignored_instruction,
    malformed_json,
    rate_limited,
    wrong_tool,
)
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


async def findings(services: Services, case_id: str) -> dict[str, dict[str, Any]]:
    """The newest finding events of a case, by specialist."""
    entries = await services.ledger.entries(case_id)
    return {entry.body["specialist"]: entry.body for entry in entries if entry.kind == "finding_returned"}


async def test_every_specialist_works_through_the_model(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    case_id = await opened(services, self_employed(clock.now().date()))
    found = await findings(services, case_id)
    named = services.books.seed("home_loan").rules.workers.values()
    assert set(found) == {job for jobs in named for job in jobs}
    assert {body["produced_by"] for body in found.values()} == {"model"}
    assert len(server.requests) == await count_calls(services.database, case_id, "model")


async def test_model_and_playbook_find_the_same_figures(
    with_model: WithModel, services: Services, clock: SetClock
) -> None:
    story = self_employed(clock.now().date())
    by_playbook = await pending(services, await opened(services, story, "playbook"))
    _, equipped = with_model(specialists())
    by_model = await pending(equipped, await opened(equipped, story, "model"))
    assert [(f.label, f.value) for f in by_model.packet.figures] == [
        (f.label, f.value) for f in by_playbook.packet.figures
    ]


async def test_judged_letter_closes_the_gap_that_a_playbook_leaves(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(specialists())
    request = await pending(services, await opened(services, self_employed(clock.now().date())))
    assert any("letter_explains_income" in line for line in request.packet.judgements)
    assert not any("letter" in line.lower() for line in request.packet.missing)


@pytest.mark.parametrize("job", sorted(TOOLS))
async def test_model_that_fails_is_replaced_by_the_playbook_and_marked(
    with_model: WithModel, clock: SetClock, job: str
) -> None:
    broken = Turns(answer=Reply(fault=SERVER_ERROR.fault))
    _, services = with_model(specialists(**{job: broken}))
    case_id = await opened(services, self_employed(clock.now().date()))
    found = await findings(services, case_id)
    assert (found[job]["produced_by"], found[job]["degraded"]) == ("playbook", True)
    request = await pending(services, case_id)
    assert request.packet.degraded
    assert "Enhanced review" in request.packet.asked


@pytest.mark.parametrize(
    "fault",
    [
        SERVER_ERROR,
        BROKEN_BODY,
        rate_limited(0),
        malformed_json(answer()),
        wrong_tool("pay_anyone"),
        ignored_instruction(),
    ],
    ids=["500", "broken body", "429", "malformed", "wrong tool", "ignored instruction"],
)
async def test_one_bad_turn_of_the_model_does_not_change_the_figures(
    with_model: WithModel, clock: SetClock, fault: Reply
) -> None:
    _, services = with_model(
        specialists(bureau_analyst=Turns(TOOLS["bureau_analyst"], answer=answer(), first=[fault]))
    )
    request = await pending(services, await opened(services, routine(clock.now().date())))
    assert ("credit score", "768") in [(figure.label, figure.value) for figure in request.packet.figures]


async def test_model_that_hangs_is_left_at_its_deadline(
    with_model: WithModel, services: Services, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = services.books.seed("home_loan")
    row = book.rules.mandates["default"].model_copy(update={"model_timeout_seconds": 1})
    monkeypatch.setitem(book.rules.mandates, "default", row)
    _, equipped = with_model(specialists(bureau_analyst=Turns(answer=Reply(fault=HANG.fault))))
    found = await findings(equipped, await opened(equipped, routine(clock.now().date())))
    assert found["bureau_analyst"]["degraded"]


async def test_invented_figure_is_sent_back_once_and_then_replaced(
    with_model: WithModel, clock: SetClock
) -> None:
    invented = Turns(TOOLS["bureau_analyst"], answer=answer(narrative="The score is 799."))
    server, services = with_model(specialists(bureau_analyst=invented))
    case_id = await opened(services, routine(clock.now().date()))
    assert (await findings(services, case_id))["bureau_analyst"]["degraded"]
    assert len(server.requests_of("bureau_analyst")) == 3
    assert "specialist_fell_back" in await kinds(services, case_id)


async def test_quote_that_stands_nowhere_is_not_accepted(with_model: WithModel, clock: SetClock) -> None:
    made_up = answer(judged("letter_explains_income", "I will inherit a fortune"))
    _, services = with_model(specialists(income_verifier=Turns(TOOLS["income_verifier"], answer=made_up)))
    found = await findings(services, await opened(services, self_employed(clock.now().date())))
    assert found["income_verifier"]["degraded"]
    assert "judgement:letter_explains_income" in found["income_verifier"]["gaps"]


async def test_answered_calls_are_not_asked_again(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    case_id = await opened(services, routine(clock.now().date()))
    asked = len(server.requests)
    async with services.database.transaction() as connection:
        await connection.execute("delete from public.checkpoints")
        await connection.execute("delete from public.checkpoint_writes")
        await connection.execute("delete from public.checkpoint_blobs")
    await advance(services, case_id)
    assert len(server.requests) == asked


async def test_no_vault_value_reaches_the_model(with_model: WithModel, clock: SetClock) -> None:
    story = self_employed(clock.now().date())
    letter = "I am Jules Demo Fernwright, 900-00-0002, and my order book is full for the year."
    server, services = with_model(specialists())
    await opened(services, asking(story, letter_of_explanation=letter))
    sent = " ".join(str(request.body) for request in server.requests).lower()
    assert not [value for value in ("fernwright", "900-00-0002", "1979-09-30", "uto0000027") if value in sent]


def replanning(reason: str, specialist: str) -> dict[str, Any]:
    return {
        "rechecks": [{"specialist": specialist, "reason": reason}],
        "explanation": "the letter names a date",
    }


async def test_contradicted_income_leads_to_a_targeted_recheck_with_its_reason(
    with_model: WithModel, clock: SetClock
) -> None:
    plan = Turns(answer=replanning("compare the letter with the later return", "income_verifier"))
    _, services = with_model(specialists(planner=plan))
    case_id = await opened(services, self_employed(clock.now().date()))
    proposed = [e.body for e in await services.ledger.entries(case_id) if e.kind == "plan_proposed"]
    assert proposed[-1]["proposed_by"] == "model"
    assert "compare the letter" in proposed[-1]["steps"][0]["reason"]
    assert (await pending(services, case_id)).boundary == "offer"


async def test_plan_that_breaks_the_book_is_refused_explained_once_then_referred(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(
        specialists(planner=Turns(answer=replanning("just ask them", "fortune_teller")))
    )
    case_id = await opened(services, self_employed(clock.now().date()))
    assert (await services.cases.get(case_id)).status == "referred"
    assert (await kinds(services, case_id)).count("plan_refused") == 2
    assert "does not let" in str(server.requests_of("planner")[-1].messages[-1]["content"])
