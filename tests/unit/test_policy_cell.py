"""The cell language of decision tables."""

from __future__ import annotations

import pytest

from domain.errors import InvalidPolicy
from policies.cell import Anything, CodeInput, FlagInput, Interval, IntInput, OneOf, Place, parse_input

HERE = Place("mortgage.credit", "R7", "dti_back")
RATIO = IntInput("bps", 0, 100_000)
PRODUCT = CodeInput(("conforming", "jumbo", "heloc"))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("< 4300", None, 4299),
        ("<= 4300", None, 4300),
        (">= 620", 620, None),
        ("> 620", 621, None),
        ("[620..659]", 620, 659),
        ("(0..8000]", 1, 8000),
        ("[0..8000)", 0, 7999),
        ("= 12", 12, 12),
        (12, 12, 12),
        ("<=80_650", None, 80_650),
    ],
)
def test_a_number_cell_states_its_bounds_exactly(written: object, low: int | None, high: int | None) -> None:
    assert RATIO.cell(written, HERE) == Interval(low, high)


def test_a_dash_matches_whatever_the_input() -> None:
    assert all(kind.cell("-", HERE) == Anything() for kind in (RATIO, PRODUCT, FlagInput()))


def test_a_code_cell_names_codes_or_excludes_them() -> None:
    assert PRODUCT.cell("conforming, jumbo", HERE) == OneOf(frozenset({"conforming", "jumbo"}))
    assert PRODUCT.cell("not(conforming, jumbo)", HERE) == OneOf(frozenset({"heloc"}))


def test_a_flag_cell_is_true_or_false() -> None:
    assert FlagInput().cell(True, HERE) == FlagInput().cell("true", HERE) == OneOf(frozenset({True}))


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (RATIO, "about 4300"),
        (RATIO, "43.5"),
        (RATIO, 43.5),
        (RATIO, True),
        (RATIO, "(5..6)"),
        (RATIO, "> 100000"),
        (RATIO, ["620..659"]),
        (PRODUCT, "conformimg"),
        (PRODUCT, "not(conforming, jumbo, heloc)"),
        (PRODUCT, False),
        (FlagInput(), "yes"),
        (FlagInput(), 1),
    ],
)
def test_a_bad_cell_names_table_row_and_column(
    kind: IntInput | CodeInput | FlagInput, written: object
) -> None:
    with pytest.raises(InvalidPolicy) as caught:
        kind.cell(written, HERE)
    assert caught.value.attributes == {"table": "mortgage.credit", "row": "R7", "column": "dti_back"}
    assert str(caught.value).startswith("table mortgage.credit, row R7, column dti_back: ")


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "float"},
        {"type": "int"},
        {"type": "int", "unit": "bps", "min": 9, "max": 1},
        {"type": "int", "unit": "bps", "maximum": 9},
        {"type": "code", "values": []},
        {"type": "code", "values": ["yes", False]},
        {"type": "code", "values": ["jumbo", "jumbo"]},
        {"type": "flag", "values": ["on"]},
        "int",
    ],
)
def test_an_input_without_a_clear_type_is_refused(raw: object) -> None:
    with pytest.raises(InvalidPolicy):
        parse_input(raw, HERE)


def test_a_fact_of_the_wrong_kind_is_not_held() -> None:
    assert all(RATIO.holds(fact) for fact in (0, 100_000))
    assert not any(RATIO.holds(fact) for fact in (True, "4300", 43.0, None, -1, 100_001))
    assert not PRODUCT.holds("auto")
    assert not FlagInput().holds(1)
