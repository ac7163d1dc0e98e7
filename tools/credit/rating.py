"""The 1-10 risk rating by a scorecard, its regulatory grade, and expected loss.

Owns adding points up, the floors that no sum of points can lift, and PD x LGD x EAD. Holds no points, bands or
probabilities: they are rows of the book. A factor without a value earns nothing and is named. Worst wins.

Source: OCC Comptroller's Handbook, Rating Credit Risk (April 2001), for pass, special mention, substandard,
doubtful and loss; the scale itself is the bank's own and must map monotonically (checked here).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from domain.errors import InvalidPolicy
from domain.identity import Record
from domain.money import times

COUNTED = ("credit_score", "delinquencies_24m", "bankruptcies_7y")  # factors that are no ratios
Regulatory = Literal["pass", "special_mention", "substandard", "doubtful", "loss"]
WORST_LAST: tuple[Regulatory, ...] = ("pass", "special_mention", "substandard", "doubtful", "loss")
Grade = Annotated[int, Field(ge=1, le=10)]
Bps = Annotated[int, Field(ge=0, le=10_000)]


class ScoreRow(Record):
    """One row of ``credit_score``: points for a factor from a value (inclusive) up to another (exclusive)."""

    factor: str
    from_value: int | None = None  # basis points, score or count; empty: no lower bound
    below_value: int | None = None
    code: str | None = None  # instead of bounds, for factors that are codes
    points: Annotated[int, Field(ge=0, le=1_000)]


class GradeRow(Record):
    """One row of ``credit_grades``."""

    grade: Grade
    from_points: Annotated[int, Field(ge=0)]
    regulatory: Regulatory
    pd_bps: Bps  # probability of default within twelve months
    source: str  # ``demonstration`` until the bank puts its own estimate there


class FloorRow(Record):
    """One row of ``credit_grade_floors``: below or above a value of a factor the grade is no better than this."""

    factor: str
    below_value: int | None = None
    above_value: int | None = None
    no_better_than: Grade


class LossRow(Record):
    """One row of ``credit_lgd``."""

    collateral: str
    lgd_bps: Bps
    source: str


class ExposureRow(Record):
    """One row of ``credit_ead``: the share of a commitment that is expected to be drawn at default."""

    product: str
    ead_bps: Bps
    source: str


class Scored(Record):
    """One factor with the value it has and the points it earned."""

    factor: str
    value: int | str | None
    points: int
    most: int  # points of the factor's best row
    row: str  # the bounds that answered, or why none did


class Rating(Record):
    """The grade and how it came about."""

    points: int
    most: int
    scored: tuple[Scored, ...]
    grade_by_points: int
    floors: tuple[str, ...]  # those that moved the grade, in words
    grade: int
    regulatory: Regulatory
    pd_bps: int
    pd_source: str


class ExpectedLoss(Record):
    """EL = PD x LGD x EAD, one horizon of twelve months."""

    pd_bps: int
    pd_source: str
    lgd_bps: int
    lgd_source: str
    ead_cents: int
    ead_source: str
    el_cents: int  # half to even
    el_bps: int  # of EAD, half to even
    formula: str = "EL = PD x LGD x EAD"


Values = Mapping[str, int | str | None]


def rate(
    score: Sequence[ScoreRow], grades: Sequence[GradeRow], floors: Iterable[FloorRow], values: Values
) -> Rating:
    """Points, grade by points, then floors: the grade is the worse of both.

    Raises:
        InvalidPolicy: the grades are not monotonic, or two score rows answer for one value.
    """
    ordered = checked(grades)
    scored = tuple(_score(factor, score, values) for factor in dict.fromkeys(row.factor for row in score))
    points = sum(each.points for each in scored)
    by_points = next((row for row in ordered if points >= row.from_points), ordered[-1])
    reached = [row for row in floors if _is_beyond(row, values.get(row.factor))]
    grade = max([by_points.grade, *(row.no_better_than for row in reached)])
    final = next((row for row in ordered if row.grade >= grade), ordered[-1])
    return Rating(
        points=points,
        most=sum(each.most for each in scored),
        scored=scored,
        grade_by_points=by_points.grade,
        floors=tuple(_said(row, values) for row in reached if row.no_better_than > by_points.grade),
        grade=final.grade,
        regulatory=final.regulatory,
        pd_bps=final.pd_bps,
        pd_source=final.source,
    )


def checked(grades: Sequence[GradeRow]) -> tuple[GradeRow, ...]:
    """Grades from best to worst; ``InvalidPolicy`` unless points fall and PD and regulatory grade rise with them."""
    ordered = tuple(sorted(grades, key=lambda row: row.grade))
    if not ordered or ordered[-1].from_points != 0:
        raise InvalidPolicy("credit_grades: the worst grade starts at 0 points", field="credit_grades")
    for better, worse in pairwise(ordered):
        falls = better.from_points > worse.from_points and better.pd_bps <= worse.pd_bps
        regulatory = WORST_LAST.index(better.regulatory) <= WORST_LAST.index(worse.regulatory)
        if better.grade == worse.grade or not falls or not regulatory:
            raise InvalidPolicy(
                f"credit_grades: grade {worse.grade} is not worse than {better.grade} in points, PD and "
                "regulatory grade",
                field="credit_grades",
            )
    return ordered


def expected_loss(
    rating: Rating, loss: LossRow, exposure: ExposureRow, commitment_cents: int
) -> ExpectedLoss:
    """EAD = commitment x drawn share (half to even); EL from the exact product, half to even."""
    ead = _rounded(commitment_cents * exposure.ead_bps, 10_000)
    return ExpectedLoss(
        pd_bps=rating.pd_bps,
        pd_source=rating.pd_source,
        lgd_bps=loss.lgd_bps,
        lgd_source=loss.source,
        ead_cents=ead,
        ead_source=exposure.source,
        el_cents=_rounded(rating.pd_bps * loss.lgd_bps * ead, 100_000_000),
        el_bps=_rounded(rating.pd_bps * loss.lgd_bps, 10_000),
    )


def _score(factor: str, score: Iterable[ScoreRow], values: Values) -> Scored:
    rows = [row for row in score if row.factor == factor]
    value = values.get(factor)
    hit = [row for row in rows if _answers(row, value)]
    if len(hit) > 1:
        raise InvalidPolicy(
            f"credit_score: {len(hit)} rows answer for {factor} {value}", field="credit_score"
        )
    missing = "no value: no points" if value is None else "no row: no points"
    return Scored(
        factor=factor,
        value=value,
        points=hit[0].points if hit else 0,
        most=max(row.points for row in rows),
        row=_bounds(hit[0]) if hit else missing,
    )


def _answers(row: ScoreRow, value: int | str | None) -> bool:
    if row.code is not None or not isinstance(value, int):
        return value is not None and row.code == value
    above = row.from_value is None or value >= row.from_value
    return above and (row.below_value is None or value < row.below_value)


def told(factor: str, value: int | str) -> str:
    """A factor's value as people write it: scores and counts as they are, everything else as a multiple."""
    return times(value) if isinstance(value, int) and factor not in COUNTED else str(value)


