"""Sources that disagree, side by side: reconciled by a stated rule or escalated, never averaged.

Owns the comparisons and how a disagreement is told. Which rule holds for which disagreement is a row of the book;
a disagreement without a row is escalated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record
from domain.money import dollars, times
from tools.credit.rating import Rating
from tools.credit.spread import Difference

Verdict = Literal["sound", "weak", "between"]
Rule = Literal["weaker_counts", "better_prepared_counts", "later_counts", "escalate"]
SAID: dict[Rule, str] = {
    "weaker_counts": "Reconciled: the weaker view counts.",
    "better_prepared_counts": "Reconciled: the better prepared document counts.",
    "later_counts": "Reconciled: the later document counts.",
    "escalate": "Escalated: a person decides.",
}


class DissentRow(Record):
    """One row of ``credit_dissent``: what is done about one kind of disagreement."""

    dissent: str
    rule: Rule
    within_bps: Annotated[int, Field(ge=0, le=10_000)] = 10_000  # a larger difference of figures is escalated


class ViewRow(Record):
    """One row of ``credit_views``: at which value a source says sound or weak; what lies between is neither."""

    view: Literal["bureau_score", "grade", "altman"]
    sound_at: int  # or better
    weak_at: int  # or worse


class Side(Record):
    """What one source says."""

    who: str
    says: str


class Dissent(Record):
    """One disagreement with both sides and what becomes of it."""

    dissent: str
    about: str
    sides: tuple[Side, Side]
    rule: Rule
    resolution: str
    escalated: bool


class View(Record):
    """One source's verdict on the company's credit."""

    who: str
    says: str
    verdict: Verdict


def from_differences(found: Iterable[Difference], rows: Sequence[DissentRow]) -> tuple[Dissent, ...]:
    """Figures that two documents state differently; the difference is measured on the amount that counts."""
    return tuple(_of_difference(each, rows) for each in found)


def from_views(views: Sequence[View], rows: Sequence[DissentRow]) -> tuple[Dissent, ...]:
    """Every pair of sources of which one says sound and the other weak."""
    pairs = [(one, other) for n, one in enumerate(views) for other in views[n + 1 :]]
    opposed = [(one, other) for one, other in pairs if {one.verdict, other.verdict} == {"sound", "weak"}]
    return tuple(_of_views(one, other, rows) for one, other in opposed)


def bureau_view(row: ViewRow, score: int, delinquencies: int, bankruptcies: int) -> View:
    """Any late payment or bankruptcy is weak, whatever the score."""
    weak = score <= row.weak_at or delinquencies > 0 or bankruptcies > 0
    says = f"lowest guarantor score {score}, {delinquencies} late payments, {bankruptcies} bankruptcies"
    return View(who="bureau", says=says, verdict="weak" if weak else _sound(score >= row.sound_at))


def grade_view(row: ViewRow, rating: Rating) -> View:
    """By points, before floors take other sources in; grade 1 is the best and 10 the worst."""
    grade = rating.grade_by_points
    verdict: Verdict = "weak" if grade >= row.weak_at else _sound(grade <= row.sound_at)
    says = f"grade {grade} by the scorecard on the statements ({rating.points} of {rating.most} points)"
    return View(who="statements", says=says, verdict=verdict)


def altman_view(row: ViewRow, z_bps: int | None) -> View | None:
    """Distress, grey zone or safe; nothing when Z'' cannot be formed."""
    if z_bps is None:
        return None
    says = f"Z'' of {times(z_bps).removesuffix('x')}"
    weak = z_bps <= row.weak_at
    return View(who="Altman Z''", says=says, verdict="weak" if weak else _sound(z_bps >= row.sound_at))


def _sound(sound: bool) -> Verdict:
    return "sound" if sound else "between"


def _of_difference(each: Difference, rows: Sequence[DissentRow]) -> Dissent:
    row = _row(each.kind, rows)
    apart = abs(each.counts_cents - each.other_cents) * 10_000
    small = row is not None and apart <= row.within_bps * abs(each.counts_cents)
    return _told(
        each.kind,
        f"{each.account} of {each.period_end}",
        (
            Side(who=_document(each.counts_source), says=dollars(each.counts_cents)),
            Side(who=_document(each.other_source), says=dollars(each.other_cents)),
        ),
        row.rule if row is not None and small else "escalate",
    )


def _document(source: str) -> str:
    """The document that a source stands in; the place in it is told with the statements."""
    return source.partition(":")[0].replace("_", " ")


def _of_views(one: View, other: View, rows: Sequence[DissentRow]) -> Dissent:
    row = _row(f"{one.who}/{other.who}", rows)
    sides = (
        Side(who=one.who, says=f"{one.verdict}: {one.says}"),
        Side(who=other.who, says=f"{other.verdict}: {other.says}"),
    )
    return _told(f"{one.who}/{other.who}", "the company's credit", sides, row.rule if row else "escalate")


def _row(dissent: str, rows: Sequence[DissentRow]) -> DissentRow | None:
    return next((row for row in rows if row.dissent == dissent), None)


def _told(dissent: str, about: str, sides: tuple[Side, Side], rule: Rule) -> Dissent:
    return Dissent(
        dissent=dissent,
        about=about,
        sides=sides,
        rule=rule,
        resolution=SAID[rule],
        escalated=rule == "escalate",
    )
