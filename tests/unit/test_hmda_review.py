"""The review of whole registers, the notices they owe and the monitoring that stands apart."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tools.hmda.fair_lending import Group, adverse_impact
from tools.hmda.notices import due_date, notices_owed
from tools.hmda.register import parse_register
from tools.hmda.review import notices_digest, review_register

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HMDA = SHARED / "data" / "mortgage" / "hmda-lar"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
FILES = ("Bank0_clean_100_rows_2024_annual.txt", "clean_file_1000_rows_Bank0_2020.txt",
         "clean_file_1k_rows_Bank0_syntax_validity.txt")  # fmt: skip

SHEET = "1|Demo Bank|2024|4|Demo Person|555-555-5555|d@example.com|1 Demo St|Demo|UT|84096|9|1|01-0123456|LEI"


def loan(**values: str) -> bytes:
    """A register of one otherwise empty loan row; ``f10`` is the field at position 10 (action taken)."""
    record = ["2", *([""] * 109)]
    for position, value in values.items():
        record[int(position[1:])] = value
    return f"{SHEET}\n{'|'.join(record)}".encode()


def published(name: str, file: str) -> dict[str, Any]:
    facts: dict[str, dict[str, Any]] = json.loads((SHARED / "facts" / name).read_text())
    return facts[file]


@needs_shared
@pytest.mark.parametrize("file", FILES)
def test_the_review_is_the_published_one_to_the_last_digit(file: str) -> None:
    report = json.loads(json.dumps(review_register((HMDA / file).read_bytes(), file).to_json()))
    assert report["review"] == published("hmda_review.json", file)
    assert report["blocked"] is False


@needs_shared
@pytest.mark.parametrize("file", FILES)
def test_the_register_figures_and_the_monitoring_are_the_published_ones(file: str) -> None:
    report = review_register((HMDA / file).read_bytes(), file).to_json()
    facts = published("hmda_lar.json", file)
    impact, amount = facts.pop("adverse_impact_sex(1=male,2=female)"), facts.pop("sum_loan_amount")
    assert report["register"] == {**facts, "sum_loan_amount_cents": amount * 100}
    shown = report["monitoring"]
    assert shown.get("applicant_sex", {}) == {code: impact[code] for code in impact if code in ("1", "2")}
    assert shown.get("four_fifths_flag") == impact.get("four_fifths_flag")
    if impact:
        assert Decimal(shown["female_over_male_bps"]) / 10_000 == Decimal(str(impact["AIR_female_vs_male"]))


def test_a_register_that_owes_no_notice_has_the_digest_of_the_empty_object() -> None:
    assert notices_digest(()) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_denial_owes_a_notice_thirty_days_later_with_at_most_four_reasons() -> None:
    content = loan(f2="X1", f10="3", f11="20240131", f67="1", f68="9", f69="4", f70="3", f71="Title dispute")
    (notice,) = notices_owed(parse_register(content, "a"))
    assert notice.due == date(2024, 3, 1) == due_date(date(2024, 1, 31))
    assert notice.codes == ("1", "9", "4", "3") and notice.reasons[1].text == "Title dispute"
    assert not notice.complete


@pytest.mark.parametrize("action", ["1", "2", "4", "5", "6", "8"])
def test_no_adverse_action_notice_is_owed_on_what_was_not_denied(action: str) -> None:
    assert notices_owed(parse_register(loan(f10=action, f11="20240131"), "a")) == ()


def test_a_denied_preapproval_owes_a_notice_even_when_its_reasons_are_filed_as_exempt() -> None:
    (notice,) = notices_owed(parse_register(loan(f10="7", f11="20240131", f67="1111"), "a"))
    assert notice.reasons == () and not notice.complete


def test_an_unreadable_action_date_leaves_the_due_date_open_and_fails_its_edit() -> None:
    review = review_register(loan(f10="3", f11="99991231", f67="1"), "a")
    assert review.notices[0].due is None
    assert "V619-1" in {failure.edit.code for failure in review.failures} and review.blocked


def test_an_unreadable_amount_leaves_the_total_open_instead_of_too_small() -> None:
    assert review_register(loan(f9="much"), "a").to_json()["register"]["sum_loan_amount_cents"] is None


def test_the_adverse_impact_ratio_has_a_confidence_interval_and_says_it_is_monitoring() -> None:
    impact = adverse_impact(Group("2", 100, 40), Group("1", 100, 50))
    assert impact is not None and impact.ratio_bps == 8_000 and not impact.below_four_fifths
    assert impact.interval_bps == (5_868, 10_906)
    assert "monitoring" in impact.label and "not a legal test" in impact.label


def test_the_interval_is_left_out_where_a_group_has_no_approvals() -> None:
    impact = adverse_impact(Group("2", 10, 0), Group("1", 10, 5))
    assert impact is not None and impact.interval_bps is None and impact.below_four_fifths
    assert adverse_impact(Group("2", 0, 0), Group("1", 10, 5)) is None
