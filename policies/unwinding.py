"""How cases are unwound, as a book says it: for which defects, on whose word, and what the customer is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.identity import Record
from domain.unwinding import UNWINDING
from policies.table import SourceStatus

WHOLE = "unwinding"  # the boundary at which the plan is countersigned
EACH = "compensation"  # the boundary at which one compensation is countersigned by itself


class DefectRow(Record):
    """One kind of defect found downstream."""

    text: str  # as people read it
    reported_by: tuple[str, ...]  # groups, of people and of systems of record
    notice: Literal["none", "reversal", "adverse_action"] = "none"  # to the customer, when all was taken back
    overtakes: tuple[
        str, ...
    ] = ()  # defects less grave: a plan for one of them does not go on when this is reported
    told: str = ""  # of an adverse action: the principal reason as the notice states it
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED

    @model_validator(mode="after")
    def _tells_a_reason(self) -> DefectRow:
        if (self.notice == "adverse_action") != bool(self.told):
            raise ValueError(
                "`told` is the reason in an adverse action notice, and stands with that notice alone"
            )
        return self


class Unwinding(Record):
    """What unwinding needs to know beyond boundaries, tables and limits."""

    defects: dict[str, DefectRow]  # by code
    one_by_one: tuple[str, ...] = ()  # compensations that are each countersigned by themselves
    fresh_eyes: bool = True  # nobody who made or decided the case that is unwound countersigns
    notice_within_days: Annotated[int, Field(ge=1, le=30)] = 30  # 12 CFR 1002.9(a)(1)(iii)

    def graver_than(self, reason: str) -> dict[str, str]:
        """Defects that overtake this one, in words by code."""
        return {code: row.text for code, row in self.defects.items() if reason in row.overtakes}


def problems_of_unwinding(
    kind: str, section: Unwinding | None, boundaries: Iterable[str], compensations: frozenset[str]
) -> Iterable[str]:
    """One sentence for each problem of the section."""
    if (section is None) == (kind == UNWINDING):
        yield f"unwinding: the book of the case kind {UNWINDING} has this section, and no other book"
    if section is None:
        return
    yield from _defects(section.defects)
    for name in section.one_by_one:
        if name not in compensations:
            yield f"unwinding.one_by_one: {name} takes nothing back"
    for name in (WHOLE, EACH):
        if name not in set(boundaries):
            yield f"boundaries.{name}: the book unwinds cases, so it must say how that is countersigned"


def _defects(defects: Mapping[str, DefectRow]) -> Iterable[str]:
    if not defects:
        yield "unwinding.defects: is empty"
    for code, row in defects.items():
        if not row.reported_by:
            yield f"unwinding.defects.{code}.reported_by: is empty, so nobody could start it"
        for each in row.overtakes:
            if each not in defects or code in (each, *defects[each].overtakes):
                yield f"unwinding.defects.{code}.overtakes: {each} is no less grave defect of this book"
