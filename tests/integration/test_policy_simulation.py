"""A candidate book is tried on the cases that were decided: what flips, by which row, whose money and whose work."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import over_committed, routine, small_amendment
from api.http.app import create_app
from api.settings import Settings
from checkpoints.decided import DecidedCases
from domain.clock import SetClock
from evals.bench.policy import copied
from graphs.policy_change.report import Report
from graphs.policy_change.simulation import Question, simulate
from graphs.services import Services
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import UNDERWRITER

STRICT = ('dti_back_bps: "> 5000"}', 'dti_back_bps: "> 1000"}')


def candidate(services: Services, kind: str, *pieces: tuple[str, str]) -> str:
    source = services.books.current(kind).source
    for piece, instead in pieces:
        assert piece in source
        source = source.replace(piece, instead)
    return source


async def simulated(services: Services, kind: str, *pieces: tuple[str, str], **more: Any) -> Report:
    book = services.books.read(candidate(services, kind, *pieces))
    return await simulate(services.books, DecidedCases(services.database), Question(book, **more))


@pytest.fixture
async def two_cases(services: Services, clock: SetClock) -> tuple[str, str]:
    """One that policy approves, and one that it declines."""
    today = clock.now().date()
    return await opened(services, routine(today), "a"), await opened(services, over_committed(today), "b")


async def test_a_stricter_row_flips_the_approval_and_says_which_row_whose_money_and_whose_work(
    services: Services, two_cases: tuple[str, str]
) -> None:
    report = await simulated(services, "home_loan", STRICT)
    (flip,) = report.flipped
    assert (flip.case, flip.was, flip.becomes, [row["row"] for row in flip.rows]) == (
        two_cases[0], "approve", "decline", ["D1"],
    )  # fmt: skip
    amount = (await services.cases.get(two_cases[0])).amount_cents
    (turned,) = report.turns
    assert (turned.turn, turned.cases, turned.amount_cents, turned.people) == (
        "approve → decline",
        1,
        amount,
        1,
    )
    assert (report.compared, report.cases, report.skipped) == (2, 2, ())


async def test_the_same_book_flips_nothing_and_nothing_is_written(
    services: Services, two_cases: tuple[str, str]
) -> None:
    before = [len(await services.ledger.entries(case)) for case in two_cases]
    report = await simulated(services, "home_loan")
    assert (report.flipped, report.changes, report.other_terms, report.other_authority) == ((), (), 0, 0)
    assert [len(await services.ledger.entries(case)) for case in two_cases] == before


async def test_work_moves_to_whoever_the_candidate_names(
    services: Services, two_cases: tuple[str, str]
) -> None:
    piece = ('{id: U6, then: {groups: "underwriters, senior_underwriters", quorum: 1}}',
             '{id: U6, then: {groups: chief_credit, quorum: 2}}')  # fmt: skip
    report = await simulated(services, "home_loan", piece)
    work = {each.authority: (each.was, each.becomes) for each in report.workload}
    assert work == {"1 of underwriters, senior_underwriters": (2, 0), "2 of chief_credit": (0, 2)}
    assert (report.flipped, report.other_authority) == ((), 2)


async def test_what_ran_on_standing_authority_is_work_for_people_once_it_is_gone(
    services: Services, clock: SetClock
) -> None:
    await opened(services, small_amendment(clock.now().date()))
    report = await simulated(services, "loan_amendment", ("max_cents: 10000,", "max_cents: 100,"))
    work = {each.authority: (each.was, each.becomes) for each in report.workload}
    assert work == {"standing authority": (1, 0), "1 of servicing": (0, 1)}


async def test_a_closed_case_is_replayed_as_well(services: Services, two_cases: tuple[str, str]) -> None:
    await decide(services, UNDERWRITER, await pending(services, two_cases[0]))
    await advance(services, two_cases[0])
    assert (await services.cases.get(two_cases[0])).outcome == "approved"
    assert [each.case for each in (await simulated(services, "home_loan", STRICT)).flipped] == [two_cases[0]]


async def test_a_fact_that_nobody_found_out_leads_to_a_person(
    services: Services, two_cases: tuple[str, str]
) -> None:
    wanted = ("        degraded: {type: flag}\n      outputs: &outputs",
              "        degraded: {type: flag}\n        risk_grade: {type: int, unit: count, min: 1, max: 10}\n"
              "      outputs: &outputs")  # fmt: skip
    graded = '        - {id: X1, when: {risk_grade: ">= 8"}, then: {outcome: refer}}\n'
    row = ("        - *clear\n", f"        - *clear\n{graded}")
    report = await simulated(services, "home_loan", wanted, row)
    (flip,) = report.flipped
    assert (flip.case, flip.becomes, flip.unknown) == (two_cases[0], "refer", ("risk_grade",))


async def test_a_case_whose_recorded_facts_were_changed_is_not_compared(
    services: Services, two_cases: tuple[str, str]
) -> None:
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.ledger set body = jsonb_set(body, '{facts_digest}', '\"0\"') "
            "where stream = %s and kind = 'decision_reached'",
            (two_cases[0],),
        )
    report = await simulated(services, "home_loan", STRICT)
    (skipped,) = report.skipped
    assert (skipped.first, skipped.cases, report.flipped) == (two_cases[0], 1, ())


async def test_a_change_that_no_case_is_old_enough_for_is_said_and_tried_on_its_day(
    services: Services, two_cases: tuple[str, str]
) -> None:
    source = services.books.current("home_loan").source
    start = source.index("    - effective_from: 2025-11-16")
    section = source[start : source.index("  authority:")]
    strict = '- {id: D1, when: {dti_back_bps: "> 1000"}, then: {outcome: refer}}\n'
    later = section.replace("2025-11-16", "2027-01-01").replace("- *dti\n", strict)
    report = await simulated(services, "home_loan", (section, section + later))
    assert (report.flipped, report.not_reached) == ((), ("2027-01-01",))
    report = await simulated(services, "home_loan", (section, section + later), on=date(2027, 1, 1))
    assert [each.becomes for each in report.flipped if each.case == two_cases[0]] == ["refer"]


async def test_groups_of_whoever_monitors_show_the_change_in_approval_rates(
    services: Services, two_cases: tuple[str, str]
) -> None:
    await copied(services, two_cases[0], 3)
    groups = {two_cases[0]: "a", f"{two_cases[0]}-1": "a", f"{two_cases[0]}-2": "b", two_cases[1]: "b"}
    report = await simulated(services, "home_loan", STRICT, groups=groups)
    (group,) = report.impact.groups
    assert (report.impact.reference, group.approved_was, group.approved_becomes) == ("a", 1, 0)
    assert (group.ratio_was_bps, group.below_four_fifths_was, report.impact.without_group) == (5000, True, 1)


async def test_risk_officers_simulate_over_http_and_nobody_else(
    services: Services, settings: Settings, clock: SetClock, two_cases: tuple[str, str]
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    body = {"source": candidate(services, "home_loan", STRICT)}
    report = (await front.ask("risk-officer", "POST", "/v1/policy/simulations", json=body)).json()
    assert (len(report["flipped"]), report["failed_examples"] != [], len(report["digest"])) == (1, True, 64)
    assert is_problem(
        await front.ask("advisor", "POST", "/v1/policy/simulations", json=body), 403, "forbidden"
    )
    broken = {"source": body["source"].replace("outcome: hold", "outcome: shrug")}
    assert is_problem(
        await front.ask("risk-officer", "POST", "/v1/policy/simulations", json=broken), 422, "bad_input"
    )
