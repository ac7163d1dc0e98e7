"""Weighs what keeps a case: its record classes under the duties of its own book and of the one in force now.

Owns the question when a case may be erased. Never erases: ``checkpoints/retention`` does, and refuses what changed
since. A duty that a book dropped still counts for cases pinned to it; one that a later book brought counts for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.retention import begun, classes_of
from checkpoints.retention import Weighed
from domain.case import Case
from domain.errors import Conflict
from domain.person import Person
from domain.retention import Begins
from graphs.services import Services
from policies.retention import Duty, Kept, erasable_from, kept, months_after

MOST = 200  # cases of one list


@dataclass(frozen=True, slots=True)
class Standing:
    """What keeps a case today.

    Args:
        case: which.
        events: how many its record had.
        held: its record classes with their longest duties.
        ended: when it ended; nothing while it has not.
        holds: legal holds in force over it.
        erasure: what was asked and done.
        readable: whether its key is there.
    """

    case: Case
    events: int
    held: tuple[Kept, ...]
    ended: date | None
    holds: tuple[dict[str, Any], ...]
    erasure: dict[str, Any] | None
    readable: bool

    @property
    def erasable_from(self) -> date | None:
        """The first day on which no duty keeps it; nothing while one has no end, or the case goes on."""
        return erasable_from(self.held) if self.ended else None

    def weighed(self, today: date) -> Weighed:
        """As the store takes it.

        Raises:
            Conflict: it is a copy, has not ended, has no key, or something keeps it still.
        """
        case = self.case.id
        if self.case.parent is not None:
            raise Conflict(
                f"{case} is a what-if copy", remedy=f"erase {self.case.parent}: its copies go with it"
            )
        if not self.readable:
            raise Conflict(f"{case} has no key any more")
        if self.ended is None:
            raise Conflict(f"{case} has not ended", remedy="settle it first; a referral too")
        day = self.erasable_from
        if day is None or day > today:
            why = "; ".join(
                f"{each.keeps}: {each.because}" for each in self.held if each.until in (None, day)
            )
            raise Conflict(f"{case} is kept {f'until {day}' if day else 'on'}: {why}")
        rows = tuple(f"{each.keeps}:{each.duty.id}" for each in self.held if each.duty)
        return Weighed(case, self.events, day, rows)


async def standing(here: Services, case_id: str) -> Standing:
    """What keeps this case; ``NotFound`` when there is none."""
    case = await here.cases.get(case_id)
    entries = await here.ledger.entries(case_id)
    since = begun(case.kind, entries)
    erasure = await here.retention.erasure(case_id)
    return Standing(
        case=case,
        events=len(entries),
        held=kept(await _duties(here, case), classes_of(case.kind, entries), since),
        ended=since.get(Begins.CASE_ENDED),
        holds=tuple(dict(row) for row in await here.retention.over(case_id)),
        erasure=dict(erasure) if erasure else None,
        readable=await here.retention.readable(case_id),
    )


async def due(here: Services, most: int = MOST) -> list[Standing]:
    """Cases that nothing but a person's word keeps, oldest first; those under hold too, which say so."""
    today = here.clock.now().date()
    books = await here.books.all()
    shortest = min((row.months for book in books for row in book.rules.retention), default=None)
    if shortest is None:
        return []
    found = [
        await standing(here, each) for each in await here.retention.candidates(_back(today, shortest), most)
    ]
    return [each for each in found if each.erasable_from and each.erasable_from <= today]


async def ask(here: Services, person: Person, case_id: str, reason: str) -> Standing:
    """Ask that a case be erased; how it stands then."""
    today = here.clock.now().date()
    await here.retention.ask(person, (await standing(here, case_id)).weighed(today), reason)
    return await standing(here, case_id)


async def erase(here: Services, person: Person, case_id: str) -> tuple[str, ...]:
    """Erase a case and its copies; those whose keys are gone. Weighed anew, whatever was weighed when it was asked."""
    today = here.clock.now().date()
    return await here.retention.erase(person, (await standing(here, case_id)).weighed(today))


async def _duties(here: Services, case: Case) -> tuple[Duty, ...]:
    pinned = await here.books.pinned(case.policy_version)
    live = await here.books.current(case.kind)
    return tuple(dict.fromkeys((*pinned.rules.retention, *live.rules.retention)))


def _back(day: date, months: int) -> date:
    return months_after(day, -months)
