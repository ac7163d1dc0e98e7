"""A candidate book is tried on the cases that were decided, as recorded; nothing of it is noticed by them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.assembly import models
from api.demo.identities import ensure_demo
from api.demo.stories import over_committed, routine
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from evals.bench.policy import INSTEAD, PIECE, SHEET, copied
from evals.endpoint import model
from graphs.policy_change.report import Report
from graphs.policy_change.simulation import Question, simulate
from graphs.services import Services, using
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import UNDERWRITER
from tests.fakes.specialists_script import specialists
from tests.integration.test_time_machine import rows_of


async def simulated(services: Services, piece: str, instead: str) -> Report:
    source = services.books.seed("home_loan").source
    assert piece in source
    candidate = services.books.read(source.replace(piece, instead))
    return await simulate(services, Question(candidate))


async def test_decided_cases_waiting_and_closed_are_decided_again_and_notice_nothing(
    services: Services, clock: SetClock
) -> None:
    closed, waiting = [
        await opened(services, story(clock.now().date()), story.__name__)
        for story in (routine, over_committed)
    ]
    await decide(services, UNDERWRITER, await pending(services, closed))
    await advance(services, closed)
    before = [len(await services.ledger.entries(case)) for case in (closed, waiting)]
    report = await simulated(services, PIECE, 'dti_back_bps: "> 1000"}')
    assert [(each.case, each.was, each.becomes) for each in report.flipped] == [
        (closed, "approve", "decline")
    ]
    assert (report.compared, report.skipped) == (2, ())
    looser = await simulated(services, PIECE, 'dti_back_bps: "> 99999"}')
    assert [(each.case, each.was, each.becomes) for each in looser.flipped] == [
        (waiting, "decline", "approve")
    ]
    assert (await simulated(services, PIECE, PIECE)).flipped == ()
    assert [len(await services.ledger.entries(case)) for case in (closed, waiting)] == before


async def test_a_dearer_rate_sheet_alone_turns_decisions_by_facts_that_are_found_again(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await copied(services, case_id, 1)  # without a key: what it answered cannot be read any more
    before = await rows_of(services, case_id)
    report = await simulated(services, SHEET, SHEET.replace("612", "1612"))
    (flip,) = report.flipped
    assert (flip.case, flip.was, flip.becomes, flip.rows[0]["row"]) == (case_id, "approve", "decline", "D1")
    assert {"fact": "dti_back_bps", "was": "3084", "becomes": "5584"} in flip.moved
    assert (report.compared, report.refound, report.refound_moved) == (1, 1, 1)
    (lost,) = report.not_refound
    assert (lost.case, lost.parameters) == (f"{case_id}-1", ("rate_base",))
    assert report.skipped[0].reason == f"not re-found: {lost.why}"
    assert await rows_of(services, case_id) == before


async def test_an_answer_that_its_own_book_does_not_give_again_is_not_compared(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    others = replace(services, lists={**services.lists, "sanctions": services.lists["pep"]})
    report = await simulated(others, "      screening_threshold: 750", "      screening_threshold: 740")
    (lost,) = report.not_refound
    assert (lost.case, lost.why) == (
        case_id,
        "screen_party answers otherwise now than it did then, under the same book",
    )
    assert (report.compared, report.refound) == (0, 0)


async def test_what_only_a_model_could_judge_anew_is_not_compared(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    with model(specialists()) as asked:
        equipped = replace(services, crew=replace(services.crew, models=models(asked)))
        with using(equipped):
            case_id = await opened(equipped, routine(clock.now().date()))
    report = await simulated(services, SHEET, SHEET.replace("612", "613"))
    (lost,) = report.not_refound
    assert (lost.case, lost.why) == (case_id, "pricing_analyst: it needs the judgement of a model")
    same = await simulated(services, "new_job_days: 180", "new_job_days: 181")
    assert (same.compared, same.refound, same.refound_moved) == (1, 1, 0)


async def test_a_case_is_compared_only_on_the_facts_whose_digest_is_in_its_ledger(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await copied(services, case_id, 2)
    async with services.database.transaction() as connection:
        await connection.execute(
            "update checkpoint_blobs set blob = (select blob from checkpoint_blobs where thread_id = %s "
            "and channel = 'facts' order by version limit 1) where thread_id = %s and channel = 'facts'",
            (case_id, f"{case_id}-1"),
        )
    report = await simulated(services, PIECE, INSTEAD)
    (skipped,) = report.skipped
    assert (skipped.first, skipped.cases, report.compared) == (f"{case_id}-1", 1, 2)
    assert skipped.reason == "it knows other facts now than it was decided on"


async def test_risk_officers_simulate_over_http_and_nobody_else(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    source = services.books.seed("home_loan").source.replace(PIECE, 'dti_back_bps: "> 1000"}')
    body = {"source": source, "groups": {case_id: "a"}}
    report = (await front.ask("risk-officer", "POST", "/v1/policy/simulations", json=body)).json()
    assert [each["rows"][0]["row"] for each in report["flipped"]] == ["D1"]
    assert (len(report["digest"]), report["impact"]["reference"], len(report["failed_examples"]) > 0) == (
        64,
        "a",
        True,
    )
    assert is_problem(
        await front.ask("advisor", "POST", "/v1/policy/simulations", json=body), 403, "forbidden"
    )
    broken = {"source": source.replace("outcome: hold", "outcome: shrug")}
    answer = await front.ask("risk-officer", "POST", "/v1/policy/simulations", json=broken)
    assert is_problem(answer, 422, "bad_input")
    assert "outcome must be one of" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/policy/books", "/v1/policy/books/home_loan@2026.1:000000000000"])
async def test_books_are_for_those_who_change_and_audit_policy(
    services: Services, settings: Settings, clock: SetClock, path: str
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    assert (await front.ask("auditor", "GET", path)).status_code in (200, 404)
    assert is_problem(await front.ask("advisor", "GET", path), 403, "forbidden")
