"""Four bundled applications with their source records. Every person, number and address is invented and marked.

Dates are relative to the day of the demonstration. Tax numbers start with 9 (never issued), documents are of
the specimen state UTO.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tools.travel_document import check_digit

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """One application with the records that other systems send for it."""

    name: str
    told: str  # what the audience is told
    application: Body
    records: tuple[Body, ...]


def stories(today: date) -> tuple[Story, ...]:
    """The four stories of ``make demo``."""
    return (routine(today), self_employed(today), over_committed(today), small_amendment(today))


def routine(today: date) -> Story:
    """An existing customer with fresh KYC: approved at normal authority."""
    borrower = _borrower("AVERY DEMO QUILL", "1986-04-12", "900-00-0001", "C-1001", 980_000)
    records = (
        *_stubs(today, 452_308),
        _employment(today, date(2016, 5, 2)),
        _bureau(today, 768, 61_000),
        _valuation(today, 410_000_00),
        _title(today),
        _housing_costs(today),
        _market(today, 180),
        _portfolio(today),
    )
    return Story(
        "routine",
        "Avery Demo Quill, a customer since 2015, buys a house with 20 % down.",
        _home_loan(today, borrower, 328_000_00, 410_000_00),
        records,
    )


def self_employed(today: date) -> Story:
    """Income that fell, explained in a letter: two people must agree."""
    borrower = _borrower("JULES DEMO FERNWRIGHT", "1979-09-30", "900-00-0002", None, 1_000_000) | {
        "employment": "self_employed"
    }
    letter = (
        "In the year before last I did one large restoration contract that will not come again. "
        "Since then I have had four steady customers, and my order book for this year is full."
    )
    application = _home_loan(today, borrower, 300_000_00, 430_000_00) | {"letter_of_explanation": letter}
    records = (
        _tax_return(today.year - 2, 126_000_00),
        _tax_return(today.year - 1, 117_000_00),
        _bureau(today, 731, 45_000),
        _valuation(today, 430_000_00),
        _title(today),
        _housing_costs(today),
        _market(today, 90),
        _portfolio(today),
        _passport(today, "FERNWRIGHT", "JULES DEMO", "UTO0000027", date(1979, 9, 30)),
    )
    return Story(
        "self_employed",
        "Jules Demo Fernwright restores furniture; income fell and a letter says why.",
        application,
        records,
    )


def over_committed(today: date) -> Story:
    """Debts that leave too little: policy declines, a person countersigns."""
    borrower = _borrower("MORGAN DEMO TALLOW", "1990-01-17", "900-00-0003", None, 600_000)
    records = (
        *_stubs(today, 276_923),
        _employment(today, date(2019, 9, 16)),
        _bureau(today, 655, 148_000),
        _valuation(today, 335_000_00),
        _title(today),
        _housing_costs(today),
        _market(today, 120),
        _portfolio(today),
        _passport(today, "TALLOW", "MORGAN DEMO", "UTO0000038", date(1990, 1, 17)),
    )
    return Story(
        "over_committed",
        "Morgan Demo Tallow earns well, but half of it is spoken for.",
        _home_loan(today, borrower, 290_000_00, 335_000_00),
        records,
    )


def small_amendment(today: date) -> Story:
    """A late fee refunded: small enough for the book's standing authority."""
    borrower = _borrower("ROBIN DEMO HALYARD", "1983-07-05", "900-00-0004", "C-1002", 540_000)
    application = {
        "kind": "loan_amendment",
        "application_date": today.isoformat(),
        "product": "fee_refund",
        "loan_account": "DEMO-ACCT-000417",
        "amount_cents": 35_00,
        "borrowers": [borrower],
        "credit_consent": True,
    }
    return Story(
        "small_amendment",
        "Robin Demo Halyard asks for one late fee of USD 35.00 back.",
        application,
        (_bureau(today, 742, 40_000),),
    )


def demo_customers(today: date) -> dict[str, Body]:
    """What the stand-in core bank knows of its customers."""
    fresh = {
        "kyc_reviewed_on": (today - timedelta(days=90)).isoformat(),
        "screened_on": today.isoformat(),
        "risk_rating": "low",
        "customer_since": "2015-03-01",
    }
    return {"C-1001": fresh, "C-1002": fresh | {"accounts": ["DEMO-ACCT-000417"]}}


