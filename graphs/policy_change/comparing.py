"""Compares a page of decided cases with what another book would have concluded; simulations and shadows alike.

Owns which cases can be decided on what is on record, and which must be found again first. Writes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from checkpoints.decided import DecidedCase, DecidedCases
from domain.errors import InvalidPolicy
from graphs.policy_change.redeciding import NOT_REFOUND, Compared, Refound, Result, redecide
from graphs.policy_change.refinding import Books, Resting, refind, resting
from graphs.services import Services
from policies.book import Book, InForce


@dataclass(frozen=True, slots=True)
class Against:
    """The other book, and one day for all cases, else each keeps its own."""

    book: Book
    on: date | None = None


@dataclass(frozen=True, slots=True)
class _Both:
    """What is in force for one case under its own book and under the other."""

    own: Book
    before: InForce
    after: InForce
    day: date

    @property
    def changed(self) -> frozenset[str]:
        """Parameters that are not the same."""
        was, becomes = self.before.parameters, self.after.parameters
        return frozenset(name for name in {*was, *becomes} if was.get(name) != becomes.get(name))


@dataclass
class Comparing:
    """One run over many pages; remembers what it read of books."""

    here: Services
    against: Against
    _read: dict[tuple[str, date], _Both | str] = field(default_factory=dict)

    async def page(self, cases: Sequence[DecidedCase]) -> list[Result]:
        """Every case of a page, beside the event loop but for what is found again.

        Raises:
            InvalidPolicy: the other book has no rules for the day that was asked for.
        """
        both = {case.id: await self._both(case) for case in cases}
        rests = await self._resting(cases, both)
        results = await asyncio.to_thread(lambda: [_compared(case, both[case.id]) for case in cases])
        return [
            await self._again(each, both[each.case.id], rests[each.case.id])
            if each.case.id in rests and isinstance(each.found, Compared)
            else each
            for each in results
        ]

    async def _again(self, first: Result, both: _Both | str, rests: Resting) -> Result:
        """The same on what the case would have known."""
        if isinstance(both, str):
            return first
        await asyncio.sleep(0)  # others get their turn
        found = await refind(self.here, first.case, Books(both.own, self.against.book, both.day), rests)
        return Result(first.case, _decided_on(first.case, both, found), rests.parameters)

    async def _resting(
        self, cases: Sequence[DecidedCase], both: dict[str, _Both | str]
    ) -> dict[str, Resting]:
        changed = {case: each.changed for case, each in both.items() if not isinstance(each, str)}
        maybe = [case for case in cases if changed.get(case.id)]
        called = (
            await DecidedCases(self.here.database).tools_called([each.id for each in maybe]) if maybe else {}
        )
        rests = {each.id: resting(each, called.get(each.id, {}), changed[each.id]) for each in maybe}
        return {case: each for case, each in rests.items() if each.done}

    async def _both(self, case: DecidedCase) -> _Both | str:
        place = (case.policy_version, case.application_date)
        if place not in self._read:
            own = await self.here.books.pinned(case.policy_version)
            self._read[place] = self._in_force(own, case.application_date)
        return self._read[place]

    def _in_force(self, own: Book, applied: date) -> _Both | str:
        day = self.against.on or applied
        try:
            after = self.against.book.on(day)
        except InvalidPolicy as error:
            if self.against.on is not None:
                raise
            return f"the candidate does not cover its day: {error.message}"
        return _Both(own, own.on(applied), after, day)


def _compared(case: DecidedCase, both: _Both | str) -> Result:
    if isinstance(both, str):
        return Result(case, both)
    return Result(case, redecide(case, both.before, both.after))


def _decided_on(case: DecidedCase, both: _Both, found: Refound) -> Compared | str:
    if found.not_refound:
        return f"{NOT_REFOUND}{found.not_refound}"
    return redecide(case, both.before, both.after, found)
