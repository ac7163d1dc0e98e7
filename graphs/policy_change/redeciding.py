"""Decides one decided case again under another book, on the facts it was decided on. Pure.

First the case is decided again under its own book: only where that gives the recorded decision on exactly the facts
whose digest stands in the ledger does the comparison count. Under the other book it is decided on those facts, or on
what was found again where they rest on a parameter that differs (``refinding``). Never guesses a fact: what the
candidate needs and nobody ever found out is unknown, and leads to a person as it does in a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from checkpoints.decided import DecidedCase
from domain.canonical import digest
from domain.decision import Decision, Outcome
from domain.finding import Fact
from graphs.supervisor.boundaries import signers
from graphs.supervisor.deciding import decided, granting
from graphs.supervisor.state import CaseState
from policies.book import InForce
from policies.difference import written
from policies.table import Row

STANDING = "standing authority"
SELF = "nobody: it closes by itself"
NOT_REFOUND = "not re-found: "  # begins why a case is not compared whose facts could not be found again
NEW, GONE, OTHERWISE = "answers now", "answers no more", "reads otherwise"


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that comes out otherwise; ``None`` where it was or is not known."""

    fact: str
    was: Fact | None
    becomes: Fact | None


@dataclass(frozen=True, slots=True)
class Refound:
    """What the case would know, with what moved; or why it could not be found again."""

    state: dict[str, Any]
    moved: tuple[Moved, ...] = ()
    not_refound: str = ""


@dataclass(frozen=True, slots=True)
class RowSaid:
    """A row that turned a decision, and how."""

    row: str
    how: str
    text: str  # when it applies and what it says, as it reads in the book where it answers


@dataclass(frozen=True, slots=True)
class Compared:
    """One case under two books."""

    case: str
    amount_cents: int
    people: int
    was: Outcome
    becomes: Outcome
    rows: tuple[RowSaid, ...]  # that turned it; none where the outcome is the same
    unknown: tuple[str, ...]  # facts that the candidate needs and nobody found out
    authority_was: str
    authority_becomes: str
    other_terms: bool  # conditions or reasons differ
    moved: tuple[Moved, ...] = ()  # facts that come out otherwise under the candidate's parameters

    @property
    def flipped(self) -> bool:
        """Whether the outcome is another."""
        return self.was is not self.becomes

    @property
    def turn(self) -> str:
        """``approve → refer``."""
        return f"{self.was} → {self.becomes}"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case: a comparison, or a sentence why there is none."""

    case: DecidedCase
    found: Compared | str
    rests_on: frozenset[str] = frozenset()  # parameters that differ and that what it knows rests on


def redecide(
    case: DecidedCase, before: InForce, after: InForce, found: Refound | None = None
) -> Compared | str:
    """The case under both books, or why it cannot be compared, in a sentence.

    Under the other one on what was ``found`` again, if anything had to be.
    """
    state = cast("CaseState", case.state)
    recorded = Decision.model_validate(case.state["decision"]) if case.state.get("decision") else None
    if recorded is None:
        return "it is being found out again what it was decided on"
    again = decided(before, state)
    if digest(again.facts) != case.facts_digest:
        return "it knows other facts now than it was decided on"
    if (again.outcome, again.rows_hit) != (recorded.outcome, recorded.rows_hit):
        return f"its own book gives {again.outcome} now, and {recorded.outcome} is recorded"
    becomes = decided(after, state if found is None else cast("CaseState", found.state))
    return Compared(
        case=case.id,
        amount_cents=case.amount_cents,
        people=case.people,
        was=again.outcome,
        becomes=becomes.outcome,
        rows=tuple(_turned_by(before, after, again, becomes)) if again.outcome is not becomes.outcome else (),
        unknown=becomes.unknown,
        authority_was=authority(before, case, again),
        authority_becomes=authority(after, case, becomes),
        other_terms=_terms(again) != _terms(becomes),
        moved=() if found is None else found.moved,
    )


def authority(book: InForce, case: DecidedCase, concluded: Decision) -> str:
    """Whose work a decision is: groups and how many of them, or standing authority."""
    if concluded.outcome is Outcome.HOLD and "compliance" in book.rules.boundaries:
        row = book.rules.boundaries["compliance"]
        return _people(row.groups or (row.escalates_to,), row.quorum)
    risk = str(concluded.facts.get("kyc_risk", "high"))
    if concluded.outcome is Outcome.APPROVE and granting(book, case.product, case.amount_cents, risk):
        return STANDING
    boundary = "offer" if "offer" in book.rules.boundaries else next(iter(book.rules.boundaries), "")
    if not boundary or (boundary == "exceptions" and concluded.outcome is Outcome.APPROVE):
        return SELF
    named = signers(book, concluded, boundary)
    return _people(named.groups, named.quorum)


def _people(groups: tuple[str, ...], quorum: int) -> str:
    return f"{quorum} of {', '.join(groups)}"


def _terms(concluded: Decision) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return concluded.principal_reasons, concluded.conditions


def _turned_by(before: InForce, after: InForce, was: Decision, becomes: Decision) -> Iterator[RowSaid]:
    """Rows with the new outcome that did not say it before, and rows with the old one that do not say it now."""
    old, new = _rows(before), _rows(after)
    for row in becomes.rows_hit:
        now = new.get(row)
        if now is None or now.outputs.get("outcome") != becomes.outcome:
            continue
        if row not in was.rows_hit:
            yield RowSaid(row, NEW, written(now))
        elif row in old and written(old[row]) != written(now):
            yield RowSaid(row, OTHERWISE, written(now))
    for row in was.rows_hit:
        then = old.get(row)
        if row not in becomes.rows_hit and then is not None and then.outputs.get("outcome") == was.outcome:
            yield RowSaid(row, GONE, written(then))


def _rows(book: InForce) -> dict[str, Row]:
    return {row.id: row for row in book.decision.rows}
