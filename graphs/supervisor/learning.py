"""What a round's findings change: facts, findings that do not count any more, parties, facts known no more. Pure.

Nothing is overwritten unseen: an earlier finding stays among the superseded, with the cause. A re-check that
does not establish a fact again makes it unknown. Facts that a what-if copy supposes are left as supposed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.contract import Specialist
from audit.events import Event
from audit.supervision import FactsReopened, FindingSuperseded, PartyFound
from domain.assignment import Cause
from domain.canonical import digest
from domain.finding import Finding
from graphs.supervisor.dissent import ABOUT_THE_SAME
from graphs.supervisor.reopening import Reopened, by_jobs, for_fact, for_party, moved
from graphs.supervisor.state import WHAT_IF, CaseState, KnownFact, KnownParty, Outlived
from graphs.worker import HandOff


@dataclass(frozen=True, slots=True)
class Learnt:
    """What to write into the state, and what to tell the ledger under which key."""

    update: dict[str, Any]
    events: tuple[tuple[str, Event], ...]


def learn(state: CaseState, taken: Mapping[str, HandOff], jobs: Sequence[Specialist]) -> Learnt:
    """Take a round's findings into a case; ``jobs`` are the specialists whom its book uses."""
    round_ = _Round(state, jobs)
    for job, hand_off in taken.items():
        round_.take(job, hand_off)
    before = {name: each["value"] for name, each in state["facts"].items()}
    after = {name: each["value"] for name, each in round_.facts.items()}
    for fact in (*moved(before, after), *(name for name in before if name not in after)):
        round_.reopen(for_fact(jobs, fact, round_.beside(fact, taken)))
    for hand_off in taken.values():
        round_.meet(Finding.model_validate(hand_off["finding"]))
    return Learnt(round_.update(), tuple(round_.events))


def look_again(
    state: CaseState, jobs: Sequence[Specialist], readers: Mapping[str, Collection[str]]
) -> Learnt:
    """Records of these kinds came: what their readers found, and what rests on it, is found out again."""
    round_ = _Round(state, jobs)
    for kind, due in sorted(readers.items()):
        round_.reopen(by_jobs(jobs, due, Cause(kind="record_arrived", what=kind)))
    return Learnt(round_.update(), tuple(round_.events))


def tried_again(state: CaseState, jobs: Sequence[Specialist], failed: Mapping[str, str]) -> Learnt:
    """People sent work back that had failed: it is tried again. ``failed``: specialist and what it left unknown."""
    round_ = _Round(state, jobs)
    for job, fact in failed.items():
        round_.reopen(by_jobs(jobs, (job,), Cause(kind="unknown_fact", what=fact)))
    return Learnt(round_.update(), tuple(round_.events))


def settled(state: CaseState, jobs: Sequence[Specialist], facts: Mapping[str, KnownFact]) -> Learnt:
    """People settled these facts: what rests on one that moved, or that nobody knew, is found out again."""
    round_ = _Round(state, jobs)
    before = {name: each["value"] for name, each in round_.facts.items()}
    round_.facts.update(facts)
    after = {name: each["value"] for name, each in facts.items()}
    for fact in (*moved(before, after), *(name for name in after if name not in before)):
        round_.reopen(for_fact(jobs, fact, frozenset()))
    return Learnt(round_.update(), tuple(round_.events))


