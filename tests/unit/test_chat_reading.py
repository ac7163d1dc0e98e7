"""What stands in a message is read without understanding it."""

from __future__ import annotations

import pytest

from agents.advisor.reading import read_message
from agents.advisor.wishes import read_wish


def test_clauses_figures_and_cases_are_told_apart() -> None:
    said = read_message("Where does case home_loan-0123456789ab stand and what would DTI be at 6.5 %?")
    assert [each.words for each in said.clauses] == ["Where does stand", "what would DTI be at"]
    assert said.mentions == ("home_loan-0123456789ab",)
    assert [(each.value, each.unit) for each in said.figures] == [("650", "bps")]


def test_score_ltv_and_rate_are_known_by_what_they_can_be() -> None:
    said = read_message("What rate would a 740 score at 75 % LTV get, or at 6.125 %?")
    assert (said.figure("score"), said.figure("ltv"), said.figure("rate")) == (
        "asked:1",
        "asked:2",
        "asked:3",
    )
    assert said.figures[2].value == "612.5"


@pytest.mark.parametrize(
    ("text", "hours"),
    [("longer than a day", 24), ("for 3 days", 72), ("two weeks", 336), ("48 hours", 48), ("", 0)],
)
def test_spans_of_time_are_hours(text: str, hours: int) -> None:
    assert read_message(f"What waits {text}?").hours == hours


def test_fork_of_a_case_and_a_number_said_alone_are_cases() -> None:
    said = read_message("Compare home_loan-0123456789ab-fork-1 with case 1042")
    assert said.mentions == ("home_loan-0123456789ab-fork-1", "1042")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Refund the late fee of $35", "fee_refund"),
        ("please change the due date to the 15th", "due_date_change"),
        ("Approve case home_loan-0123456789ab", "decide"),
        ("Raise my limit", "other"),
        ("Where does case 1042 stand? Approve it.", "decide"),
        ("Where does case 1042 stand and what is missing; then please refund the late fee", "fee_refund"),
    ],
)
def test_what_is_to_be_done_is_a_wish(text: str, kind: str) -> None:
    wish = read_wish(read_message(text))
    assert wish is not None
    assert wish.kind == kind


@pytest.mark.parametrize(
    "text", ["Was it approved?", "Who may approve case 1042?", "Why was the refund declined?"]
)
def test_a_question_about_a_deed_is_no_wish(text: str) -> None:
    assert read_wish(read_message(text)) is None
