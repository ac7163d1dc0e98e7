"""How long each record class is kept: the longest duty wins, and what nobody limits is kept for good."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.chain import Entry
from audit.retention import begun, classes_of
from domain.retention import Begins, RecordClass
from graphs.catalog import VOCABULARY
from policies.loader import parse_book, problems_of, shipped
from policies.retention import Duty, erasable_from, kept, months_after

ENDED = {Begins.CASE_ENDED: date(2026, 3, 2)}
LAW = Duty(id="K1", keeps=RecordClass.APPLICATION, months=12, source="12 CFR 1002.12(b)(1)")
OWN = Duty(id="K2", keeps=RecordClass.APPLICATION, months=60, source="the house's own")
CUSTOMER = Duty(
    id="K3", keeps=RecordClass.CUSTOMER, months=60, counts_from=Begins.RELATIONSHIP_ENDED, source="31 CFR"
)
DATES = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def told(kind: str, at: str = "2026-03-02T15:00:00.000+00:00", **body: object) -> Entry:
    return Entry("c", 1, f"k/{kind}", kind, 1, at, "system", body, "", "")


def test_the_longest_duty_of_a_class_wins_and_is_named() -> None:
    (found,) = kept((LAW, OWN), {RecordClass.APPLICATION}, ENDED)
    assert (found.until, found.because) == (date(2031, 3, 2), "K2: 60 months from case ended")


def test_the_longest_class_keeps_all_of_the_case() -> None:
    shorter = Duty(id="K9", keeps=RecordClass.VERIFICATION, months=6, source="the house's own")
    found = kept((LAW, shorter), {RecordClass.APPLICATION, RecordClass.VERIFICATION}, ENDED)
    assert erasable_from(found) == date(2027, 3, 2)


def test_a_class_without_a_row_is_kept_for_good() -> None:
    found = kept((LAW,), {RecordClass.APPLICATION, RecordClass.SANCTIONS}, ENDED)
    assert erasable_from(found) is None
    assert "no row of the book says how long" in found[1].because


def test_a_customer_is_kept_until_the_account_was_closed_and_five_years_more() -> None:
    classes = {RecordClass.APPLICATION, RecordClass.CUSTOMER}
    assert erasable_from(kept((LAW, CUSTOMER), classes, ENDED)) is None
    since = ENDED | {Begins.RELATIONSHIP_ENDED: date(2040, 1, 31)}
    assert erasable_from(kept((LAW, CUSTOMER), classes, since)) == date(2045, 1, 31)


def test_an_open_period_beats_every_date_within_a_class() -> None:
    never = CUSTOMER.model_copy(update={"keeps": RecordClass.APPLICATION})
    assert erasable_from(kept((LAW, never, OWN), {RecordClass.APPLICATION}, ENDED)) is None


def test_nothing_is_erasable_of_which_nothing_is_known() -> None:
    assert erasable_from(()) is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2024-01-31", 1, "2024-02-29"), ("2026-12-15", 25, "2029-01-15"), ("2026-03-31", -1, "2026-02-28")],
)
def test_months_end_on_the_last_day_of_a_shorter_month(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)


@given(DATES, st.integers(1, 600), st.integers(0, 600))
def test_a_longer_period_never_ends_earlier(day: date, months: int, more: int) -> None:
    assert day < months_after(day, months) <= months_after(day, months + more)


def test_classes_follow_from_what_the_record_tells() -> None:
    entries = [
        told("finding_returned", specialist="sanctions_screener", holds=["potential_sanctions_match"]),
        told("finding_returned", specialist="filing_preparer", holds=["for_compliance"]),
        told("effect_confirmed", effect="book_offer"),
        told("case_closed", outcome="approved"),
    ]
    expected = {"application", "verification", "sanctions", "report", "credit", "customer"}
    assert {str(each) for each in classes_of("home_loan", entries)} == expected
    assert classes_of("home_loan", entries[:0]) == {RecordClass.APPLICATION}
    assert classes_of("advisor", entries) == {RecordClass.CONVERSATION}


def test_a_referred_case_has_ended_when_its_referral_is_settled() -> None:
    referred = told("case_referred")
    assert begun("home_loan", [referred, told("case_closed", outcome="approved")]) == {}
    later = told("referral_settled", "2026-05-04T09:00:00.000+00:00")
    assert begun("home_loan", [referred, later]) == {Begins.CASE_ENDED: date(2026, 5, 4)}


def test_asking_to_erase_a_chat_is_no_word_in_it() -> None:
    words = [told("question_answered"), told("erasure_asked", "2030-01-01T00:00:00.000+00:00")]
    assert begun("advisor", words) == ENDED


def test_every_shipped_book_of_people_keeps_every_class_for_a_while() -> None:
    people = {"home_loan", "commercial_credit", "loan_amendment", "kyc_onboarding"}
    wanted = {"application", "verification", "customer", "sanctions", "report"}
    for book in shipped(VOCABULARY):
        kept_classes = {str(row.keeps) for row in book.rules.retention}
        assert book.rules.kind not in people or wanted <= kept_classes, book.rules.kind


def test_a_book_with_two_rows_of_one_name_is_refused() -> None:
    (book,) = [each for each in shipped(VOCABULARY) if each.rules.kind == "advisor"]
    row = next(line for line in book.source.splitlines() if "{id: K8" in line)
    twice = parse_book(book.source.replace(row, f"{row}\n{row}"))
    assert "retention: there are several rows K8" in list(problems_of(twice, VOCABULARY))
