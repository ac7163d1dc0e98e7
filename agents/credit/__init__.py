"""Credit specialists: bureau, statements, ratios, rating and memo.

Owns how each job gathers evidence and what code concludes from it. Never decides a case and holds no
threshold: those are rows of the book.
"""

from __future__ import annotations

from agents.contract import missing
from domain.finding import Gap


def no_statement(detail: str) -> tuple[Gap, ...]:
    """Gaps that either a filing or a statement would close."""
    return tuple(missing(kind, detail) for kind in ("financial_filing", "financial_statement"))


def lacking(what: str, lacks: str) -> tuple[Gap, ...]:
    """Gaps of work that could not be done: a statement closes them when one is lacking, else a person."""
    if "statement" in lacks:
        return no_statement(f"no {what}: {lacks}")
    return (Gap(code=f"missing:{what}", detail=f"no {what}: {lacks}", needs="person"),)
