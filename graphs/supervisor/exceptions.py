"""Exceptions of low risk: what the book lets a case go on with by itself, on record and drawn for later review. Pure.

Owns which exceptions of a case a row covers. Covers nothing of a customer whose risk is not known, no work that broke
off, and no model that tried what its mandate does not name: those are for people, whatever a row says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.finding import Finding, ProducedBy
from graphs.supervisor.known import facts, findings
from graphs.supervisor.state import CaseState
from policies.book import InForce
from policies.exceptions import DEGRADED, ExceptionRow


@dataclass(frozen=True, slots=True)
class LetPass:
    """One exception that a row covers."""

    row: ExceptionRow
    specialist: str
    code: str  # of the gap, or ``DEGRADED``

    def __str__(self) -> str:
        """As ledger and packet tell it."""
        return f"{self.specialist}: {self.code} ({self.row.id})"


def let_pass(book: InForce, state: CaseState) -> tuple[LetPass, ...]:
    """Every exception of a case that the book's rows cover, in the order of its findings."""
    rows = [row for row in book.rules.exceptions if _fits(row, state)]
    return tuple(
        LetPass(row, job, code)
        for job, finding in findings(state).items()
        if not finding.broke_off
        for code in _codes(finding)
        for row in _first(rows, job, code)
    )


def left_degraded(state: CaseState, passed: tuple[LetPass, ...]) -> bool:
    """Whether a finding is degraded that no row covers."""
    covered = {each.specialist for each in passed if each.code == DEGRADED}
    return any(finding.degraded for job, finding in findings(state).items() if job not in covered)


def left_gaps(state: CaseState, passed: tuple[LetPass, ...]) -> int:
    """How many gaps of the newest findings no row covers."""
    covered = {(each.specialist, each.code) for each in passed}
    return sum(
        (job, gap.code) not in covered for job, finding in findings(state).items() for gap in finding.gaps
    )


def _fits(row: ExceptionRow, state: CaseState) -> bool:
    known = facts(state)
    cents = known.get("amount_cents")
    return (
        known.get("kyc_risk") in row.risks
        and known.get("product") in row.products
        and isinstance(cents, int)
        and cents <= row.max_cents
    )


def _codes(finding: Finding) -> Iterator[str]:
    if finding.degraded and finding.produced_by is ProducedBy.PLAYBOOK:
        yield DEGRADED
    yield from dict.fromkeys(gap.code for gap in finding.gaps)


def _first(rows: list[ExceptionRow], job: str, code: str) -> list[ExceptionRow]:
    """The first row that names it, if one does."""
    return [row for row in rows if job in row.specialists and code in row.codes][:1]
