"""Completeness of decision tables, against brute force on small ones."""

from __future__ import annotations

import time
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.cell import Interval, OneOf, Value
from policies.completeness import MOST_GAPS, DefectKind, check, lets_through, unanswered
from policies.table import DecisionTable, Row

SMALL = {
    "notches": {"type": "int", "unit": "count", "min": 0, "max": 4},
    "product": {"type": "code", "values": ["a", "b", "c"]},
    "held": {"type": "flag"},
}
POINTS: list[dict[str, Value]] = [
    dict(zip(SMALL, point, strict=True)) for point in product(range(5), "abc", (False, True))
]
CELLS = {
    "notches": st.sampled_from(["-", "< 2", ">= 2", "[1..3]", "(1..4)", "<= 3", 0, 4, "> 0"]),
    "product": st.sampled_from(["-", "a", "b, c", "not(b)", "a, c"]),
    "held": st.sampled_from(["-", True, False]),
}
ROWS = st.lists(
    st.tuples(st.fixed_dictionaries(CELLS), st.sampled_from(["decline", "refer", "approve"])),
    min_size=1,
    max_size=7,
)


def table(rows: list[Any], hit_policy: str, inputs: dict[str, Any] | None = None) -> DecisionTable:
    written = [
        {"id": f"R{number}", "when": when, "then": {"outcome": outcome}}
        for number, (when, outcome) in enumerate(rows, 1)
    ]
    outputs = {"outcome": ["decline", "refer", "approve"]}
    raw = {"hit_policy": hit_policy, "inputs": inputs or SMALL, "outputs": outputs, "rows": written}
    return DecisionTable.parse("t", raw)


def hits(book: DecisionTable, point: dict[str, Value]) -> list[Row]:
    return [row for row in book.precedence() if not row.misses(point)]


def found(book: DecisionTable, kind: DefectKind) -> list[Any]:
    return [defect for defect in check(book) if defect.kind is kind]


@settings(deadline=None)
@given(ROWS, st.sampled_from(["unique", "first", "priority"]))
def test_gaps_are_reported_exactly_when_there_are_some(rows: list[Any], hit_policy: str) -> None:
    book = table(rows, hit_policy)
    gaps = found(book, DefectKind.GAP)
    assert bool(gaps) == any(not hits(book, point) for point in POINTS)
    assert all(dict(gap.witness) in POINTS and not hits(book, gap.witness) for gap in gaps)


@settings(deadline=None)
@given(ROWS)
def test_contradictions_are_exactly_the_pairs_that_disagree_somewhere(rows: list[Any]) -> None:
    book = table(rows, "unique")
    expected = {
        (one.id, other.id)
        for point in POINTS
        for one, other in combinations(hits(book, point), 2)
        if one.outputs != other.outputs
    }
    overlaps = found(book, DefectKind.OVERLAP)
    assert {defect.rows for defect in overlaps} == expected
    assert all(book.evaluate(defect.witness).outputs == {} for defect in overlaps)


@settings(deadline=None)
@given(ROWS, st.sampled_from(["first", "priority"]))
def test_dead_rows_are_exactly_those_that_never_answer(rows: list[Any], hit_policy: str) -> None:
    book = table(rows, hit_policy)
    answering = {hits(book, point)[0].id for point in POINTS if hits(book, point)}
    dead = {defect.rows[0] for defect in found(book, DefectKind.UNREACHABLE)}
    assert dead == {row.id for row in book.rows} - answering


@settings(deadline=None)
@given(
    ROWS,
    st.sampled_from(["unique", "first", "priority", "collect"]),
    st.sets(st.sampled_from(list(SMALL))),
)
def test_an_answer_despite_unknown_facts_holds_whatever_they_are(
    rows: list[Any], hit_policy: str, hidden: set[str]
) -> None:
    book = table(rows, hit_policy)
    for point in POINTS:
        partial = book.evaluate({name: value for name, value in point.items() if name not in hidden})
        assert partial.outputs == book.evaluate(point).outputs if not partial.unknown else not partial.outputs


def test_a_gap_between_two_thresholds_is_named_with_its_bounds() -> None:
    inputs = {"dti_back": {"type": "int", "unit": "bps"}, "held": {"type": "flag"}}
    rows = [({"dti_back": "< 4300"}, "approve"), ({"dti_back": "> 5000"}, "decline")]
    (gap,) = check(table(rows, "unique", inputs))
    assert gap.sentence == "t: no row answers dti_back 4300..5000 bps"
    assert gap.witness == {"dti_back": 4300, "held": False}


def test_a_row_behind_two_that_together_precede_it_is_dead() -> None:
    rows = [({"held": True}, "refer"), ({"held": False}, "approve"), ({"product": "b"}, "decline")]
    (dead,) = check(table(rows, "first"))
    assert dead.rows == ("R3", "R1", "R2")


def test_a_contradiction_shows_an_input_on_which_both_rows_answer() -> None:
    rows = [({"notches": "<= 3"}, "approve"), ({"notches": ">= 3"}, "decline")]
    (overlap,) = check(table(rows, "unique"))
    assert (overlap.rows, overlap.witness["notches"]) == (("R1", "R2"), 3)


def test_a_collecting_table_may_leave_inputs_without_a_row() -> None:
    assert check(table([({"held": True}, "refer")], "collect")) == ()


def test_reported_gaps_are_few() -> None:
    rows = [({"notches": number, "product": "a"}, "refer") for number in (0, 2, 4)]
    assert 1 <= len(found(table(rows, "first"), DefectKind.GAP)) <= MOST_GAPS


def test_sixty_rows_over_ten_columns_are_decided_within_a_second() -> None:
    inputs = {f"ratio_{n}": {"type": "int", "unit": "bps"} for n in range(10)}
    rows: list[Any] = [
        ({f"ratio_{(n + k) % 10}": f"> {100 * n + k}" for k in range(1 + n % 4)}, "refer") for n in range(59)
    ]
    started = time.perf_counter()
    check(table([*rows, ({}, "approve")], "first", inputs))
    assert time.perf_counter() - started < 1


@settings(deadline=None)
@given(
    ROWS, st.sampled_from(["first", "priority", "collect"]), st.sampled_from(["notches", "product", "held"])
)
def test_what_is_let_through_is_found_exactly_when_there_is_something(
    rows: list[Any], hit_policy: str, fact: str
) -> None:
    book = table(rows, hit_policy)
    cell = {"notches": Interval(2, 3), "product": OneOf(frozenset("b")), "held": OneOf(frozenset((True,)))}[
        fact
    ]
    inside = [point for point in POINTS if cell.matches(point[fact])]
    unsafe = [point for point in inside if approves(book, point)]
    witness = lets_through(book, {fact: cell}, lambda row: row.outputs["outcome"] != "approve")
    assert (witness is not None) == bool(unsafe)
    assert witness is None or dict(witness) in unsafe


def approves(book: DecisionTable, point: dict[str, Value]) -> bool:
    said = [row.outputs["outcome"] for row in hits(book, point)]
    said = said if book.hit_policy == "collect" else said[:1]
    return bool(said) and all(each == "approve" for each in said)


@settings(deadline=None)
@given(ROWS)
def test_what_a_collecting_table_leaves_unanswered_is_found_exactly(rows: list[Any]) -> None:
    book = table(rows, "collect")
    assert bool(unanswered(book)) == any(not hits(book, point) for point in POINTS)
