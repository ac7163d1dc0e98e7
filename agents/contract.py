"""What a specialist is: which facts it provides, what it needs, its tools, its playbook and its conclusions.

Both paths share one truth: a playbook (``gather``) calls tools in a fixed order, a model calls them as it
sees fit, and ``conclude`` (pure code) turns the same tool answers into figures, flags and gaps. A model
adds only judgements, a narrative and a confidence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from domain.assignment import Assignment
from domain.finding import Fact, Figure, Flag, FoundParty, Gap, Severity, Unit
from tools.gateway import ToolAnswer

CallTool = Callable[[str, Mapping[str, Any]], Awaitable[ToolAnswer]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The tool answers of one session, in order."""

    answers: tuple[ToolAnswer, ...]

    def of(self, tool: str) -> tuple[ToolAnswer, ...]:
        """The answers of one tool; of equal calls the last counts."""
        latest = {str(sorted(answer.args.items())): answer for answer in self.answers if answer.tool == tool}
        return tuple(latest.values())

    def first(self, tool: str) -> ToolAnswer | None:
        """The only answer of a tool that is called once."""
        answers = self.of(tool)
        return answers[0] if answers else None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What code concludes from evidence.

    ``asks`` names the judgements (codes of the prompt's front matter) that this case raises: a model
    answers them, a playbook leaves each as a gap for a person.
    """

    conclusion: str
    figures: tuple[Figure, ...] = ()
    flags: tuple[Flag, ...] = ()
    gaps: tuple[Gap, ...] = ()
    parties: tuple[FoundParty, ...] = ()
    asks: tuple[str, ...] = ()


class Gather(Protocol):
    """The playbook: which tools to call, in which order."""

    async def __call__(self, assignment: Assignment, call: CallTool) -> None:
        """Call tools; their answers are collected by the caller."""
        ...


class Conclude(Protocol):
    """Evidence to conclusion; pure."""

    def __call__(self, assignment: Assignment, evidence: Evidence) -> Conclusion:
        """Conclude."""
        ...


@dataclass(frozen=True, slots=True)
class Specialist:
    """One entry of the roster.

    Args:
        job: its name, e.g. ``income_verifier``.
        worker: the worker graph that it belongs to.
        provides: facts that its figures carry, each under its own name.
        needs: facts that must be known, or come from a colleague in the same assignment.
        tools: what it may ask for.
        required: tools without whose answers no finding is complete.
        records: kinds of source record that those tools read.
        gather: its playbook.
        conclude: its conclusions.
        per_party: its work covers every party of the case; a party found later makes it due again.
        names_parties: what it finds may name parties; what rests on work over every party waits for it.
        limits: rows of the book that its own code compares with, beside those that its tools read; it gets no others.
        raises: codes of its flags and gaps on which a book may hang a rule.
        audience: who may read what it found; ``compliance`` is sealed, and only its boundary opens it.
    """

    job: str
    worker: str
    provides: tuple[str, ...]
    needs: tuple[str, ...]
    tools: tuple[str, ...]
    required: tuple[str, ...]
    records: tuple[str, ...]
    gather: Gather
    conclude: Conclude
    per_party: bool = False
    names_parties: bool = False
    limits: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    audience: Literal["case", "compliance"] = "case"

    @property
    def prompt_file(self) -> Path:
        """``agents/<worker>/<job>.md``."""
        return Path(__file__).parent / self.worker / f"{self.job}.md"


def figure(name: str, value: Fact, unit: Unit, answer: ToolAnswer) -> Figure:
    """A figure with the journal entry that it came from."""
    return Figure(name=name, value=value, unit=unit, source=answer.entry)


def flag(
    code: str, detail: str, answer: ToolAnswer, severity: Severity = Severity.WARNING, *, hold: bool = False
) -> Flag:
    """A flag with the journal entry that it came from."""
    return Flag(code=code, severity=severity, hold=hold, detail=detail, source=answer.entry)


def missing(kind: str, detail: str) -> Gap:
    """A gap that a source record of this kind would close."""
    return Gap(code=f"missing:{kind}", detail=detail, needs=kind)
