"""What tests do with cases: open a story, move it, decide it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.demo.stories import Story
from api.intake import Submission, parse_application, parse_record, receive_record, submit
from checkpoints.answers import Answer
from checkpoints.retention import SQL as RETENTION
from domain.approval import ApprovalRequest
from domain.clock import SetClock
from domain.decision import Verb
from domain.person import Person
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.people import ADVISOR


async def open_story(services: Services, story: Story, key: str = "key", maker: Person = ADVISOR) -> str:
    """Submit a story; its case id."""
    records = tuple(parse_record(record) for record in story.records)
    return (await submit(services, maker, Submission(parse_application(story.application), key, records))).id


async def advance(services: Services, case_id: str) -> None:
    """Move a case as far as it goes."""
    await Runner(services, "test-runner").advance(case_id)


async def opened(services: Services, story: Story, key: str = "key") -> str:
    """Submit a story and move it to its first stop."""
    case_id = await open_story(services, story, key)
    await advance(services, case_id)
    return case_id


async def pending(services: Services, case_id: str) -> ApprovalRequest:
    """The one request of a case that waits."""
    (request,) = [each for each in await services.desk.of_case(case_id) if each.status == "pending"]
    return request


async def decide(
    services: Services,
    person: Person,
    request: ApprovalRequest,
    verb: Verb = Verb.APPROVE,
    code: str | None = None,
) -> ApprovalRequest:
    """One person's decision with a reason."""
    return await services.desk.decide(
        person, request.id, Answer(verb, "read and agreed", request.digest, code)
    )


async def kinds(services: Services, case_id: str) -> list[str]:
    """Kinds of event of a case, in order."""
    return [entry.kind for entry in await services.ledger.entries(case_id)]


async def bodies(services: Services, case_id: str, kind: str) -> list[dict[str, Any]]:
    """What the events of one kind say, in order."""
    return [entry.body for entry in await services.ledger.entries(case_id) if entry.kind == kind]


async def time_passes(services: Services, clock: SetClock, days: int) -> None:
    """Days go by, and timers that are due wake their cases."""
    clock.forward(timedelta(days=days))
    async with services.database.transaction() as connection:
        woken = await services.timers.fire(connection, clock.now())
    for case_id in woken:
        await advance(services, case_id)


async def deliver(services: Services, case_id: str, record: dict[str, Any], event: str) -> bool:
    """A source record arrives."""
    return await receive_record(services, case_id, parse_record(record), event)


def confirmed(clock: SetClock, code: str) -> dict[str, Any]:
    """A system of record says that a condition is met."""
    day = clock.now().date().isoformat()
    return {"kind": "condition_met", "condition": code, "confirmed_on": day, "evidence": "POLICY-77"}


def without(story: Story, kind: str) -> Story:
    """The story with one kind of record missing."""
    return replace(story, records=tuple(each for each in story.records if each["kind"] != kind))


def only(story: Story, kind: str) -> dict[str, Any]:
    """The one record of a kind."""
    (record,) = [each for each in story.records if each["kind"] == kind]
    return record


def asking(story: Story, **changes: Any) -> Story:
    """The story with another application."""
    return replace(story, application={**story.application, **changes})


async def key_destroyed(services: Services, case_id: str) -> None:
    """The key of a case is gone, whoever was asked: what ``checkpoints/retention`` does when nothing forbids it."""
    async with services.database.transaction() as connection:
        await connection.execute(RETENTION["destroy_keys"], ([case_id],))
