"""Asks to raise a level: refused at once where it may not be asked, else a case that waits for another person.

Owns what may be asked by whom. Nothing is raised here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.events import AttemptRefused, CaseOpened
from audit.model_level import AutonomyRaiseAsked
from checkpoints.answers import require_reason
from checkpoints.autonomy import Place
from checkpoints.ledger import OPS
from domain.autonomy import Level, is_below
from domain.canonical import digest
from domain.case import Case, CaseStatus
from domain.errors import BadInput, Conflict, CountersignError, Forbidden
from domain.person import Person
from graphs.autonomy_raise.nodes import NAME, PRODUCT
from graphs.golden.sets import jobs_with_models
from graphs.services import Services
from policies.book import Book

KIND = "autonomy_raise"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which level somebody wants, and why."""

    place: Place
    to: Level
    reason: str


async def ask_raise(here: Services, person: Person, wish: Wish) -> Case:
    """Open the case; a refusal is recorded among operations.

    Raises:
        BadInput: there is no such specialist in the workflow, or the reason has no words.
        Forbidden: the person has no authority over levels, or the book gives no more than this.
        Conflict: the level is no lower than what is asked for, or this is a copy.
    """
    try:
        return await _opened(here, person, wish, await _permitted(here, person, wish))
    except CountersignError as error:
        key = f"raise/{wish.place}/{person.id}/{here.clock.now().isoformat()}"
        event = AttemptRefused(action="raise", target=str(wish.place), reason=error.message)
        await here.ledger.record(OPS, key, event, person.id)
        raise


async def require_place(here: Services, place: Place) -> Book:
    """The workflow's book; ``BadInput`` when it does not use this specialist, ``NotFound`` without such a book."""
    book = await here.books.current(place.workflow)
    used = jobs_with_models(book.rules)
    if place.specialist not in used:
        choice = ", ".join(used) or "nobody: it has no specialists"
        raise BadInput(
            f"{place.workflow} has no {place.specialist}", field="specialist", remedy=f"one of {choice}"
        )
    return book


async def _permitted(here: Services, person: Person, wish: Wish) -> dict[str, Any]:
    """The level as it stands, which is what both people are shown."""
    groups = (await here.books.current(KIND)).rules.boundaries[NAME].groups
    if not person.groups & set(groups):
        raise Forbidden(f"a level is raised by {' or '.join(groups)}")
    require_reason(wish.reason)
    most = (await require_place(here, wish.place)).rules.autonomy.of(wish.place.specialist)
    if is_below(most, wish.to):
        raise Forbidden(f"the book gives {wish.place} {most} and no more; another book is needed")
    if here.mode == "sandbox":
        raise Conflict("no level is moved in the sandbox")
    for row in await here.autonomy.moved():
        if (row["specialist"], row["workflow"]) == (wish.place.specialist, wish.place.workflow):
            if is_below(Level(row["level"]), wish.to):
                return row
            raise Conflict(f"{wish.place} stands at {row['level']} already")
    raise Conflict(f"{wish.place} was never lowered")


async def _opened(here: Services, person: Person, wish: Wish, stands: dict[str, Any]) -> Case:
    asked = {
        "specialist": wish.place.specialist,
        "workflow": wish.place.workflow,
        "from": stands["level"],
        "to": wish.to.value,
        "since": stands["since"].isoformat(),
        "lowered_because": stands["reason"],
        "lowered_by": stands["by"],
        "reason": wish.reason,
    }
    case = await _case(here, person, asked)
    opened = CaseOpened(
        case_kind=KIND,
        policy_version=case.policy_version,
        workflow=case.workflow,
        application_date=case.application_date.isoformat(),
        content_digest=case.content_digest,
    )
    told = {name: asked[name] for name in ("specialist", "workflow", "reason")}
    event = AutonomyRaiseAsked(**told, from_level=asked["from"], to_level=asked["to"], case=case.id)
    async with here.database.transaction() as connection:
        await here.vault.open_case(connection, case.id)
        await here.cases.insert(connection, case, asked)
        await here.ledger.append(connection, case.id, "intake", opened, person.id)
        await here.ledger.append(connection, OPS, case.id, event, person.id)
        await here.jobs.defer_advance(connection, case.id)
    return case


async def _case(here: Services, person: Person, asked: dict[str, Any]) -> Case:
    now = here.clock.now()
    return Case(
        id=f"{KIND}-{digest([person.id, now.isoformat(), asked])[:12]}",
        kind=KIND,
        status=CaseStatus.OPEN,
        policy_version=(await here.books.current(KIND)).version,
        workflow=here.workflows.newest(KIND).id,
        application_date=now.date(),
        opened_at=now,
        maker=person.id,
        product=PRODUCT,
        content_digest=digest(asked),
    )
