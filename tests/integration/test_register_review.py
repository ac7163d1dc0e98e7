"""A HMDA register as one governed case: reviewed, asked about once, and never followed by an effect."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.demo.identities import ensure_demo
from api.http.app import create_app
from api.intake import Submission, parse_register_file, submit
from api.settings import Settings
from checkpoints.escalation import Escalation
from checkpoints.ledger import OPS
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Conflict, Forbidden
from domain.finding import Fact
from domain.person import Person
from graphs.services import Services
from graphs.time_machine import fork, history
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, kinds, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import COMPLIANCE, SECOND_COMPLIANCE, UNDERWRITER
from tests.fakes.registers import changed, synthetic
from tests.integration.test_identity import dump

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HMDA = SHARED / "data" / "mortgage" / "hmda-lar"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
FILES = ("Bank0_clean_100_rows_2024_annual.txt", "clean_file_1000_rows_Bank0_2020.txt",
         "clean_file_1k_rows_Bank0_syntax_validity.txt")  # fmt: skip
EDIT_TESTS = ("Bank 1_2024 V662-1.txt", "Bank 1_2024 v720-1.txt", "Bank.1_2024.V660.txt", "trigger_Q600.txt")
FAULTY = changed(
    3, denial_1="3", loan_type="9"
)  # a reason that is not specific, and a code that is not listed


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock)), settings)


def register(name: str) -> bytes:
    return next(HMDA.rglob(name)).read_bytes()


def facts(name: str) -> dict[str, Any]:
    return dict(json.loads((SHARED / "facts" / name).read_text()))


async def handed_in(services: Services, content: bytes, maker: Person = COMPLIANCE, key: str = "key") -> str:
    application = parse_register_file(content, "register.txt", services.clock.now().date())
    case_id = (await submit(services, maker, Submission(application, key))).id
    await advance(services, case_id)
    return case_id


async def sent(front: Front, content: bytes, key: str = "key", **headers: str) -> httpx.Response:
    headers = {"idempotency-key": key, "content-type": "text/plain", "x-file-name": "register.txt", **headers}
    return await front.ask("compliance-1", "POST", "/v1/registers", content=content, headers=headers)


async def reviewed(front: Front, services: Services, name: str) -> tuple[dict[str, Any], str]:
    opened = await sent(front, register(name), **{"x-file-name": name})
    await advance(services, opened.json()["id"])
    answer = await front.ask("auditor", "GET", f"/v1/cases/{opened.json()['id']}/review")
    return answer.json(), opened.json()["id"]


async def test_register_without_exceptions_closes_by_itself_as_clean(services: Services) -> None:
    case_id = await handed_in(services, synthetic())
    case = await services.cases.get(case_id)
    assert (case.kind, case.status, case.outcome) == ("lar_review", CaseStatus.CLOSED, "clean")
    beside = {"guardrail_ruled", "rows_stamped"}
    assert [each for each in await kinds(services, case_id) if each not in beside] == [
        "case_opened", "tool_called", "decision_reached", "case_closed"
    ]  # fmt: skip
    assert (await services.ledger.verify(case_id)).verified


async def test_all_exceptions_of_a_register_come_in_one_request(services: Services) -> None:
    request = await pending(services, await handed_in(services, FAULTY))
    assert (request.boundary, request.candidate_groups) == ("exceptions", ("compliance", "chief_compliance"))
    told = [line.split(":")[0] for line in request.packet.exceptions]
    assert told == ["validity V611", "notice notices_to_complete"]
    assert (request.actions, request.on_reject, request.on_override) == ((), (), ())


@pytest.mark.parametrize(
    ("verb", "outcome"), [(Verb.APPROVE, "accepted"), (Verb.REJECT, "rejected"), (Verb.RETURN, "returned")]
)
async def test_compliance_answers_once_and_nothing_happens_outside(
    services: Services, bank: RunningBank, verb: Verb, outcome: str
) -> None:
    case_id = await handed_in(services, FAULTY)
    await decide(services, SECOND_COMPLIANCE, await pending(services, case_id), verb)
    await advance(services, case_id)
    case = await services.cases.get(case_id)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, outcome)
    assert await services.outbox.of_case(case_id) == []
    assert [bank.counts()[done] for done in ("loans_booked", "amendments_applied")] == [0, 0]


async def test_who_handed_a_register_in_cannot_accept_its_exceptions(services: Services) -> None:
    request = await pending(services, await handed_in(services, FAULTY))
    with pytest.raises(Forbidden, match="maker"):
        await decide(services, COMPLIANCE, request)


async def test_what_if_copy_of_a_review_is_decided_anew_and_asks_nobody(services: Services) -> None:
    case_id = await handed_in(services, FAULTY)
    told = [moment.done for moment in await history(services, case_id)]
    number = told.index("The register was reviewed") + 1
    changes: dict[str, Fact] = {"filing_blocked": False, "notices_to_complete": 0}
    copy = await fork(services, COMPLIANCE, case_id, number, changes)
    await advance(services, copy.id)
    assert (await services.cases.get(copy.id)).outcome == "clean"


async def test_nobody_outside_compliance_sees_the_request_or_the_review(
    services: Services, front: Front
) -> None:
    case_id = await handed_in(services, FAULTY)
    assert await services.desk.inbox(UNDERWRITER) == []
    answer = await front.ask("underwriter-1", "GET", f"/v1/cases/{case_id}/review")
    assert is_problem(answer, 404, "not_found")


async def test_register_nobody_answers_for_leaves_the_automatic_path(
    services: Services, clock: SetClock
) -> None:
    case_id = await handed_in(services, FAULTY)
    for _ in range(2):
        clock.forward(timedelta(hours=73))
        async with services.database.transaction() as connection:
            await Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents).sweep(
                connection
            )
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED


async def test_nothing_of_the_register_stands_outside_vault_and_journal(services: Services) -> None:
    await handed_in(services, FAULTY)
    everything = (await dump(services)).upper()
    secrets = (
        "SYNTHETIC WAY",
        "SYNTHETIC ETHNICITY TEXT",
        "SYNTHETIC RACE TEXT",
        "LOAN000342",
        "555-555-0100",
    )
    hexed = {secret: secret.encode().hex().upper() for secret in secrets}
    assert "NOTICES_TO_COMPLETE" in everything
    assert "FEMALE_OVER_MALE" not in everything
    assert [each for each in secrets if each in everything or hexed[each] in everything] == []


async def test_same_file_again_is_the_same_case_and_another_file_a_conflict(
    services: Services, clock: SetClock
) -> None:
    first = await handed_in(services, synthetic())
    clock.forward(timedelta(days=1))
    assert await handed_in(services, synthetic()) == first
    with pytest.raises(Conflict):
        await handed_in(services, FAULTY)


@pytest.mark.parametrize(
    ("content", "row", "field"),
    [
        (synthetic()[:-40], 9, None),
        (changed(2, city="Demo Cité").decode().encode("latin-1"), 3, "city"),
        (synthetic().decode().encode("utf-16"), 1, "record_id"),
        (b"", 1, "record_id"),
        (synthetic().replace(b"Demo City|IA", b"Demo|City|IA", 2), 1, None),
    ],
    ids=["truncated", "latin-1", "utf-16", "empty", "extra field"],
)
async def test_file_that_cannot_be_read_is_refused_with_its_place_and_leaves_nothing_behind(
    services: Services, front: Front, content: bytes, row: int, field: str | None
) -> None:
    answer = await sent(front, content)
    assert is_problem(answer, 422, "bad_input")
    told = answer.json()
    assert (told["file"], told["row"], told["field"]) == ("register.txt", row, field or told["field"])
    assert told["remedy"]
    for table in ("cases", "case_keys", "vault", "blind_index", "journal"):
        assert await services.database.rows(f"select 1 from countersign.{table}") == []
    told_of = await services.database.rows("select distinct stream from countersign.ledger")
    assert {each["stream"] for each in told_of} == {OPS}  # books, since the first start


async def test_register_is_opened_once_over_http(front: Front) -> None:
    first, again = await sent(front, synthetic()), await sent(front, synthetic())
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    assert first.headers["location"] == f"/v1/cases/{first.json()['id']}"
    assert is_problem(await sent(front, FAULTY), 409, "conflict")
    assert (
        await sent(front, synthetic(), "other", **{"content-type": "application/json"})
    ).status_code == 415


async def test_register_cannot_be_handed_in_by_just_anybody_or_as_an_application(front: Front) -> None:
    headers = {"idempotency-key": "key", "content-type": "text/plain"}
    refused = await front.ask("underwriter-1", "POST", "/v1/registers", content=synthetic(), headers=headers)
    assert is_problem(refused, 403, "forbidden")
    body = {
        "application": {
            "kind": "lar_review",
            "application_date": "2026-03-02",
            "file": "x",
            "register_text": "x",
        }
    }
    assert is_problem(await front.open(body), 422, "bad_input")


async def test_review_of_a_case_that_is_none_or_not_reviewed_yet_is_not_found(front: Front) -> None:
    opened = await sent(front, synthetic())
    answer = await front.ask("compliance-1", "GET", f"/v1/cases/{opened.json()['id']}/review")
    assert is_problem(answer, 404, "not_found")


@needs_shared
@pytest.mark.parametrize("name", FILES)
async def test_review_of_a_real_register_is_the_published_one(
    front: Front, services: Services, name: str
) -> None:
    found, case_id = await reviewed(front, services, name)
    published, lar = facts("hmda_review.json")[name], facts("hmda_lar.json")[name]
    impact, amount = lar.pop("adverse_impact_sex(1=male,2=female)"), lar.pop("sum_loan_amount")
    assert found["report"]["review"] == published
    assert found["report"]["register"] == {**lar, "sum_loan_amount_cents": amount * 100}
    assert len(found["notices"]) == published["adverse_action_notices"]
    ratio = found["report"]["monitoring"].get("female_over_male_bps")
    assert ratio is None or Decimal(ratio) / 10_000 == Decimal(str(impact["AIR_female_vs_male"]))
    assert (ratio is None) == (not impact)
    assert (await services.cases.get(case_id)).outcome == ("clean" if name == FILES[0] else None)


@needs_shared
@pytest.mark.parametrize("name", EDIT_TESTS)
async def test_published_failing_register_shows_its_edit_and_waits_for_a_person(
    front: Front, services: Services, name: str
) -> None:
    found, case_id = await reviewed(front, services, name)
    (case,) = [each for each in facts("hmda_edits.json")["cases"] if each["file"] == name]
    rows = [failed["row"] for failed in found["report"]["edits"] if failed["edit"] == case["edit"]]
    assert rows
    assert case.get("row", rows[0]) in rows
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_PERSON


@needs_shared
async def test_published_register_with_a_field_too_many_is_refused_at_intake(
    front: Front, services: Services
) -> None:
    answer = await sent(front, register("pipe_file_10_rows_bank0.txt"))
    assert is_problem(answer, 422, "bad_input")
    assert answer.json()["row"] > 1
    assert await services.cases.newest() == []
