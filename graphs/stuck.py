"""Cases that no runner can advance: nothing is dropped in silence, they become somebody's and are tried again.

Owns what becomes of a job that failed as often as it is tried, whatever the reason: a step that ends a case and has
no other way, a loop that reached its bound, a control that is missing. Part of every runner's sweep. Moves no case.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from audit.failures import CaseStuck
from checkpoints.database import Connection
from checkpoints.referrals import Referrals
from checkpoints.timers import Timers
from domain.case import ENDED, Case
from domain.errors import CountersignError, NotFound
from domain.referral import Referral
from graphs.services import Services
from policies.book import NOBODY_NAMED, ReferralRow

log = structlog.get_logger(__name__)
AGAIN = timedelta(hours=1)
BESIDE = "work that is no case's failed as often as it is tried; the log has the place"
ENDED_IS = (
    "the case has ended; that its record is stamped failed as often as it is tried; the log has the place"
)
GRACE = timedelta(hours=1)  # a case is opened with its first job; its fronts take moments
LOST = (
    "it had no job, no timer and no request; it was given a job: look whether it went on (countersign case)"
)
WHY = "no runner could advance it; whoever runs the system finds the reason in the log"


async def tell_of_stuck(here: Services, connection: Connection) -> list[str]:
    """Put each case whose job was given up before its owners, at once before those above, and wake it in an hour."""
    told = []
    for case_id in await here.jobs.given_up(connection):
        case = await _case(here, case_id)
        log.error("case_stuck", case_id=case_id)
        if case is not None and case.status not in ENDED:
            await _tell(here, connection, case)
            told.append(case_id)
        else:
            await here.incidents.open(
                connection, "job_given_up", case_id, BESIDE if case is None else ENDED_IS
            )
    return told


async def find_lost(here: Services, connection: Connection) -> list[str]:
    """Give a job to every case that nothing would ever move again, and tell operations; once while that is open."""
    found = []
    for case_id in await here.jobs.lost(connection, here.clock.now() - GRACE):
        if await here.incidents.open(connection, "case_lost", case_id, LOST):
            log.error("case_lost", case_id=case_id)
            await here.jobs.defer_advance(connection, case_id)
            found.append(case_id)
    return found


async def _tell(here: Services, connection: Connection, case: Case) -> None:
    row, now = await _row(here, case), here.clock.now()
    owners, due = (row.owner, row.escalates_to), now + timedelta(hours=row.due_hours)
    referral = Referral(
        case_id=case.id,
        kind="stuck",
        missing=(WHY,),
        owners=tuple(dict.fromkeys(owners)),
        escalates_to=row.escalates_to,
        opened_at=now,
        due_at=due,
    )
    again = now + AGAIN
    if not case.simulation:
        await Referrals.open(connection, referral)
    await Timers.set(connection, case.id, f"stuck/{again.isoformat()}", again)
    event = CaseStuck(owners=referral.owners, due_at=due.isoformat(), tried_again_at=again.isoformat())
    await here.ledger.append(connection, case.id, f"stuck/{now.isoformat()}", event)


async def _case(here: Services, case_id: str) -> Case | None:
    """Nothing for a job that is no case's, as the watch over models."""
    try:
        return await here.cases.get(case_id)
    except NotFound:
        return None


async def _row(here: Services, case: Case) -> ReferralRow:
    """Of the case's book; a book that cannot be read may be why it is stuck."""
    try:
        return (await here.books.pinned(case.policy_version)).rules.referral("stuck")
    except CountersignError:
        return NOBODY_NAMED
