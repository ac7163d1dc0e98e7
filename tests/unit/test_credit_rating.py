"""The scorecard, its floors, the regulatory grades and expected loss."""

from __future__ import annotations

import pytest

from domain.errors import InvalidPolicy
from tools.credit.rating import (
    ExposureRow,
    FloorRow,
    GradeRow,
    LossRow,
    Regulatory,
    ScoreRow,
    Values,
    expected_loss,
    rate,
)

SCORE = (
    ScoreRow(factor="dscr", from_value=15_000, points=60),
    ScoreRow(factor="dscr", from_value=12_000, below_value=15_000, points=30),
    ScoreRow(factor="trend", code="stable", points=40),
    ScoreRow(factor="trend", code="declining", points=10),
)


def grade(number: int, points: int, regulatory: Regulatory, pd: int) -> GradeRow:
    return GradeRow(
        grade=number, from_points=points, regulatory=regulatory, pd_bps=pd, source="demonstration"
    )


GRADES = (
    grade(3, 90, "pass", 50),
    grade(5, 60, "pass", 150),
    grade(7, 30, "special_mention", 600),
    grade(8, 0, "substandard", 2_000),
)
FLOORS = (FloorRow(factor="dscr", below_value=10_000, no_better_than=8),)
SOUND: Values = {"dscr": 16_000, "trend": "stable"}


def test_points_of_all_factors_give_the_grade() -> None:
    found = rate(SCORE, GRADES, FLOORS, SOUND)
    assert (found.points, found.most, found.grade, found.regulatory) == (100, 100, 3, "pass")
    assert [(each.factor, each.points, each.row) for each in found.scored] == [
        ("dscr", 60, "from 1.50x"),
        ("trend", 40, "stable"),
    ]


def test_factor_without_a_value_earns_nothing_and_says_so() -> None:
    found = rate(SCORE, GRADES, (), {"dscr": 16_000})
    assert (found.grade, found.scored[1].row) == (5, "no value: no points")


def test_no_sum_of_points_lifts_a_grade_over_its_floor() -> None:
    found = rate(SCORE, GRADES, (FloorRow(factor="dscr", below_value=17_000, no_better_than=7),), SOUND)
    assert (found.grade_by_points, found.grade, found.regulatory, found.pd_bps) == (
        3,
        7,
        "special_mention",
        600,
    )
    assert found.floors == ("dscr is 1.60x, below 1.70x: no better than grade 7",)


def test_value_that_is_not_known_reaches_its_floor() -> None:
    assert rate(SCORE, GRADES, FLOORS, {"trend": "stable"}).grade == 8


@pytest.mark.parametrize(
    "broken",
    [
        (*GRADES[:3], grade(8, 0, "special_mention", 500)),  # PD falls
        (*GRADES[:2], grade(7, 30, "substandard", 600), grade(8, 0, "special_mention", 2_000)),  # grade order
        (*GRADES[:3], grade(8, 5, "substandard", 2_000)),  # nothing below 5 points
    ],
)
def test_scale_that_is_not_monotonic_is_refused(broken: tuple[GradeRow, ...]) -> None:
    with pytest.raises(InvalidPolicy, match="credit_grades"):
        rate(SCORE, broken, (), SOUND)


def test_two_rows_for_one_value_are_refused() -> None:
    with pytest.raises(InvalidPolicy, match="2 rows answer for dscr"):
        rate((*SCORE, ScoreRow(factor="dscr", from_value=15_500, points=1)), GRADES, (), SOUND)


def test_expected_loss_is_the_exact_product_rounded_once() -> None:
    rating = rate(SCORE, GRADES, (), SOUND)
    loss = LossRow(collateral="equipment", lgd_bps=4_500, source="demonstration")
    drawn = ExposureRow(product="revolver", ead_bps=7_500, source="demonstration")
    found = expected_loss(rating, loss, drawn, 100_000_001)
    assert (found.ead_cents, found.el_cents, found.el_bps) == (
        75_000_001,
        168_750,
        22,
    )  # 0.5 % x 45 % x 750,000.01
    assert found.formula == "EL = PD x LGD x EAD"