def passport_lines(surname: str, given: str, number: str, born: date, expires: date) -> str:
    """A TD3 machine-readable zone of the specimen state UTO, two lines of 44 (ICAO 9303 part 4)."""
    names = f"{surname.replace(' ', '<')}<<{given.replace(' ', '<')}"
    first = f"P<UTO{names}".ljust(44, "<")
    of_number = number[:9].ljust(9, "<")
    parts = [of_number, born.strftime("%y%m%d"), expires.strftime("%y%m%d"), "<" * 14]
    checked = [f"{part}{check_digit(part)}" for part in parts]
    total = check_digit("".join(checked))
    second = f"{checked[0]}UTO{checked[1]}<{checked[2]}{checked[3]}{total}"
    return f"{first}\n{second}"


def _borrower(name: str, born: str, tax_number: str, customer: str | None, income: int) -> Body:
    return {
        "name": name,
        "birth_date": born,
        "tax_number": tax_number,
        "customer_number": customer,
        "employment": "employed",
        "stated_monthly_income_cents": income,
    }


def _home_loan(today: date, borrower: Body, amount: int, price: int) -> Body:
    return {
        "kind": "home_loan",
        "application_date": today.isoformat(),
        "product": "fixed_30",
        "loan_amount_cents": amount,
        "points_and_fees_cents": amount // 100,
        "monthly_tax_insurance_cents": 42_000,
        "borrowers": [borrower],
        "property": {
            "address": "1 Example Street, Demo City, IA 50309",
            "area": "19153",
            "price_cents": price,
        },
        "credit_consent": True,
    }


def _stubs(today: date, gross: int) -> tuple[Body, ...]:
    ends = [today - timedelta(days=days) for days in (24, 10)]
    stub = {"kind": "pay_stub", "party": "party:1", "period": "biweekly", "gross_cents": gross}
    return tuple(stub | {"period_end": end.isoformat()} for end in ends)


def _employment(today: date, since: date) -> Body:
    return {
        "kind": "employment_record",
        "party": "party:1",
        "employer": "DEMO WORKS LIMITED",
        "started_on": since.isoformat(),
        "verified_on": (today - timedelta(days=5)).isoformat(),
    }


def _tax_return(year: int, net: int) -> Body:
    return {"kind": "tax_return", "party": "party:1", "year": year, "net_income_cents": net}


def _bureau(today: date, score: int, debts: int) -> Body:
    return {
        "kind": "bureau_file",
        "party": "party:1",
        "pulled_on": today.isoformat(),
        "score": score,
        "monthly_debts_cents": debts,
        "delinquencies_24m": 0,
        "agency": "demo_bureau",
        "score_from": 300,
        "score_to": 850,
        "key_factors": ["Amount owed on accounts is too high", "Length of time accounts have been open"],
        "inquiries_factor": score < 700,
    }


def _valuation(today: date, value: int) -> Body:
    return {
        "kind": "valuation",
        "method": "appraisal",
        "valued_on": (today - timedelta(days=6)).isoformat(),
        "value_cents": value,
    }


def _market(today: date, trend: int) -> Body:
    return {
        "kind": "market_report",
        "area": "19153",
        "reported_on": (today - timedelta(days=20)).isoformat(),
        "trend_bps": trend,
    }


def _housing_costs(today: date) -> Body:
    day = (today - timedelta(days=5)).isoformat()
    return {
        "kind": "housing_costs",
        "reported_on": day,
        "monthly_tax_cents": 30_500,
        "monthly_insurance_cents": 11_500,
    }


def _title(today: date) -> Body:
    return {"kind": "title_report", "reported_on": (today - timedelta(days=4)).isoformat()}


def _portfolio(today: date) -> Body:
    return {
        "kind": "portfolio_report",
        "area": "19153",
        "reported_on": (today - timedelta(days=25)).isoformat(),
        "exposure_cents": 1_850_000_000_00,
        "total_cents": 12_400_000_000_00,
    }


def _passport(today: date, surname: str, given: str, number: str, born: date) -> Body:
    zone = passport_lines(surname, given, number, born, today + timedelta(days=1500))
    return {"kind": "identity_document", "party": "party:1", "mrz": zone, "received_on": today.isoformat()}
