"""Demo Bridgeworks Inc., an invented company: its filings and statements, with figures that nobody reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.demo.stories import Story, passport_lines
from tools.credit.accounts import BY_CODE

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:us-gaap="http://fasb.org/us-gaap/2024"
  xmlns:dei="http://xbrl.sec.gov/dei/2024" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
  xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <unit id="usd"><measure>iso4217:USD</measure></unit>
 <unit id="eur"><measure>iso4217:EUR</measure></unit>
 <unit id="shares"><measure>xbrli:shares</measure></unit>
"""
FY2025: dict[str, int] = {  # dollars
    "cash": 900_000,
    "receivables": 1_600_000,
    "inventory": 1_500_000,
    "current_assets": 4_200_000,
    "goodwill": 300_000,
    "intangibles": 200_000,
    "total_assets": 10_000_000,
    "short_term_debt": 400_000,
    "current_maturities": 350_000,
    "current_liabilities": 2_100_000,
    "long_term_debt": 2_400_000,
    "total_liabilities": 4_800_000,
    "retained_earnings": 3_900_000,
    "equity": 5_200_000,
    "revenue": 14_000_000,
    "ebit": 1_700_000,
    "depreciation_amortization": 500_000,
    "interest_expense": 180_000,
    "income_tax": 350_000,
    "net_income": 1_170_000,
    "operating_cash_flow": 1_600_000,
    "capital_expenditure": 400_000,
    "distributions": 150_000,
    "debt_repaid": 330_000,
}
FY2024: dict[str, int] = FY2025 | {
    "inventory": 1_300_000,
    "current_assets": 3_900_000,
    "total_assets": 9_400_000,
    "current_liabilities": 2_000_000,
    "total_liabilities": 4_700_000,
    "retained_earnings": 3_400_000,
    "equity": 4_700_000,
    "revenue": 13_200_000,
    "ebit": 1_560_000,
    "net_income": 1_060_000,
}
WEAK2025: dict[str, int] = FY2025 | {
    "revenue": 10_400_000,
    "ebit": 420_000,
    "net_income": 160_000,
    "income_tax": 80_000,
}
YEARS: dict[str, dict[str, int]] = {"2024-12-31": FY2024, "2025-12-31": FY2025}
TAX_NUMBER = "90-0000417"


def fact(concept: str, context: str, amount: object, **attributes: str) -> str:
    """One element; ``unit`` and ``decimals`` may be replaced."""
    stated = {"unitRef": "usd", "decimals": "0"} | attributes
    written = " ".join(f'{key}="{value}"' for key, value in stated.items())
    name = f"us-gaap:{concept}"
    return f' <{name} id="f-{concept}-{context}" contextRef="{context}" {written}>{amount}</{name}>\n'


def context(name: str, start: str | None, end: str, segment: str = "") -> str:
    """One context; with a ``segment`` it has a dimension."""
    period = (
        f"<instant>{end}</instant>"
        if start is None
        else f"<startDate>{start}</startDate><endDate>{end}</endDate>"
    )
    member = (
        f"<segment><xbrldi:explicitMember dimension='demo:Axis'>{segment}</xbrldi:explicitMember></segment>"
    )
    inside = member if segment else ""
    entity = f"<entity><identifier scheme='http://www.sec.gov/CIK'>0009999999</identifier>{inside}</entity>"
    return f' <context id="{name}">{entity}<period>{period}</period></context>\n'


def instance(years: Mapping[str, Mapping[str, int]] = YEARS, *extra: str) -> str:
    """A 10-K as an XBRL instance, fiscal years ending on these days."""
    parts = [HEAD]
    for end in years:
        parts.append(context(f"i{end}", None, end) + context(f"d{end}", f"{end[:4]}-01-01", end))
    last = max(years)
    parts.append(f' <dei:DocumentType contextRef="d{last}">10-K</dei:DocumentType>\n')
    parts.append(
        f' <dei:EntityTaxIdentificationNumber contextRef="d{last}">{TAX_NUMBER}</dei:EntityTaxIdentificationNumber>\n'
    )
    for end, amounts in years.items():
        for code, dollars in amounts.items():
            account = BY_CODE[code]
            parts.append(fact(account.concepts[0][0], f"{account.timing[0]}{end}", dollars))
    return "".join([*parts, *extra, "</xbrl>\n"])


