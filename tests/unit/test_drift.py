"""Drift: how rarely it is found where nothing changed, and how soon where something did. Seeded simulations."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from audit.drift import ANSWERS, Observation, Reading, frozen, readings

JUDGEMENT = "judgement:letter_explains_income"
WINDOW, FALSE_ALARM = 200, 500  # findings; basis points of windows
Mix = tuple[int, int, int]  # weights of supports, does_not_support, unclear


def answered(draw: Random, mix: Mix, n: int) -> list[Observation]:
    given = draw.choices(ANSWERS, mix, k=n)
    return [
        Observation((f"letter_explains_income={each}",), 8_500, escalated=each != "supports")
        for each in given
    ]


def read(reference: list[Observation], came: list[Observation]) -> dict[str, Reading]:
    found = readings(frozen(reference), came, window=WINDOW, false_alarm_bps=FALSE_ALARM)
    return {each.measure: each for each in found}


@pytest.mark.parametrize("mix", [(80, 15, 5), (34, 33, 33), (98, 1, 1)])
def test_no_more_windows_breach_than_declared_where_nothing_changed(mix: Mix) -> None:
    draw, runs = Random(f"same {mix}"), 200
    alarms = sum(
        any(each.breached for each in read(answered(draw, mix, 200), answered(draw, mix, WINDOW)).values())
        for _ in range(runs)
    )
    assert alarms <= runs * FALSE_ALARM // 10_000, f"{alarms} of {runs} windows"


@pytest.mark.parametrize(("mix", "within"), [((50, 35, 15), 100), ((80, 0, 20), 160), ((20, 75, 5), 25)])
def test_a_changed_mix_of_answers_is_found_within_the_window(mix: Mix, within: int) -> None:
    draw, runs = Random(f"changed {mix}"), 40
    found = sum(
        read(answered(draw, (80, 15, 5), 200), answered(draw, mix, within))[JUDGEMENT].breached
        for _ in range(runs)
    )
    assert found >= runs * 8 // 10, f"{found} of {runs} within {within} findings"


def test_a_late_change_is_not_hidden_by_what_was_long_in_order() -> None:
    draw = Random("late")
    reference, long = answered(draw, (80, 15, 5), 200), answered(draw, (80, 15, 5), 10 * WINDOW)
    assert not read(reference, long)[JUDGEMENT].breached
    assert read(reference, [*long, *answered(draw, (20, 75, 5), WINDOW)])[JUDGEMENT].breached


def test_a_breach_stands_whatever_comes_after_it() -> None:
    draw = Random("stands")
    reference = answered(draw, (80, 15, 5), 200)
    changed, again = answered(draw, (0, 100, 0), 40), answered(draw, (80, 15, 5), 3 * WINDOW)
    assert read(reference, [*changed, *again])[JUDGEMENT].breached


def test_the_ratio_is_exact() -> None:
    reference = [Observation((), 9_500, escalated=False)] * 3
    (confidence, escalation) = readings(frozen(reference), reference[:1], window=9, false_alarm_bps=10_000)
    assert escalation.ratio == Fraction(1, 2) / Fraction(7, 8)
    assert confidence.ratio == Fraction(1, 4) / Fraction(7, 10)
    assert escalation.limit == 2  # two measures share a whole


def test_every_kind_of_measure_is_counted_where_it_is_known() -> None:
    known = Observation(
        ("a=unclear", "b=supports"), 5_999, escalated=True, decision="decline", otherwise=True
    )
    assert known.measured() == {
        "judgement:a": "unclear",
        "judgement:b": "supports",
        "confidence": "under_60",
        "escalation": "left_to_person",
        "decision": "decline",
        "override": "otherwise",
    }
    assert set(Observation((), 10_000, escalated=False).measured()) == {"confidence", "escalation"}


@pytest.mark.parametrize("measure", ["confidence", "escalation", "decision", "override"])
def test_each_measure_breaches_by_itself(measure: str) -> None:
    before = Observation((), 9_500, escalated=False, decision="approve", otherwise=False)
    after = Observation((), 6_500, escalated=True, decision="refer", otherwise=True)
    changed = {
        "confidence": Observation(
            (), after.confidence_bps, before.escalated, before.decision, before.otherwise
        ),
        "escalation": Observation(
            (), before.confidence_bps, after.escalated, before.decision, before.otherwise
        ),
        "decision": Observation(
            (), before.confidence_bps, before.escalated, after.decision, before.otherwise
        ),
        "override": Observation(
            (), before.confidence_bps, before.escalated, before.decision, after.otherwise
        ),
    }[measure]
    found = read([before] * 100, [changed] * 20)
    assert [name for name, each in found.items() if each.breached] == [measure]


def test_a_reading_says_what_it_saw() -> None:
    draw = Random("told")
    breached = read(answered(draw, (80, 15, 5), 200), answered(draw, (0, 100, 0), 40))[JUDGEMENT]
    assert "does_not_support against" in breached.told()
    assert Counter(breached.window).total() < 40, "it stops at the breach"
