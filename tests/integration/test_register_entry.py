"""A closed home loan leaves one valid row of the loan application register, and only one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import Story, routine
from api.http.app import create_app
from api.intake import Submission, parse_register_file, submit
from api.register_file import RegisterFile, write_register
from api.settings import Settings
from checkpoints.lease import take
from checkpoints.ledger import OPS
from checkpoints.register import entries_of
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Refused
from graphs.mandates import for_effects
from graphs.services import Services
from graphs.time_machine import fork, history
from graphs.worker import book_of
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, key_destroyed, opened, pending
from tests.fakes.database_text import dump
from tests.fakes.front import Front, is_problem
from tests.fakes.people import ADVISOR, COMPLIANCE, UNDERWRITER
from tests.integration.test_crash import crash_through
from tools.hmda.check_digit import is_valid_uli

ADDRESS = "1 Example Street, Demo City, IA 50309"  # of the story
FILED = "|1 Example Street|Demo City|IA|50309|19153|"


def in_debt(today: date) -> Story:
    """A known customer whose debts leave too little."""
    story = routine(today)
    records = tuple(
        each | {"monthly_debts_cents": 400_000} if each["kind"] == "bureau_file" else each
        for each in story.records
    )
    return replace(story, records=records)


async def ended(
    services: Services,
    clock: SetClock,
    story: Any = routine,
    verb: Verb = Verb.APPROVE,
    code: str | None = None,
) -> str:
    case_id = await opened(services, story(clock.now().date()), story.__name__)
    await decide(services, UNDERWRITER, await pending(services, case_id), verb, code)
    await advance(services, case_id)
    return case_id


async def entry(services: Services) -> dict[str, str]:
    (row,) = await entries_of(services.database, 2026)
    return dict(row["entry"])


async def written(services: Services) -> RegisterFile:
    return await write_register(services, 2026, COMPLIANCE)


async def test_booked_loan_leaves_one_row_that_meets_every_edit(services: Services, clock: SetClock) -> None:
    case_id = await ended(services, clock)
    await advance(services, case_id)
    row, file = await entry(services), await written(services)
    assert (row["action_taken"], row["action_date"], row["hoepa"]) == ("1", "20260302", "2")
    assert (row["loan_amount"], row["interest_rate"], row["denial_1"]) == ("328000", "6.12", "10")
    assert is_valid_uli(row["uli"])
    assert (file.rows, file.failed_edits, file.without_address) == (1, (), ())


async def test_declined_loan_leaves_one_row_with_the_reason_really_used(
    services: Services, clock: SetClock
) -> None:
    await ended(services, clock, in_debt)
    row, file = await entry(services), await written(services)
    assert (row["action_taken"], row["denial_1"], row["denial_2"]) == ("3", "1", "")
    assert (row["interest_rate"], row["rate_spread"], row["hoepa"]) == ("NA", "NA", "3")
    assert file.failed_edits == ()


@pytest.mark.parametrize(
    ("code", "filed", "explained"), [("collateral", "4", ""), (None, "9", "read and agreed")]
)
async def test_rejected_offer_is_filed_as_denied_for_the_approvers_reason(
    services: Services, clock: SetClock, code: str | None, filed: str, explained: str
) -> None:
    await ended(services, clock, verb=Verb.REJECT, code=code)
    row = await entry(services)
    assert (row["action_taken"], row["denial_1"], row["denial_code_9"]) == ("3", filed, explained)


@pytest.mark.parametrize("story", [routine, in_debt])
async def test_settlement_killed_anywhere_leaves_exactly_one_row(
    services: Services, settings: Settings, bank: RunningBank, clock: SetClock, story: Any
) -> None:
    case_id = await opened(services, story(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    assert await crash_through(settings, bank, case_id, clock, step=2) >= 3
    assert [row["case_id"] for row in await entries_of(services.database, 2026)] == [case_id]


async def test_what_if_copy_leaves_no_row(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    moment = len(await history(services, case_id))
    copy = await fork(services, ADVISOR, case_id, moment, {"credit_score": 700})
    await advance(services, copy.id)
    simulated = (await services.desk.of_case(copy.id))[-1]
    assert "register_entry" in [action.name for action in simulated.actions]
    lease, book = await take(services.database, copy.id, "test", clock), await book_of(copy.id)
    mandate = for_effects(book, book.rules)
    with pytest.raises(Refused, match="simulation"):
        await services.outbox.perform(lease, "settle/2", simulated.actions[-1], simulated.id, mandate)
    assert await entries_of(services.database, 2026) == []


async def test_file_of_a_year_is_handed_in_and_found_clean(services: Services, clock: SetClock) -> None:
    await ended(services, clock)
    await ended(services, clock, in_debt)
    text = (await written(services)).text
    application = parse_register_file(text.encode(), "register_2026.txt", clock.now().date())
    case_id = (await submit(services, COMPLIANCE, Submission(application, "register"))).id
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "clean"


async def test_row_holds_no_identity_and_the_file_has_it_from_the_vault(
    services: Services, clock: SetClock
) -> None:
    case_id = await ended(services, clock)
    assert ADDRESS not in json.dumps(await entry(services))
    assert FILED in (await written(services)).text
    assert ADDRESS not in await dump(services)
    await key_destroyed(services, case_id)
    after = await written(services)
    assert FILED not in after.text
    assert (len(after.without_address), after.failed_edits) == (1, ())


async def test_who_took_a_register_away_is_recorded_and_only_compliance_and_auditors_may(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    assert is_problem(await front.ask("compliance-1", "GET", "/v1/registers/2026"), 404, "not_found")
    await ended(services, clock)
    answer = await front.ask("compliance-1", "GET", "/v1/registers/2026")
    assert (answer.status_code, answer.json()["rows"]) == (200, 1)
    assert is_problem(await front.ask("advisor", "GET", "/v1/registers/2026"), 403, "forbidden")
    (event,) = [each for each in await services.ledger.entries(OPS) if each.kind == "register_written"]
    assert (event.actor, event.body["sha256"]) == ("demo-compliance-1", answer.json()["sha256"])


async def test_how_groups_fared_is_read_by_those_who_monitor_and_on_record(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    await ended(services, clock)
    path = "/v1/registers/2026/fair-lending"
    assert is_problem(await front.ask("advisor", "GET", path), 403, "forbidden")
    found = (await front.ask("model-risk", "GET", path)).json()
    assert (found["label"], found["rows"]) == (
        "monitoring metric, not a legal test and not an input to any decision",
        1,
    )
    (age,) = [each for each in found["groups"] if each["attribute"] == "age"]
    assert (age["reference_approved"], age["reference_decided"], age["ratio_bps"]) == (1, 1, None)
    (event,) = [each for each in await services.ledger.entries(OPS) if each.kind == "groups_compared"]
    assert (event.actor, event.body) == ("demo-model-risk", {"year": 2026, "rows": 1})
