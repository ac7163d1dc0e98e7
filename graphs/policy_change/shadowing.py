"""Runs a candidate book beside the live one on new cases, without influence: it reads what was decided and counts.

Owns starting, stopping and the comparison of each new decision. It happens after the decision, in a sweep, on what
was recorded: no step of a case knows of it, waits for it or can fail by it. What rests on parameters that the
candidate has otherwise is found again first, or the decision is not compared.
"""

from __future__ import annotations

from datetime import datetime

from audit.policy import ShadowCompared, ShadowEnded, ShadowStarted
from checkpoints.answers import require_reason
from checkpoints.decided import Asked, DecidedCases
from checkpoints.ledger import OPS
from checkpoints.shadows import Seen, Shadow, Shadows
from domain.canonical import digest
from domain.person import Person
from graphs.policy_change.comparing import Against, Comparing
from graphs.policy_change.proposing import require_proposer
from graphs.policy_change.redeciding import Result
from graphs.services import Services
from policies.book import Book
from policies.loader import parse_book

MOST = 500  # decisions that one sweep compares of one shadow


async def start(here: Services, person: Person, candidate: Book, reason: str) -> Shadow:
    """Let a candidate run beside the live book from now on; one of a kind at a time.

    Raises:
        BadInput: no reason.
        Forbidden: the person may not propose changes of policy.
        Conflict: another of its kind runs.
    """
    await require_proposer(here, person)
    require_reason(reason)
    now = here.clock.now()
    shadow = Shadow(
        id=f"shadow-{digest([candidate.version, now.isoformat()])[:12]}",
        kind=candidate.rules.kind,
        version=candidate.version,
        source=candidate.source,
        started_at=now,
    )
    async with here.database.transaction() as connection:
        await Shadows.start(connection, shadow, reason, person.id)
        event = ShadowStarted(book=shadow.kind, version=shadow.version, shadow=shadow.id, reason=reason)
        await here.ledger.append(connection, OPS, shadow.id, event, person.id)
    return shadow


async def stop(here: Services, person: Person, shadow_id: str) -> None:
    """Let it run no more; ``Forbidden`` for others than who may propose, ``NotFound`` when it does not run."""
    await require_proposer(here, person)
    async with here.database.transaction() as connection:
        await Shadows.stop(connection, shadow_id, person.id, here.clock.now())
        await here.ledger.append(connection, OPS, shadow_id, ShadowEnded(shadow=shadow_id), person.id)


async def compare_new(here: Services) -> int:
    """Compare decisions of cases opened since each shadow started; how many. Once per decision, in any process."""
    shadows, compared = Shadows(here.database), 0
    for shadow in await shadows.running():
        asked = Asked(shadow.kind, MOST, shadow.started_at, shadow.id)
        comparing = Comparing(here, Against(parse_book(shadow.source, shadow.version)))
        async for page in DecidedCases(here.database).pages(asked):
            seen = [_seen(shadow, each, here.clock.now()) for each in await comparing.page(page)]
            await _kept(here, shadow, seen)
            compared += len(seen)
    return compared


async def _kept(here: Services, shadow: Shadow, seen: list[Seen]) -> None:
    """With the event that vouches for each row."""
    async with here.database.transaction() as connection:
        stamps = await Shadows.keep(connection, seen)
        if stamps:  # another process may have compared all of them meanwhile
            event = ShadowCompared(shadow=shadow.id, decisions=len(stamps), stamps=stamps)
            key = f"{shadow.id}/{digest(sorted(stamps))[:12]}"
            await here.ledger.append(connection, OPS, key, event)


def _seen(shadow: Shadow, result: Result, at: datetime) -> Seen:
    case, found = result.case, result.found
    seen = Seen(shadow_id=shadow.id, case_id=case.id, decision=case.decision, seen_at=at)
    if isinstance(found, str):
        return seen.model_copy(update={"reason": found})
    other = found.other_terms or found.authority_was != found.authority_becomes
    return seen.model_copy(
        update={
            "live": found.was.value,
            "shadow": found.becomes.value,
            "rows": tuple(row.row for row in found.rows),
            "other": other and not found.flipped,
        }
    )
