"""What is about to leave: a text or an order, for whom, and what it may rest on. Judges and sends nothing.

Guardrails over what leaves find it under ``Passage.context["leaving"]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from domain.errors import Refused
from domain.finding import Fact
from domain.guard import Passage, Ruling, Verdict
from domain.identity import IdentityKind, Record

LICENCE = "licence_"  # before the name of a licence, in what a held text came to
KEPT_IN = "take it out where it was written, or tell whoever runs the service which rule it was"
SEVERITY = tuple(Ruling)  # mildest first


class Kind(StrEnum):
    """What leaves."""

    ORDER = "order"  # of an effect, to a system or into a row that somebody else reads
    LETTER = "letter"  # to an applicant
    MEMO = "memo"  # a document whose every figure is a claim
    READING = "reading"  # an answer of the API to a person
    ANSWER = "answer"  # of the chat


class Audience(StrEnum):
    """Who gets it."""

    APPLICANT = "applicant"  # and everybody else outside the bank
    STAFF = "staff"
    COMPLIANCE = "compliance"  # and auditors: what is sealed is theirs to read
    SYSTEM = "system"  # another system of the bank


@dataclass(frozen=True, slots=True)
class Wording:
    """What an order says in words.

    Args:
        text: everything that whoever gets it will read.
        own: of this, what no book worded: somebody's own words.
    """

    text: str
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldValue:
    """One value of a vault; ``may_receive`` says whether the recipient has the right to it."""

    kind: IdentityKind
    value: str
    may_receive: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing that is about to leave.

    Args:
        case_id: whose it is.
        kind: what it is.
        audience: who gets it.
        text: everything that it says.
        own: of this, what no book worded.
        words: of this, what is prose, where the rest is references; ``None``: all of it.
        what: its name, for people: ``decision_notice``, ``GET /v1/cases/{case_id}/memo``.
        args: of an order.
        terms: the typed arguments of its effect; ``None`` where it is no order.
        adverse: whether it tells of an adverse action.
        used: of an adverse order, what each argument that gives a reason must be (``None``: not there at all).
        known: numbers that figures may be; ``None`` where nothing is claimed.
        uncited: claims that name no evidence there is.
        held: values of the vaults that it speaks of.
        sealed: what is for compliance alone, piece by piece.
        released: what people let go of it before, by what it came to.
    """

    case_id: str
    kind: Kind
    audience: Audience
    text: str
    what: str = ""
    own: tuple[str, ...] = ()
    words: str | None = None
    args: Mapping[str, Fact] = field(default_factory=dict)
    terms: type[Record] | None = None
    adverse: bool = False
    used: Mapping[str, Fact | None] | None = None
    known: frozenset[Decimal] | None = None
    uncited: tuple[str, ...] = ()
    held: tuple[HeldValue, ...] = ()
    sealed: tuple[str, ...] = ()
    released: Mapping[str, int] = field(default_factory=dict)


def licence_for(licence: str, mark: str) -> str:
    """What held words come to that need a licence: its name with the mark of exactly these words."""
    return f"{LICENCE}{licence}:{mark}"


def licence_in(measure: str) -> str | None:
    """The licence that a measure names, if it names one."""
    return measure.removeprefix(LICENCE).partition(":")[0] if measure.startswith(LICENCE) else None


def leaving_of(passage: Passage) -> Leaving | None:
    """What is about to leave, where a guardrail looks at that and not at text on its way."""
    found: Leaving | None = passage.context.get("leaving")
    return found


def worst_of(verdicts: Mapping[str, Verdict]) -> tuple[str, Verdict]:
    """The guardrail with the most severe verdict, and that verdict; a pass when nobody was asked."""
    if not verdicts:
        return "", Verdict(Ruling.PASS, "none")
    return max(verdicts.items(), key=lambda each: SEVERITY.index(each[1].ruling))


def require_pass(verdicts: Mapping[str, Verdict]) -> None:
    """``Refused`` with the guardrail as its control, unless everything passed."""
    name, verdict = worst_of(verdicts)
    if verdict.ruling is not Ruling.PASS:
        raise Refused(f"{verdict.rule}: {verdict.reason}", control=f"output.{name}", remedy=KEPT_IN)