def csv(years: Mapping[str, Mapping[str, int]] = YEARS) -> str:
    """The same as CSV lines."""
    lines = [f"{end},{code},{dollars}.00" for end, year in years.items() for code, dollars in year.items()]
    return "\n".join(["period_end,account,amount", *lines, ""])


def filing(text: str | None = None, **changes: Any) -> dict[str, Any]:
    """A financial filing as a record."""
    body = {"kind": "financial_filing", "file": "bridgeworks-10k.xml", "filed_on": "2026-02-20"}
    return body | {"document": instance() if text is None else text} | changes


def statement(text: str | None = None, **changes: Any) -> dict[str, Any]:
    """A statement as a record."""
    body = {"kind": "financial_statement", "file": "bridgeworks.csv", "filed_on": "2026-02-24", "form": "csv"}
    return body | {"prepared": "internal", "document": csv() if text is None else text} | changes


COMMENTARY = (
    "Revenue grew as two bridge contracts were finished on time. Margins held because steel was bought forward. "
    "We expect the order book to carry the coming year."
)


def application(**changes: Any) -> dict[str, Any]:
    """Demo Bridgeworks asks for a term loan of one million over five years, guaranteed by one person."""
    guarantor = {
        "name": "QUINN DEMO ABUTMENT",
        "birth_date": "1971-03-09",
        "tax_number": "900-00-0009",
        "employment": "employed",
        "stated_monthly_income_cents": 1_200_000,
    }
    company = {
        "name": "Demo Bridgeworks Inc.",
        "tax_number": TAX_NUMBER,
        "entity_type": "corporation",
        "industry_code": "237310",
        "incorporated_on": "2009-05-01",
    }
    asked = {
        "kind": "commercial_credit",
        "application_date": "2026-03-02",
        "product": "term_loan",
        "loan_amount_cents": 1_000_000_00,
        "term_months": 60,
        "rate_type": "fixed",
        "purpose": "equipment",
        "collateral": "equipment",
        "company": company,
        "borrowers": [guarantor],
        "credit_consent": True,
    }
    return asked | changes


def story(*documents: dict[str, Any], score: int = 745, late: int = 0, **changes: Any) -> Story:
    """The application with its guarantor's records and these documents (default: the filing)."""
    bureau: dict[str, Any] = {
        "kind": "bureau_file",
        "party": "party:1",
        "pulled_on": "2026-03-01",
        "score": score,
    }
    lines = passport_lines("ABUTMENT", "QUINN DEMO", "UTO000009", date(1971, 3, 9), date(2031, 1, 1))
    records = (
        bureau | {"monthly_debts_cents": 40_000, "delinquencies_24m": late, "agency": "demo_bureau"},
        {"kind": "identity_document", "party": "party:1", "mrz": lines, "received_on": "2026-03-01"},
        _owned_by_the_guarantor(),
        *(documents or (filing(),)),
    )
    return Story("bridgeworks", "An invented company asks for a term loan.", application(**changes), records)


def commentary(text: str = COMMENTARY) -> dict[str, Any]:
    """What management says, as a record."""
    return {"kind": "management_commentary", "received_on": "2026-02-25", "text": text}


def _owned_by_the_guarantor() -> dict[str, Any]:
    holder = {"id": "h1", "kind": "individual", "name": "QUINN DEMO ABUTMENT", "party": "party:1"}
    stake = {"owner": "h1", "owned": "entity:1", "share_bps": 10_000}
    held = {"holders": [holder], "stakes": [stake], "control_person": "h1"}
    return {"kind": "ownership_record", "stated_on": "2026-02-27", **held}