def _bounds(row: ScoreRow) -> str:
    if row.code is not None:
        return row.code
    low = f"from {told(row.factor, row.from_value)}" if row.from_value is not None else ""
    high = f"below {told(row.factor, row.below_value)}" if row.below_value is not None else ""
    return " ".join(part for part in (low, high) if part) or "any value"


def _is_beyond(row: FloorRow, value: int | str | None) -> bool:
    """An unknown value is taken as beyond: what is not known lifts no grade."""
    if not isinstance(value, int):
        return value is None
    low = row.below_value is not None and value < row.below_value
    return low or (row.above_value is not None and value > row.above_value)


def _said(row: FloorRow, values: Values) -> str:
    value = values.get(row.factor)
    low = row.below_value is not None
    bound = f"{'below' if low else 'above'} {told(row.factor, (row.below_value if low else row.above_value) or 0)}"
    stands = "is not known" if value is None else f"is {told(row.factor, value)}, {bound}"
    return f"{row.factor.replace('_', ' ')} {stands}: no better than grade {row.no_better_than}"


def _rounded(part: int, whole: int) -> int:
    """Integer division, half to even."""
    quotient, rest = divmod(part, whole)
    up = 2 * rest > whole or (2 * rest == whole and quotient % 2 == 1)
    return quotient + up