@dataclass
class _Round:
    """A case while a round's findings are taken in."""

    state: CaseState
    jobs: Sequence[Specialist]
    events: list[tuple[str, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.number = int(self.state["plan"].get("round") or self.state["round"])
        self.facts: dict[str, KnownFact] = dict(self.state["facts"])
        self.findings: dict[str, HandOff] = dict(self.state["findings"])
        self.tried = dict(self.state["tried"])
        self.superseded: list[Outlived] = list(self.state.get("superseded", ()))
        self.parties: list[KnownParty] = list(self.state.get("parties", ()))
        self.reopened = dict(self.state.get("reopened", {}))
        self.reviewed = self.state.get("reviewed")

    def take(self, job: str, hand_off: HandOff) -> None:
        """One finding: its figures become facts; what it replaces is kept, and facts it cannot find again go."""
        figures = Finding.model_validate(hand_off["finding"]).figures
        if job in self.findings:
            for name, source in self._outlive(job, self._cause(job), hand_off["finding"]["assignment"]):
                if name in self.facts and self.facts[name]["source"] == source:
                    del self.facts[name]
        self.findings[job] = hand_off
        for each in figures:
            if not self._supposed(each.name):
                self.facts[each.name] = KnownFact(value=each.value, unit=each.unit, source=each.source)

    def reopen(self, what: Reopened) -> None:
        """Forget facts and set the work aside that found them; silent when there is nothing to forget."""
        gone = sorted(fact for fact in what.facts if fact in self.facts and not self._supposed(fact))
        for job in sorted(what.jobs):
            self.tried.pop(job, None)
            if job in self.findings:
                self._outlive(job, what.cause, "")
                del self.findings[job]
        for fact in gone:
            del self.facts[fact]
            self.reopened[fact] = what.cause.model_dump(mode="json")
        if gone:
            event = FactsReopened(facts=tuple(gone), cause=str(what.cause))
            self.events.append((f"r{self.number}/{what.cause.kind}/{what.cause.what}", event))

    def meet(self, finding: Finding) -> None:
        """Parties whom a finding names for the first time make work due again, and so a review of what it holds."""
        known = {each["reference"] for each in self.parties}
        for each in finding.parties:
            if each.reference in known or each.reference.startswith("party:"):
                continue
            known.add(each.reference)
            said = {"found_by": finding.specialist, **each.model_dump(mode="json")}
            self.parties.append(KnownParty(**said, round=self.number))  # type: ignore[typeddict-item]
            self.events.append((f"party/{each.reference}", PartyFound(**said)))
            self.reopen(for_party(self.jobs, each.reference))
            self.reviewed = None

    def beside(self, fact: str, taken: Mapping[str, HandOff]) -> frozenset[str]:
        """Specialists who got the new value of a fact from a colleague in the same assignment."""
        by = {
            each["finding"]["assignment"]
            for each in taken.values()
            if fact in {figure["name"] for figure in each["finding"]["figures"]}
        }
        return frozenset(job for job, each in taken.items() if each["finding"]["assignment"] in by)

    def update(self) -> dict[str, Any]:
        """What to write into the state."""
        return {
            "facts": self.facts,
            "findings": self.findings,
            "tried": self.tried,
            "superseded": self.superseded,
            "parties": self.parties,
            "reopened": {fact: each for fact, each in self.reopened.items() if fact not in self.facts},
            "reviewed": self.reviewed,
        }

    def _outlive(self, job: str, cause: Cause, by: str) -> Iterable[tuple[str, str]]:
        """Keep an earlier finding among the superseded; its figures by name with their sources."""
        old = self.findings[job]
        self.superseded.append(Outlived(**old, cause=cause.model_dump(mode="json"), round=self.number))
        event = FindingSuperseded(
            specialist=job,
            assignment=old["finding"]["assignment"],
            finding_digest=digest(old["finding"]),
            by_assignment=by,
            cause=str(cause),
        )
        self.events.append((f"{old['finding']['assignment']}.{job}/outlived", event))
        return [(each["name"], each["source"]) for each in old["finding"]["figures"]]

    def _cause(self, job: str) -> Cause:
        """Why the specialist worked again: of the causes of its step the one that asks the same question anew."""
        steps = [step for step in self.state["plan"]["steps"] if job in step["specialists"]]
        causes = [Cause.model_validate(each) for step in steps for each in step.get("triggered_by", ())]
        same = [each for each in causes if each.kind in ABOUT_THE_SAME]
        return (*same, *causes, Cause(kind="conflict", what=job))[0]

    def _supposed(self, fact: str) -> bool:
        return fact in self.facts and self.facts[fact]["source"] == WHAT_IF
