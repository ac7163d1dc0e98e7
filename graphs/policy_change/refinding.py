"""Finds again what a decided case knows that rests on parameters which another book has otherwise.

A case rests on what its tools and specialists declare to read, and the journal says which tools it asked. That work is
done again by the time machine: first under the case's own book, where it must give the findings on record, then under
the other one; what moves is carried into the work that rests on it, and on to the facts. The plan is the one that was
carried out. Never takes an old fact for a new one: what cannot be found again is said, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from agents.roster import ROSTER
from checkpoints.decided import DecidedCase, DecidedCases
from domain.assignment import Assignment
from domain.errors import BadInput, Conflict, Divergence, NotFound
from domain.finding import Fact
from graphs.policy_change.redeciding import Moved, Refound
from graphs.services import Services
from graphs.supervisor.state import KnownFact
from graphs.time_machine.record import CaseRecord, read_record
from graphs.time_machine.working_again import Anew, WorkAgain
from graphs.worker import HandOff
from policies.book import Book
from tools.catalog import TOOLS

Done = tuple[str, str]  # assignment and specialist
OPENING = (
    "r0."  # what a case asks by itself before its first plan: no finding shows it, so it is not found again
)


@dataclass(frozen=True, slots=True)
class Resting:
    """What of a case rests on parameters that differ.

    Args:
        parameters: those that its work read.
        done: the work that read them.
        tools: that read one of them.
    """

    parameters: frozenset[str]
    done: frozenset[Done]
    tools: frozenset[str]


@dataclass(frozen=True, slots=True)
class Books:
    """The case's own book and the other one, and the day on which the other is read."""

    own: Book
    other: Book
    day: date


def resting(case: DecidedCase, called: Mapping[str, frozenset[str]], changed: frozenset[str]) -> Resting:
    """What of a case rests on these parameters, by what its specialists and the tools that they asked declare."""
    asked_first = {
        (stream.rpartition(".")[0], "supervisor") for stream in called if stream.startswith(OPENING)
    }
    read: dict[Done, frozenset[str]] = {}
    for assignment, job in {*_work_of(case), *asked_first}:
        of = ROSTER.get(job)
        may_ask, limits = (frozenset(of.tools), of.limits) if of else (frozenset[str](), ())
        tools = (
            called.get(f"{assignment}.{job}", may_ask) & TOOLS.keys()
        )  # all it may ask, where no call is on record
        read[assignment, job] = changed & frozenset(limits).union(*(TOOLS[tool].parameters for tool in tools))
    return Resting(
        parameters=frozenset().union(*read.values()),
        done=frozenset(done for done, names in read.items() if names),
        tools=frozenset(name for name, tool in TOOLS.items() if tool.parameters & changed),
    )


async def refind(here: Services, case: DecidedCase, books: Books, rests: Resting) -> Refound:
    """The case under the other book, its work done again where it rests on what differs."""
    try:
        record = await read_record(here, case.id)
        given = await DecidedCases(here.database).assignments(case.id)
        again = await BothBooks.prepare(here, record, books, rests)
        return await again.through(case, [Assignment.model_validate(each) for each in given])
    except (Divergence, NotFound, Conflict, BadInput) as error:
        return Refound(case.state, not_refound=error.message)


class Works(Protocol):
    """One case under one book."""

    async def work(self, given: Assignment) -> dict[str, HandOff]:
        """What its specialists find on an assignment; ``Divergence`` where that cannot be said."""
        ...


@dataclass
class BothBooks:
    """One case, gone through assignment by assignment under both books."""

    own: Works
    other: Works
    rests: Resting

    @classmethod
    async def prepare(cls, here: Services, record: CaseRecord, books: Books, rests: Resting) -> BothBooks:
        """Both stages."""
        then = record.case.model_copy(
            update={"policy_version": books.other.version, "application_date": books.day}
        )
        elsewhere = record.model_copy(update={"case": then})
        return cls(
            await WorkAgain.prepare(record, Anew(here, books.own, rests.tools, exact=True)),
            await WorkAgain.prepare(elsewhere, Anew(here, books.other, rests.tools, exact=False)),
            rests,
        )

    async def through(self, case: DecidedCase, given: Iterable[Assignment]) -> Refound:
        """Every assignment whose work rests on what differs, or on a fact that moved by it."""
        on_record = {
            (each["finding"]["assignment"], each["finding"]["specialist"]): each for each in _kept(case)
        }
        moved: dict[str, Moved] = {}
        found: dict[Done, HandOff] = {}
        left = set(self.rests.done)
        for number, each in _by_round(given):
            now: dict[Done, HandOff] = {}
            for assignment in each:
                due = [done for done in on_record if done[0] == assignment.id and self._is_due(done, moved)]
                left -= set(due)
                if due:
                    now |= await self._worked(assignment, due, on_record, moved)
            for done in (done for done in on_record if done[0].partition(".")[0] == number):
                _move(moved, on_record[done], now.get(done, on_record[done]))
            found |= now
        if left:
            lost = ", ".join(sorted(".".join(done) for done in left))
            raise Divergence(f"what was asked for is not on record: {lost}", field="assignments")
        return carried(case, found)

    def _is_due(self, done: Done, moved: Mapping[str, Moved]) -> bool:
        return done in self.rests.done or bool(set(ROSTER[done[1]].needs) & set(moved))

    async def _worked(
        self,
        given: Assignment,
        due: list[Done],
        on_record: Mapping[Done, HandOff],
        moved: Mapping[str, Moved],
    ) -> dict[Done, HandOff]:
        then = await self.own.work(given)
        now = await self.other.work(given.model_copy(update={"inputs": _inputs(given.inputs, moved)}))
        found = {
            done: now[done[1]]
            for done, each in on_record.items()
            if done[0] == given.id and done[1] in now and now[done[1]]["finding"] != each["finding"]
        }
        for done in {*due, *found}:
            if done[1] not in then or then[done[1]]["finding"] != on_record[done]["finding"]:
                raise Divergence(f"{done[1]} finds otherwise now than it did then, under the same book")
        return found


