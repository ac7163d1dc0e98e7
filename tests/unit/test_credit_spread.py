"""Several documents become one statement per year: the better or later one counts, the other is not forgotten."""

from __future__ import annotations

from datetime import date

import pytest

from domain.records import FinancialFiling
from tests.fakes.companies import FY2025, YEARS, csv, filing, instance
from tools.credit.documents import read_document
from tools.credit.spread import Document, Prepared, Spread, spread
from tools.credit.statement import parse_statement


def document(years: dict[str, dict[str, int]], filed: str, prepared: Prepared = "audited") -> Document:
    return Document(
        f"d {filed}", prepared, date.fromisoformat(filed), parse_statement(csv(years), "csv", "d.csv")
    )


def cash(spreaded: Spread) -> int:
    assert spreaded.latest is not None
    amount = spreaded.latest.amount("cash")
    assert amount is not None
    return amount.cents


LESS_CASH = FY2025 | {"cash": 800_000}


def test_figure_that_a_later_filing_restates_counts_and_the_difference_is_kept() -> None:
    first = document({"2025-12-31": FY2025}, "2026-02-20")
    later = document({"2025-12-31": LESS_CASH}, "2026-06-30")
    found = spread([later, first])
    assert cash(found) == 80_000_000
    (difference,) = found.differences
    assert (difference.kind, difference.account, difference.other_cents) == ("restated", "cash", 90_000_000)
    assert difference.other_source == "d 2026-02-20: line 2"


def test_audited_figure_counts_over_a_later_internal_one_and_both_are_shown() -> None:
    audited = document({"2025-12-31": FY2025}, "2026-02-20")
    internal = document({"2025-12-31": LESS_CASH}, "2026-06-30", "internal")
    found = spread([audited, internal])
    assert cash(found) == 90_000_000
    assert [(each.kind, each.other_cents) for each in found.differences] == [("disagreement", 80_000_000)]


def test_account_that_nobody_reports_counts_as_zero_and_is_named() -> None:
    without = {name: amount for name, amount in FY2025.items() if name != "distributions"}
    found = spread([document({"2025-12-31": without}, "2026-02-20")])
    assert found.latest is not None
    assert found.latest.taken_as_zero == ("distributions",)


def test_liabilities_that_nobody_reports_are_assets_less_equity() -> None:
    owed = {name: amount for name, amount in FY2025.items() if name != "total_liabilities"}
    row = FinancialFiling.model_validate(filing(instance({"2025-12-31": owed}))).model_dump(mode="json")
    found = spread([read_document(row, row["document"]).document])
    assert found.latest is not None
    amount = found.latest.amount("total_liabilities")
    assert amount is not None
    assert (amount.cents, amount.source) == (480_000_000, "computed: total_assets - equity")


def test_year_before_is_the_one_that_ended_twelve_months_earlier() -> None:
    found = spread([document(YEARS, "2026-02-20")])
    assert found.latest is not None
    before = found.before(found.latest)
    assert before is not None
    assert before.period_end == "2024-12-31"
    assert found.before(before) is None


def test_filing_whose_digest_is_not_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="sha256 is not that of the document"):
        FinancialFiling.model_validate(filing(sha256="0" * 64))


def test_statement_and_filing_of_the_same_figures_agree() -> None:
    row = FinancialFiling.model_validate(filing()).model_dump(mode="json")
    filed = read_document(row, row["document"])
    internal = document(YEARS, "2026-02-24", "internal")
    assert spread([filed.document, internal]).differences == ()
    assert filed.tax_number == "90-0000417"
