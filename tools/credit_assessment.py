"""Strengths, weaknesses, mitigants and dissent: what a credit memo weighs, found by rows of the book.

Owns which figures are looked at and how two sources are compared. Holds no threshold, weighs nothing against
anything (that is judgement) and averages nothing.
"""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter

from domain.identity import Record
from domain.money import percent, times
from tools.book_rows import only, rows
from tools.contract import NoArguments, Tool, ToolContext
from tools.credit.dissent import (
    Dissent,
    DissentRow,
    View,
    ViewRow,
    altman_view,
    bureau_view,
    from_differences,
    from_views,
    grade_view,
)
from tools.credit.ratios import ALTMAN, BY_CODE
from tools.credit_rating import FROM_BUREAU, RATING_OF_THE_BOOK, CreditRating, rate_credit
from tools.credit_ratios import STRESS_OF_THE_BOOK, TERMS, RatioSheet, credit_ratios, credit_stress
from tools.statements import RECORDS, evidence

BUREAU = (*FROM_BUREAU, "bankruptcies_7y")


class ObservationRow(Record):
    """One row of ``credit_observations``: what a figure at or beyond a value says of the company."""

    figure: str  # a ratio, or breakeven_decline, collateral, trend
    kind: Literal["strength", "weakness"]
    at_least: int | None = None
    below: int | None = None
    code: str | None = None  # for figures that are codes
    says: str


class MitigantRow(Record):
    """One row of ``credit_mitigants``: what may answer a weakness, when the figure is there."""

    weakness: str  # figure of the weakness
    figure: str
    at_least: int | None = None
    below: int | None = None
    code: str | None = None
    says: str


class Observation(Record):
    """One strength or weakness with the figure that it rests on."""

    figure: str
    value: str
    says: str
    mitigants: tuple[str, ...] = ()  # of a weakness; none answered when empty


class Assessment(Record):
    """What the memo weighs, or what is lacking for it."""

    assessed: bool
    lacks: str = ""
    strengths: tuple[Observation, ...] = ()
    weaknesses: tuple[Observation, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    views: tuple[View, ...] = ()


_OBSERVATIONS = TypeAdapter(tuple[ObservationRow, ...])
_DISSENT = TypeAdapter(tuple[DissentRow, ...])
_MITIGANTS = TypeAdapter(tuple[MitigantRow, ...])
_VIEWS = TypeAdapter(tuple[ViewRow, ...])


async def assess_credit(_: NoArguments, context: ToolContext) -> Assessment:
    """Observations, mitigants and dissent by the rows of the book that carry those names.

    Raises:
        InvalidPolicy: when rows of the book are missing or cannot be read.
    """
    sheet = await credit_ratios(NoArguments(), context)
    rated = await rate_credit(NoArguments(), context)
    if not sheet.found or rated.rating is None:
        return Assessment(assessed=False, lacks=sheet.lacks or rated.lacks)
    figures = await _figures(sheet, context)
    views = _views(sheet, rated, context)
    observed = [
        row for row in rows(context.parameters, "credit_observations", _OBSERVATIONS) if _holds(row, figures)
    ]
    policy = rows(context.parameters, "credit_dissent", _DISSENT)
    differences = (await evidence(context)).spread.differences
    return Assessment(
        assessed=True,
        strengths=tuple(_observation(row, figures, ()) for row in observed if row.kind == "strength"),
        weaknesses=tuple(
            _observation(row, figures, rows(context.parameters, "credit_mitigants", _MITIGANTS))
            for row in observed
            if row.kind == "weakness"
        ),
        dissents=(*from_differences(differences, policy), *from_views(views, policy)),
        views=views,
    )


Figures = dict[str, int | str | None]


async def _figures(sheet: RatioSheet, context: ToolContext) -> Figures:
    stress = await credit_stress(NoArguments(), context)
    latest: Figures = {each.code: each.value_bps for each in sheet.years[-1]}
    worst = min((each.dscr_bps for each in stress.scenarios if each.dscr_bps is not None), default=None)
    return latest | {
        "trend": sheet.trend,
        "breakeven_decline": stress.breakeven.decline_bps if stress.breakeven else None,
        "dscr_stressed": worst,
        "collateral": str(context.application["collateral"]),
        **{name: _whole(context, name) for name in BUREAU},
    }


def _views(sheet: RatioSheet, rated: CreditRating, context: ToolContext) -> tuple[View, ...]:
    table = rows(context.parameters, "credit_views", _VIEWS)
    row = {
        name: only([each for each in table if each.view == name], "credit_views", name) for name in _VIEWED
    }
    found: list[View | None] = []
    score, late, bankrupt = (_whole(context, name) for name in BUREAU)
    if score is not None:
        found.append(bureau_view(row["bureau_score"], score, late or 0, bankrupt or 0))
    if rated.rating is not None:
        found.append(grade_view(row["grade"], rated.rating))
    found.append(altman_view(row["altman"], sheet.value("altman_z2")))
    return tuple(each for each in found if each is not None)


_VIEWED = ("bureau_score", "grade", "altman")


def _observation(row: ObservationRow, figures: Figures, mitigants: tuple[MitigantRow, ...]) -> Observation:
    answers = [each for each in mitigants if each.weakness == row.figure and _holds(each, figures)]
    return Observation(
        figure=row.figure,
        value=_shown(row.figure, figures[row.figure]),
        says=row.says,
        mitigants=tuple(
            f"{each.says} ({label(each.figure)} {_shown(each.figure, figures[each.figure])})"
            for each in answers
        ),
    )


def label(figure: str) -> str:
    """A figure by the name that people give it."""
    if figure in BY_CODE:
        return BY_CODE[figure].label
    return _LABELS.get(figure, figure.replace("_", " "))


_LABELS = {
    ALTMAN: "Altman Z''",
    "breakeven_decline": "breakeven decline of EBITDA",
    "dscr_stressed": "lowest coverage under stress",
    "credit_score": "lowest guarantor score",
    "delinquencies_24m": "late payments in 24 months",
    "bankruptcies_7y": "bankruptcies in 7 years",
}


def _holds(row: ObservationRow | MitigantRow, figures: Figures) -> bool:
    value = figures.get(row.figure)
    if row.code is not None or not isinstance(value, int):
        return value is not None and value == row.code
    return (row.at_least is None or value >= row.at_least) and (row.below is None or value < row.below)


def _shown(figure: str, value: int | str | None) -> str:
    if not isinstance(value, int) or figure in BUREAU:
        return str(value).replace("_", " ")
    if figure == ALTMAN:
        return times(value).removesuffix("x")
    return percent(value) if figure in _SHARES else times(value)


_SHARES = ("breakeven_decline", "ebitda_margin")


def _whole(context: ToolContext, name: str) -> int | None:
    value = context.inputs.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


TOOLS: tuple[Tool, ...] = (
    Tool(
        "assess_credit",
        "Strengths, weaknesses with what may answer them, and sources that disagree.",
        NoArguments,
        Assessment,
        assess_credit,
        RECORDS,
        (*BUREAU, *TERMS),
        identity=True,
        parameters=RATING_OF_THE_BOOK
        | STRESS_OF_THE_BOOK
        | {"credit_observations", "credit_mitigants", "credit_dissent", "credit_views"},
    ),
)
