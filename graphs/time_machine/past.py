"""The record of a case, gone through once more: each event that a step tells is held against the one on record.

What came from outside (people, records, rulings on their texts, timers) is done again where it stands in the record.
Owns which event is whose and what counts as the same; it never calls anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from agents.work import TOO_LATE
from audit.chain import Entry
from domain.canonical import canonical
from domain.case import CaseStatus
from domain.clock import SetClock, parse_time
from domain.errors import CountersignError, Divergence
from graphs.time_machine.record import CaseRecord

CASE = "case"  # the stream of the case graph itself; every other is an assignment's or a specialist's
ASSIGNMENT = re.compile(r"r\d+\.[a-z_]+(\.[a-z_]+)?(?=/)")
FROM_OUTSIDE = frozenset(
    {
        "approval_claimed",
        "approval_decided",
        "approval_escalated",
        "approval_expired",
        "approval_released",
        "attempt_refused",
        "case_stopped",
        "defect_reported",
        "effect_compensated",
        "unwinding_ended",
        "unwinding_started",
        "autonomy_lowered",
        "autonomy_raise_asked",
        "autonomy_raised",
        "case_erased",
        "case_forked",
        "case_migrated",
        "case_opened",
        "erasure_asked",
        "case_stuck",
        "golden_set_ran",
        "halting",
        "record_received",
        "referral_escalated",
        "referral_settled",
        "relationship_ended",
        "resuming",
        "text_quarantined",
        "timer_fired",
        "waiver_asked",
    }
)
"""Kinds that fronts, sweeps, people and cases that unwind this one tell; all others are told by its own steps."""
CALLS = ("tool_called", "guardrail_ruled", "call_refused")  # several of one turn are made at once
STOPPED = "case_stopped"
BROKE_OFF = ("specialist_broke_off", "specialist_fell_back")
READ = "clock_read"  # handed out as it was read, so there is nothing to compare
NOT_COMPARED = {  # stamps vouch for rows; the version of a guardrail may rise as long as it rules the same
    "guardrail_ruled": frozenset({"stamps", "version"}),
}
STAMPED = (
    "rows_stamped"  # the record vouching for itself, as stamps within other events do: no step tells of it
)
Again = Callable[[Entry], Awaitable[None]]


class RecordEnds(Divergence):
    """The case has not gone on from here yet: everything on record was told again."""


class Past:
    """One pass through a record."""

    def __init__(self, record: CaseRecord, clock: SetClock, again: Again) -> None:
        """``again`` does an event from outside once more."""
        asked = {each.id for each in record.requests}
        self.calls = {each.key: each for each in record.calls if each.case_id == record.case.id}
        self._clock = clock
        self._again = again
        self._told: dict[str, Entry] = {}
        self._waiting: dict[str, list[Entry]] = defaultdict(list)
        self._outside: list[tuple[int, Entry]] = []  # after how many told events it comes
        self.case_id = record.case.id
        stopped = False  # nothing is told by its own steps after that
        for entry in (each for each in _in_order(record) if each.kind != STAMPED):
            stopped |= entry.kind == STOPPED
            opened = entry.kind == "approval_opened" and entry.body["approval_id"] in asked
            if entry.kind in FROM_OUTSIDE or opened or stopped or _at_the_door(entry):
                self._outside.append((len(self._told), entry))
            else:
                self._told[entry.key] = entry
                self._waiting[stream_of(entry.key)].append(entry)
        self.met = 0
        self._ended = record.case.status in (CaseStatus.CLOSED, CaseStatus.REFERRED) and not stopped

    @property
    def streams(self) -> int:
        """How many streams the record has."""
        return len(self._waiting)

    def body(self, key: str) -> dict[str, Any] | None:
        """What the record says under a key, met already or not."""
        return self._told[key].body if key in self._told else None

    def coming(self, stream: str, kind: str = "") -> Iterator[Entry]:
        """What a stream still has to tell, in order; of one kind."""
        return (each for each in self._waiting[stream] if kind in ("", each.kind))

    async def begin(self) -> None:
        """What came before the first step."""
        await self._from_outside()

    def require_time(self, key: str) -> None:
        """Time runs out where it ran out then, which may be between any two events.

        Raises:
            CountersignError: on record this specialist was stopped here, before it told this event.
        """
        due = next(self.coming(stream_of(key)), None)
        if due is not None and due.key != key and self.is_late(stream_of(key)):
            raise CountersignError(str(due.body["reason"]))

    def is_late(self, stream: str) -> bool:
        """Whether what a specialist tells next is that its time ran out."""
        due = next(self.coming(stream), None)
        return due is not None and due.kind in BROKE_OFF and due.body["reason"].startswith(TOO_LATE)

    async def meet(self, key: str, kind: str, body: dict[str, Any]) -> None:
        """Take the event on record that this one repeats, then do what came next from outside.

        Raises:
            Divergence: there is none, another is due first, or it says something else.
            RecordEnds: there is none yet, the case is still on its way.
        """
        if self.met == len(self._told) and not self._ended:
            raise RecordEnds("the record ends here")
        entry = self._take(stream_of(key), key, kind)
        apart = NOT_COMPARED.get(kind, frozenset({"stamps"}))
        told, now = (
            {name: each for name, each in one.items() if name not in apart} for one in (entry.body, body)
        )
        if kind != READ and (differs := _first_difference(told, now)) is not None:
            raise _divergence(entry, *differs)
        self.met += 1
        self._clock.reach(parse_time(entry.at))
        await self._from_outside()

    def require_all_met(self) -> None:
        """``Divergence`` names the first event on record that was not told again."""
        missed = min((each for left in self._waiting.values() for each in left), key=_seq, default=None)
        if missed is not None:
            raise _divergence(missed, missed.kind, missed.body, None)

    def _take(self, stream: str, key: str, kind: str) -> Entry:
        waiting = self._waiting[stream]
        for place, entry in enumerate(waiting):
            if entry.key == key:
                return waiting.pop(place)
            if entry.kind not in CALLS:
                break
        due = waiting[0] if waiting else None
        if due is None:
            raise Divergence(
                f"{stream}: the replay tells {kind}, the record ends before it",
                stream=stream, field="kind", replayed=kind,
            )  # fmt: skip
        raise _divergence(due, "key", due.key, key)

    async def _from_outside(self) -> None:
        while self._outside and self._outside[0][0] <= self.met:
            _, entry = self._outside.pop(0)
            self._clock.reach(parse_time(entry.at))
            await self._again(entry)


def stream_of(key: str) -> str:
    """``r2.mortgage.income_verifier/finding/…`` → ``r2.mortgage.income_verifier``; the case's own is ``case``."""
    found = ASSIGNMENT.match(key)
    return found[0] if found else CASE


