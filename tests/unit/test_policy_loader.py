"""A book that names what does not exist, lacks a part or cannot be read is refused, with the place in the message."""

from __future__ import annotations

import pytest

from domain.errors import InvalidPolicy
from graphs.catalog import VOCABULARY
from policies.loader import BOOKS, read_book

BOOK = (BOOKS / "loan_amendment.yaml").read_text(encoding="utf-8")

HOURS = "hours: [{id: H1, effects: [amend_loan], source: test, "
AT = 'zone: America/New_York, open: [{days: [mon], opens: "08:00", '


def test_the_shipped_book_is_read() -> None:
    assert read_book(BOOK, VOCABULARY).rules.kind == "loan_amendment"


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        ("kind: loan_amendment", "kind: [", "not YAML"),
        ("kind: loan_amendment", "kind: loan_amendment\nsurprise: 1", "surprise"),
        ("bureau_analyst", "fortune_teller", "fortune_teller does not exist"),
        ("amend_loan", "print_money", "print_money does not exist"),
        ("  default: {owner: servicing", "  stuck: {owner: servicing", "referrals: there is no default row"),
        (
            "due_hours: 48, escalates_to: chief_credit}",
            "due_hours: 48, escalates_to: servicing}",
            "referrals.default: servicing owns it and it escalates to servicing",
        ),
        ("values_as_arguments", "wishful_thinking", "wishful_thinking does not exist"),
        ("mandates:\n  default:", "mandates:\n  other:", "no default row"),
        ("  decision:\n", "  opinion:\n", "there is no table decision"),
        ("outcome: approve", "outcome: shrug", "outcome must be one of"),
        (" beyond_threshold,", "", "thresholds: nothing enforces it"),
        (", unattended_risk", "", "unattended_at_most: nothing enforces it"),
        ("unattended_at_most: high", "unattended_at_most: elevated", "amend_loan is rated high"),
        ("unattended_at_most: high", "unattended_at_most: critical", "unattended_at_most"),
        ("id: T-refund-account", "id: T-refund-customer", "T-refund-customer is there 2 times"),
        (
            "scope: customer, effects: [amend_loan]",
            "scope: customer, effects: [decision_notice]",
            "moves no money",
        ),
        (
            "scope: counterparty, effects: [amend_loan]",
            "scope: counterparty, effects: [book_offer]",
            "nobody at",
        ),
        ("scope: employee, effects: [amend_loan]", "scope: employee, effects: [wire]", "wire does not exist"),
        (", outside_hours", "", "hours and freezes: nothing enforces it"),
        (", forbidden_sequence", "", "sequences: nothing enforces it"),
        (" outside_area,", "", "geography: nothing enforces it"),
        ("systems: [US]", "systems: [Utopia]", "geography.systems.0"),
        ("id: G-bank, effects: [amend_loan]", "id: G-bank, effects: [wire]", "wire does not exist"),
        ("id: G-bank", "id: T-refund-once", "T-refund-once is there 2 times"),
        (", out_of_bounds]", "]", "tripwires: nothing enforces it"),
        (
            "event: effect_refused, of: [amend_loan]",
            "event: effect_refused, of: [bureau_file]",
            "bureau_file does not",
        ),
        (
            "event: effect_refused, of: [amend_loan]",
            "event: call_refused, of: [amend_loan]",
            "amend_loan does not",
        ),
        (", over_rate", "", "rates: nothing enforces it"),
        ('steps: ["amend_loan:due', 'steps: ["wire:due', "wire does not exist"),
        ('steps: ["amend_loan:due_date_change"', 'steps: ["decision_notice:sent"', "has no sorts"),
        (
            'scope: customer, steps: ["amend_loan:due_date_change"',
            'scope: counterparty, steps: ["book_offer"',
            "nobody at the other end",
        ),
        ("tools: [bureau_file]", "tools: [crystal_ball]", "crystal_ball does not exist"),
        ("id: R-bureau, tools: [bureau_file]", "id: R-bureau", "of effects or of tools"),
        ("id: F-year-end, effects: [amend_loan]", "id: F-year-end, effects: [wire]", "wire does not exist"),
        ("id: F-year-end", "id: T-refund-once", "T-refund-once is there 2 times"),
        ("ends: 2027-01-01T06", "ends: 2026-12-31T06", "ends before it begins"),
        ("ends: 2027-01-01T06:00:00-05:00", "ends: 2027-01-01T06:00:00", "freezes.0.ends"),
        ("freezes:", f"{HOURS}zone: Berlin, open: [{{days: [mon]}}]}}]\nfreezes:", "Berlin is no time zone"),
        ("freezes:", f'{HOURS}{AT}closes: "06:00"}}]}}]\nfreezes:', "write two spans"),
        ("freezes:", f"{HOURS}{AT}closes: 17:00}}]}}]\nfreezes:", "with quotation marks"),
        ("measure: actions, within_days: 30", "measure: actions", "say within_days"),
        ("    groups: [chief_credit]\n", "", "the groups that may release them"),
        ("output: [order_schema, ", "output: [", "effects leave, and order_schema does not look at them"),
        ('  licensed_tax: {"*": 100000000000}\n', "", "licensed_tax has none"),
        (
            "parameters:\n  - effective_from: 2020-01-01\n    values:",
            "parameters:\n    values:",
            "list of sections",
        ),
    ],
)
def test_a_broken_book_is_refused_with_the_place(piece: str, instead: str, complaint: str) -> None:
    assert piece in BOOK
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(BOOK.replace(piece, instead), VOCABULARY, "book.yaml")


def test_a_boundary_that_escalates_to_nobody_is_refused() -> None:
    group = next(line.split(":")[1].strip() for line in BOOK.splitlines() if "escalates_to" in line)
    with pytest.raises(InvalidPolicy, match="nobody could decide after escalation"):
        read_book(BOOK.replace(f"escalates_to: {group}", "escalates_to: ghosts"), VOCABULARY)


HOME = (BOOKS / "home_loan.yaml").read_text(encoding="utf-8")
WAIVABLE = "conditions: [reserves, market_valuation, county_confirmed]"
COUNTERSIGNED = "    groups: [senior_underwriters, chief_credit]\n    due_hours: 48\n"


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        (WAIVABLE, "conditions: [horoscope]", "waivers.conditions: horoscope does not exist"),
        (WAIVABLE, "conditions: [held_in_portfolio]", "a term that the countersignature itself accepts"),
        (WAIVABLE, "conditions: []", "waivers.conditions: is empty"),
        (COUNTERSIGNED, "    due_hours: 48\n", "it must name the groups that countersign them"),
        (COUNTERSIGNED, COUNTERSIGNED.replace("chief_credit", "ghosts"), "limits: ghosts does not exist"),
        ("  waiver: #", "  indulgence: #", "it must name the groups that countersign them"),
    ],
)
def test_a_book_waives_only_open_conditions_and_names_who_countersigns(
    piece: str, instead: str, complaint: str
) -> None:
    assert piece in HOME
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(HOME.replace(piece, instead), VOCABULARY)
