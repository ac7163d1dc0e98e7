"""The conforming limit of a county: from the agency's list, else from the book's baseline."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, Misconfigured
from tools.lending.conforming import Baseline, CountyLimits, Dwelling, LimitStatus, check_limit

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HEADER = (
    "program,limit-type,limit-1-unit,limit-2-units,limit-3-units,limit-4-units,state,county-fips,"
    "limit-transaction-date"
)
BASE = "GSE,S,0806500,1032650,1248150,1551250,,,20250101"
DEAR = "GSE,H,1209750,1548975,1872225,2326875,CA,001,20250101"
BASELINE = Baseline(1, 806_500_00, 1_209_750_00)


def listed(folder: Path, *rows: str) -> CountyLimits:
    file = folder / "limits.csv"
    file.write_text("\n".join((HEADER, *rows)))
    return CountyLimits.load(file)


def test_county_of_the_list_has_its_own_limit(tmp_path: Path) -> None:
    counties = listed(tmp_path, BASE, DEAR)
    check = check_limit(1_000_000_00, Dwelling("06001", 1, 2025), BASELINE, counties)
    assert (check.status, check.limit_cents) == (LimitStatus.CONFORMING, 1_209_750_00)
    assert check.source == "county_list"


def test_list_of_another_year_is_not_used(tmp_path: Path) -> None:
    counties = listed(tmp_path, BASE, DEAR)
    check = check_limit(1_000_000_00, Dwelling("06001", 1, 2026), BASELINE, counties)
    assert (check.status, check.source) == (LimitStatus.UNDETERMINED, "book_baseline")


@pytest.mark.parametrize(
    ("amount", "area", "status"),
    [
        (806_500_00, "19153", LimitStatus.CONFORMING),
        (806_500_01, "19153", LimitStatus.UNDETERMINED),
        (1_209_750_01, "19153", LimitStatus.ABOVE_LIMIT),
        (1_209_750_01, "02020", LimitStatus.UNDETERMINED),  # Alaska has a higher ceiling
    ],
)
def test_without_a_list_only_what_the_baseline_settles_is_settled(
    amount: int, area: str, status: LimitStatus
) -> None:
    assert check_limit(amount, Dwelling(area, 1, 2025), BASELINE, None).status is status


def test_units_without_a_row_in_the_book_are_undetermined() -> None:
    assert check_limit(1, Dwelling("19153", 2, 2026), None, None).status is LimitStatus.UNDETERMINED


@given(st.integers(1, 3_000_000_00), st.integers(0, 1_000_000_00), st.sampled_from(["19153", "02020"]))
def test_a_larger_loan_is_never_nearer_to_conforming(amount: int, more: int, area: str) -> None:
    order = [LimitStatus.CONFORMING, LimitStatus.UNDETERMINED, LimitStatus.ABOVE_LIMIT]
    first, second = (
        order.index(check_limit(each, Dwelling(area, 1, 2025), BASELINE, None).status)
        for each in (amount, amount + more)
    )
    assert first <= second


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (DEAR.replace("1209750", "12o9750"), "limit-1-unit"),
        (DEAR.replace("CA", "XX"), "county-fips"),
        (BASE.replace("20250101", "2025"), "limit-transaction-date"),
    ],
)
def test_list_that_cannot_be_read_names_file_row_and_field(tmp_path: Path, row: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        listed(tmp_path, BASE, row)
    assert refused.value.attributes | {"remedy": ""} == {
        "file": "limits.csv",
        "row": 3,
        "field": field,
        "remedy": "",
    }


def test_list_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"gone\.csv"):
        CountyLimits.load(tmp_path / "gone.csv")


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
def test_the_published_list_of_2025_is_read_whole() -> None:
    counties = CountyLimits.load(SHARED / "data/mortgage/gse_limits_2025.csv")
    assert (counties.year, len(counties.limits)) == (2025, 3_238)
    assert counties.limits["19153"] == (806_500_00, 1_032_650_00, 1_248_150_00, 1_551_250_00)
    assert counties.limits["06001"][0] == 1_209_750_00