def _at_the_door(entry: Entry) -> bool:
    """Whether a guardrail ruled on what somebody outside wrote: when it came, or when a tool answered with it."""
    return entry.kind == "guardrail_ruled" and bool(entry.body["stage"] == "input")


def _in_order(record: CaseRecord) -> list[Entry]:
    """The case's events with those of operations among them, by time where the ledgers differ."""
    operations = [Entry(**each) for each in record.operations]
    entries: list[Entry] = []
    for entry in record.entries:
        while operations and operations[0].at <= entry.at:
            entries.append(operations.pop(0))
        entries.append(entry)
    return entries


def _first_difference(recorded: Any, replayed: Any, field: str = "") -> tuple[str, Any, Any] | None:
    """Where two bodies differ first, by field."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in [*recorded, *(each for each in replayed if each not in recorded)]:
            inner = f"{field}.{name}".lstrip(".")
            found = _first_difference(recorded.get(name), replayed.get(name), inner)
            if found is not None:
                return found
        return None
    return None if recorded == replayed else (field, recorded, replayed)


def _divergence(entry: Entry, field: str, recorded: Any, replayed: Any) -> Divergence:
    stream = stream_of(entry.key)
    was, came = _shown(recorded), _shown(replayed)
    return Divergence(
        f"{stream}, event {entry.seq} ({entry.kind}): {field} was {was} and comes out as {came}",
        stream=stream, sequence=entry.seq, kind=entry.kind, field=field, recorded=was, replayed=came,
    )  # fmt: skip


def _shown(value: Any) -> str:
    return "nothing" if value is None else canonical(value).decode()


def _seq(entry: Entry) -> int:
    return entry.seq