def carried(case: DecidedCase, found: Mapping[Done, HandOff]) -> Refound:
    """The state with these findings in the place of those on record, and the facts that follow from them. Pure.

    Raises:
        Divergence: people settled something on what was found then, or other parties would have been looked into.
    """
    if not found:
        return Refound(case.state)
    facts: dict[str, KnownFact] = dict(case.state["facts"])
    before: dict[str, HandOff] = case.state.get("findings", {})
    after = {job: _instead(each, found) for job, each in before.items()}
    for job in (job for job in before if after[job] is not before[job]):
        _require_nobody_built_on_it(case, before[job]["finding"], after[job]["finding"])
        _replace(facts, before[job]["finding"], after[job]["finding"], _sources(before, job))
    earlier = [{**each, **_instead(each, found)} for each in case.state.get("superseded", ())]
    state = case.state | {"facts": facts, "findings": after, "superseded": earlier}
    return Refound(state, tuple(_moves(case.state["facts"], facts)))


def _require_nobody_built_on_it(case: DecidedCase, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    if old["parties"] != new["parties"]:
        raise Divergence(f"{new['specialist']} names other parties, and nobody looked into them")
    held = [[flag for flag in each["flags"] if flag["hold"]] for each in (old, new)]
    if case.state.get("reviewed") and held[0] != held[1]:
        raise Divergence(f"compliance decided on what {new['specialist']} found then")


def _replace(
    facts: dict[str, KnownFact], old: Mapping[str, Any], new: Mapping[str, Any], others: frozenset[str]
) -> None:
    """Figures of the old finding go, those of the new one come; a fact that a colleague gave stays."""
    was = {each["name"]: each for each in old["figures"]}
    becomes = {each["name"]: each for each in new["figures"]}
    for name in (*was, *(each for each in becomes if each not in was)):
        source = facts[name]["source"] if name in facts else None
        mine = source is None or (name in was and source == was[name]["source"])
        if not mine and source not in others and was.get(name) != becomes.get(name):
            raise Divergence(f"people settled {name} on what {new['specialist']} found then")
        if not mine:
            continue
        facts.pop(name, None)
        if name in becomes:
            each = becomes[name]
            facts[name] = KnownFact(value=each["value"], unit=each["unit"], source=each["source"])


def _sources(findings: Mapping[str, HandOff], but: str) -> frozenset[str]:
    return frozenset(
        each["source"]
        for job, hand_off in findings.items()
        if job != but
        for each in hand_off["finding"]["figures"]
    )


def _instead(each: HandOff, found: Mapping[Done, HandOff]) -> HandOff:
    return found.get((each["finding"]["assignment"], each["finding"]["specialist"]), each)


def _moves(before: Mapping[str, KnownFact], after: Mapping[str, KnownFact]) -> Iterator[Moved]:
    for name in sorted({*before, *after}):
        was, becomes = (each[name]["value"] if name in each else None for each in (before, after))
        if was != becomes:
            yield Moved(name, was, becomes)


def _move(moved: dict[str, Moved], old: HandOff, new: HandOff) -> None:
    """What later work takes for known: a figure that is found as it was then moves nothing any more."""
    was, becomes = ({each["name"]: each["value"] for each in one["finding"]["figures"]} for one in (old, new))
    for name in {*was, *becomes}:
        moved.pop(name, None)
        if was.get(name) != becomes.get(name):
            moved[name] = Moved(name, was.get(name), becomes.get(name))


def _inputs(inputs: Mapping[str, Fact], moved: Mapping[str, Moved]) -> dict[str, Fact]:
    """The facts that the work would have begun with; what people had settled meanwhile stays."""
    given = dict(inputs)
    for name, each in moved.items():
        if given.get(name) != each.was:
            continue
        given.pop(name, None)
        if each.becomes is not None:
            given[name] = each.becomes
    return given


def _by_round(given: Iterable[Assignment]) -> Iterator[tuple[str, list[Assignment]]]:
    rounds: dict[str, list[Assignment]] = {}
    for each in given:
        rounds.setdefault(each.id.partition(".")[0], []).append(each)
    yield from rounds.items()


def _kept(case: DecidedCase) -> list[HandOff]:
    """Newest findings and those that do not count any more, but show."""
    return [*case.state.get("superseded", ()), *case.state.get("findings", {}).values()]


def _work_of(case: DecidedCase) -> Iterator[Done]:
    for each in _kept(case):
        yield each["finding"]["assignment"], each["finding"]["specialist"]
