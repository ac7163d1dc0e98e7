"""What a specialist hands back: figures with their source, flags, judgements, gaps and a receipt."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.canonical import digest
from domain.identity import Record

Unit = Literal[
    "cents",
    "bps",
    "times",  # basis points of one: 12500 is 1.25x
    "score",
    "months",
    "count",
    "days",
    "code",
    "date",
    "flag",
]
Fact = int | str | bool


class Severity(StrEnum):
    """How much a flag weighs; ordered by ``SEVERITIES``."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


class Figure(Record):
    """One value that code took from a tool result; ``source`` is the journal entry it came from."""

    name: str
    value: bool | int | str
    unit: Unit
    source: str


class Flag(Record):
    """Something a person or a table must look at; ``hold`` stops work until compliance has."""

    code: str
    severity: Severity
    hold: bool = False
    detail: str
    source: str


class Judgement(Record):
    """What only a model (or a person) says: an answer, the words it rests on, and what speaks against it."""

    question: str  # ``<code>: <wording>``
    answer: str
    quote: str
    confidence_bps: Annotated[int, Field(ge=0, le=10_000)]
    counter: str
    source: str = ""  # the journal entry that the quote stands in
    review: Literal["", "upheld", "overturned", "unreviewed"] = ""  # what the independent judge said of it

    @property
    def code(self) -> str:
        """Which judgement of the prompt's front matter this answers."""
        return self.question.partition(":")[0]


class Gap(Record):
    """What is not known, why, and what would close it."""

    code: str
    detail: str
    needs: str  # a record kind (``valuation``), or ``person``


class FoundParty(Record):
    """Somebody whom evidence names beside the applicants: work that covers parties must cover them too."""

    reference: str  # owner:<holder> …, never a name
    role: Literal["beneficial_owner", "control_person", "guarantor"]
    reason: str
    source: str  # the journal entry it came from


class ProducedBy(StrEnum):
    """Who did the work."""

    MODEL = "model"
    PLAYBOOK = "playbook"


FAILED = "failed:"  # code of the gap that a specialist leaves whose work broke off, with its job


class Finding(Record):
    """The result of one assignment by one specialist. Schema version 1."""

    assignment: str
    specialist: str
    figures: tuple[Figure, ...] = ()
    flags: tuple[Flag, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    parties: tuple[FoundParty, ...] = ()
    conclusion: str
    confidence_bps: Annotated[int, Field(ge=0, le=10_000)] = 10_000
    narrative: str = ""
    produced_by: ProducedBy
    degraded: bool = False  # a model was configured and failed, or the work broke off

    @property
    def broke_off(self) -> bool:
        """Whether the work failed or ran out of time, so that it says nothing of what it should have found."""
        return any(gap.code.startswith(FAILED) for gap in self.gaps)

    @property
    def answers(self) -> tuple[str, ...]:
        """``<judgement>=<answer>`` of each judgement."""
        return tuple(f"{each.code}={each.answer}" for each in self.judgements)

    @property
    def held(self) -> bool:
        """Whether any flag holds the case for compliance."""
        return any(flag.hold for flag in self.flags)


class Receipt(Record):
    """Proof that a hand-off carried exactly this finding."""

    schema_version: Literal[1] = 1
    sender: str
    receiver: str
    digest: str

    @classmethod
    def of(cls, finding: Finding, receiver: str) -> Receipt:
        """The receipt of one finding."""
        return cls(
            sender=finding.specialist, receiver=receiver, digest=digest(finding.model_dump(mode="json"))
        )

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is the one that was handed over."""
        return self == Receipt.of(finding, self.receiver)
