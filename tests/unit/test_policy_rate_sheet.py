"""A rate sheet with a gap or an overlap is refused when the book is loaded, by the names of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidPolicy
from graphs.catalog import VOCABULARY
from policies.loader import BOOKS, read_book
from policies.rate_sheet import sheet_defects

COVERS = {"score_from": 300, "score_to": 850, "ltv_above_bps": 0, "ltv_to_bps": 9_700}
BOOK = (BOOKS / "home_loan.yaml").read_text(encoding="utf-8")


def grid(*rows: dict[str, Any]) -> tuple[str, ...]:
    return sheet_defects({"rate_covers": [COVERS], "rate_adjustments": list(rows)})


def row(name: str, **changes: int) -> dict[str, Any]:
    return COVERS | {"id": name, "adjustment_bps": 0} | changes


def test_sheet_that_answers_every_request_once_is_sound() -> None:
    assert grid(row("A", score_to=679), row("B", score_from=680)) == ()


def test_gap_is_named_by_the_request_that_nobody_answers() -> None:
    (told,) = grid(row("A", score_to=679), row("B", score_from=681))
    assert "rate_adjustments: no row answers score" in told
    assert "680" in told


def test_overlap_is_named_by_its_rows_even_when_they_say_the_same() -> None:
    (told,) = grid(row("A", score_to=680), row("B", score_from=680))
    assert "rows A (1) and B (2)" in told


def test_sheet_of_a_book_that_names_no_bounds_is_decided_between_its_outer_ones() -> None:
    assert sheet_defects({"rate_adjustments": [row("A")]}) == ()
    (told,) = sheet_defects({"rate_adjustments": [row("A", score_to=679), row("B", score_from=681)]})
    assert "no row answers score" in told


def test_priced_trait_needs_a_row_for_every_value_of_the_form() -> None:
    rows: list[Any] = [
        {"id": "T", "trait": "occupancy", "value": value, "adjustment_bps": 0}
        for value in ("principal", "second")
    ]
    (told,) = sheet_defects({"rate_traits": rows})
    assert "no row answers occupancy investment" in told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"id": "T", "trait": "colour", "value": "red"}], "colour"),
        ([{"id": "T", "trait": "units", "value": "5"}], "row T"),
    ],
)
def test_trait_or_value_that_no_form_carries_is_refused(rows: list[Any], told: str) -> None:
    with pytest.raises(InvalidPolicy, match=told):
        sheet_defects({"rate_traits": rows})


def test_tiers_of_manufactured_homes_may_leave_gaps_but_not_overlap() -> None:
    ordinary: dict[str, Any] = {"from_cents": 0, "below_cents": None}
    special: dict[str, Any] = {"manufactured_home": True, "from_cents": 0, "below_cents": 100}
    assert sheet_defects({"qm_price": [ordinary, special]}) == ()
    (told,) = sheet_defects({"qm_price": [ordinary, special, special]})
    assert "qm_price: rows" in told


def test_amount_tiers_must_meet_without_gap() -> None:
    tiers: list[Any] = [{"from_cents": 0, "below_cents": 100}, {"from_cents": 101, "below_cents": None}]
    (told,) = sheet_defects({"qm_fees": tiers})
    assert "qm_fees: no row answers amount_cents 100" in told


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("{id: S4, score_from: 680", "{id: S4, score_from: 690", "no row answers"),
        (
            "{id: S4, score_from: 680, score_to: 739",
            "{id: S4, score_from: 680, score_to: 740",
            "S2 (2) and S4 (4)",
        ),
    ],
)
def test_book_with_a_faulty_sheet_is_not_loaded(written: str, instead: str, told: str) -> None:
    assert written in BOOK
    with pytest.raises(InvalidPolicy) as refused:
        read_book(BOOK.replace(written, instead, 1), VOCABULARY, Path("home_loan.yaml").name)
    assert told in str(refused.value)
    assert "from 2025-01-01" in str(refused.value)
