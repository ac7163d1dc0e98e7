"""What-if copies under another book, another model, another decision; both sides beside each other; views of roles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import over_committed, routine, self_employed
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from domain.errors import BadInput, NotFound
from graphs.services import Services
from graphs.time_machine import Comparison, Instead, compare, fork, history, read_record, replay, show
from tests.fakes.books import rewritten
from tests.fakes.casework import advance, decide, kinds, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR, UNDERWRITER
from tests.fakes.specialists_script import specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


async def beside(services: Services, case_id: str, instead: Instead) -> Comparison:
    """The case and a copy from its newest moment, moved as far as it goes and replayed."""
    at = len(await history(services, case_id))
    copy = (await fork(services, ADVISOR, case_id, at, {}, instead)).id
    await advance(services, copy)
    assert (await replay(await read_record(services, copy))).divergence is None
    return await compare(services, case_id, copy)


async def test_offer_rejected_instead_of_approved_moves_no_money(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    seen = await beside(services, case_id, Instead(decisions={"offer": "reject"}))
    assert (seen.original.outcome, seen.copy.outcome) == ("approved", "declined")
    assert (sum(seen.original.money.values()) > 0, seen.copy.money) == (True, {})
    assert seen.supposed["decisions"] == {"offer": "reject"}
    assert [each for each in seen.differs if each.startswith(("findings", "facts"))] == []
    assert "effect_confirmed" not in await kinds(services, seen.copy.case_id)


async def test_same_case_under_another_book_is_decided_by_its_rows_on_the_same_findings(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    newer = rewritten(services, "home_loan", 'dti_back_bps: "> 5000"', 'dti_back_bps: "> 6500"')
    newer = rewritten(newer, "home_loan", 'dti_back_bps: "(4500..5000]"', 'dti_back_bps: "(4500..6500]"')
    seen = await beside(newer, case_id, Instead(policy=newer.books.seed("home_loan").version))
    assert (seen.original.decision, seen.copy.decision) == ("decline (D1, C2, A1)", "refer (D2, C2, A1)")
    assert not [each for each in seen.differs if each.startswith(("findings", "facts"))]
    assert "tool_called" not in await kinds(services, seen.copy.case_id)


async def test_book_with_other_parameters_has_everything_found_out_again(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, self_employed(clock.now().date()))
    newer = rewritten(services, "home_loan", "income_tolerance_bps: 500", "income_tolerance_bps: 100")
    seen = await beside(newer, case_id, Instead(policy=newer.books.seed("home_loan").version))
    told = await kinds(services, seen.copy.case_id)
    assert told.count("tool_called") >= 15
    assert "policy_version" in seen.differs


async def test_another_model_is_asked_and_tools_are_recalled(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    case_id = await opened(services, self_employed(clock.now().date()))
    before = len(server.requests)
    seen = await beside(services, case_id, Instead(model="another-model"))
    asked = {str(each.body["model"]) for each in server.requests[before:]}
    assert "another-model" in asked
    told = [
        each.body["model"]
        for each in await services.ledger.entries(seen.copy.case_id)
        if each.kind == "model_called"
    ]
    assert "another-model" in told
    assert seen.original.decision == seen.copy.decision


async def test_copy_whose_models_were_all_recalled_is_replayed_with_them(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(specialists())
    case_id = await opened(services, routine(clock.now().date()))
    copy = (await fork(services, ADVISOR, case_id, 3, {})).id
    await advance(services, copy)
    assert "model_called" not in await kinds(services, copy)
    assert (await replay(await read_record(services, copy))).divergence is None


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        (Instead(model="any"), "no model is configured"),
        (Instead(decisions={"offer": "return"}), "cannot be supposed"),
        (Instead(decisions={"lunch": "approve"}), "cannot be supposed"),
    ],
)
async def test_what_cannot_be_supposed_is_refused(
    services: Services, clock: SetClock, instead: Instead, why: str
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    with pytest.raises(BadInput, match=why):
        await fork(services, ADVISOR, case_id, 5, {}, instead)
    with pytest.raises(NotFound, match="not known here"):
        await fork(services, ADVISOR, case_id, 5, {}, Instead(policy="home_loan@1999.1:0"))


async def test_moment_is_shown_as_each_role_saw_it(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    last = len(await history(services, case_id))
    early = await show(services, case_id, 5, "underwriters")
    late = await show(services, case_id, last, "underwriters")
    assert (early["sees"], early["facts"], late["sees"]) == (False, {}, True)
    assert late["waiting_for"]["candidate_groups"] == ["underwriters", "senior_underwriters"]
    assert (await show(services, case_id, last, "compliance"))["sees"] is False
    assert (await show(services, case_id, 5, "maker"))["facts"]
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    path = f"/v1/cases/{case_id}/moments/{last}?role=compliance"
    assert is_problem(await front.ask("underwriter-1", "GET", path), 403, "forbidden")
    assert (await front.ask("auditor", "GET", path)).json()["facts"] == {}


async def test_copy_and_comparison_over_http(services: Services, settings: Settings, clock: SetClock) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = await opened(services, routine(clock.now().date()))
    what = {"at": 13, "decide": {"offer": "reject"}}
    copy = (await front.ask("auditor", "POST", f"/v1/cases/{case_id}/forks", json=what)).json()["id"]
    await advance(services, copy)
    seen = (await front.ask("auditor", "GET", f"/v1/cases/{case_id}/comparisons/{copy}")).json()
    assert seen["supposed"]["decisions"] == {"offer": "reject"}
    assert "outcome" in seen["differs"]
