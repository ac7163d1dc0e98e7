"""The eight factors of the ability-to-repay rule: which figure and which records document each.

Owns whether a factor is verified by third-party records, computed from others, only stated, or missing. Pure:
it reads no database and no clock, never decides that a loan can be repaid and holds no limit. Amounts in cents
a month. Source: 12 CFR 1026.43(c)(2), (c)(3), (c)(4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.canonical import digest
from domain.finding import Fact
from domain.identity import Record
from domain.money import dollars, percent

INCOME = ("pay_stub", "wage_statement", "tax_return", "lease", "rental_schedule")
EMPLOYMENT, BUREAU = ("pay_stub", "employment_record", "tax_return"), ("bureau_file",)
RECORDS = frozenset((*INCOME, *EMPLOYMENT, *BUREAU, "title_report", "housing_costs"))
Status = Literal["verified", "computed", "stated", "not_relied_on", "missing"]
PARAGRAPHS = {  # of 12 CFR 1026.43(c)(2), in its order
    "income": "i",
    "employment": "ii",
    "payment": "iii",
    "simultaneous_loans": "iv",
    "obligations": "v",
    "debts": "vi",
    "debt_to_income": "vii",
    "credit_history": "viii",
}


class Factor(Record):
    """One factor: what was considered, on which evidence, and what is missing."""

    name: str
    cite: str
    status: Status  # stated: on the application alone, to be verified before documents
    statement: str
    figures: dict[str, int]  # by name of the fact or of the field of the application
    records: tuple[str, ...] = ()  # ``kind:digest``, as the ledger has received them
    missing: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the factors look at: the application, facts, and records by kind."""

    application: Mapping[str, Any]
    known: Mapping[str, Fact]
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    recent: date  # evidence of employment is of this day or later

    def figure(self, *names: str) -> dict[str, int]:
        """Those of the facts that are known."""
        return {name: int(self.known[name]) for name in names if name in self.known}

    def refer(self, *kinds: str) -> tuple[str, ...]:
        """Every record of these kinds, as the ledger received it."""
        return tuple(
            f"{kind}:{digest({name: value for name, value in row.items() if name != 'id'})[:12]}"
            for kind in kinds
            for row in self.records.get(kind, ())
        )

    def parties(self, *kinds: str) -> set[str]:
        """Who has a record of one of these kinds."""
        return {str(row["party"]) for kind in kinds for row in self.records.get(kind, ())}

    def is_recent(self, day: str) -> bool:
        """Whether evidence of that day (ISO) still shows that somebody works."""
        return date.fromisoformat(day) >= self.recent

    @property
    def borrowers(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Every applicant with the party that stands for them."""
        return [(f"party:{n}", each) for n, each in enumerate(self.application["borrowers"], 1)]

    @property
    def earners(self) -> set[str]:
        """Parties whose income is relied on."""
        return {party for party, each in self.borrowers if each["stated_monthly_income_cents"] > 0}


def _income(file: CaseFile) -> Factor:
    figures, lacking = file.figure("monthly_income_cents"), file.earners - file.parties(*INCOME)
    if not figures or lacking:
        return _factor(
            "income", "missing", "income or assets", missing=f"income records of {_named(lacking)}"
        )
    told = f"{dollars(figures['monthly_income_cents'])} a month, from income records"
    return _factor("income", "verified", told, figures, file.refer(*INCOME))


def _employment(file: CaseFile) -> Factor:
    relied = {party: each["employment"] for party, each in file.borrowers if party in file.earners}
    working = {party for party, employment in relied.items() if employment != "retired"}
    if not working:
        return _factor("employment", "not_relied_on", "no income from work is relied on")
    shown = {str(row["party"]) for row in file.records["pay_stub"] if file.is_recent(row["period_end"])}
    shown |= {str(row["party"]) for row in file.records["employment_record"]
              if row["ended_on"] is None and file.is_recent(row["verified_on"])}  # fmt: skip
    shown |= {party for party in file.parties("tax_return") if relied.get(party) == "self_employed"}
    told = ", ".join(sorted(f"{party} {relied[party].replace('_', '-')}" for party in working))
    if lacking := working - shown:
        needed = (
            f"a pay stub or verified employment since {file.recent}, or tax returns, of {_named(lacking)}"
        )
        return _factor("employment", "missing", told, missing=needed)
    return _factor("employment", "verified", told, {}, file.refer(*EMPLOYMENT))


def _payment(file: CaseFile) -> Factor:
    figures = file.figure("monthly_payment_cents")
    if not figures:
        return _factor("payment", "missing", "monthly payment", missing="a price of the loan")
    told = f"{dollars(figures['monthly_payment_cents'])} a month, fully amortising at the note rate"
    return _factor("payment", "computed", told, figures)


def _simultaneous(file: CaseFile) -> Factor:
    """A lien that stays on the property has to be paid too: its payment is stated, or it is missing."""
    owed = file.application["other_liens_cents"]
    monthly = int(file.application.get("other_liens_monthly_cents") or 0)
    titles = file.records["title_report"]
    staying = any(lien["lien"] == "mortgage" and lien["settled"] != "paid_at_closing"
                  for row in titles[-1:] for lien in row["liens"])  # fmt: skip
    if (owed or staying) and not monthly:
        told = f"other liens of {dollars(owed)}" if owed else "a mortgage of record stays on the property"
        return _factor("simultaneous_loans", "missing", told, missing="the monthly payment of that loan")
    if owed or staying:
        told = f"{dollars(monthly)} a month on other liens, as stated"
        return _factor("simultaneous_loans", "stated", told, {"other_liens_monthly_cents": monthly})
    status: Status = "verified" if titles else "stated"
    told = "no other loan stays on the property"
    return _factor("simultaneous_loans", status, told, {}, file.refer("title_report"))


def _obligations(file: CaseFile) -> Factor:
    """Taxes, insurance and dues: the ratio counts what is stated, so records may not show more."""
    stated = file.application["monthly_tax_insurance_cents"]
    figures = {"monthly_tax_insurance_cents": stated}
    costs = file.records["housing_costs"][-1:]
    shown = sum(row[f"monthly_{each}_cents"] for row in costs for each in ("tax", "insurance", "dues"))
    told = f"{dollars(stated)} a month for taxes, insurance and dues"
    if not stated:
        return _factor("obligations", "missing", "no taxes and insurance", missing="their monthly amount")
    if shown > stated:
        needed = f"an application with {dollars(shown)}, as the records show"
        return _factor("obligations", "missing", told, figures, file.refer("housing_costs"), needed)
    return _factor(
        "obligations", "verified" if costs else "stated", told, figures, file.refer("housing_costs")
    )


def _debts(file: CaseFile) -> Factor:
    """Debts by consumer report; alimony and child support are on no report and stay a statement."""
    figures, lacking = file.figure("monthly_debts_cents"), _without_report(file)
    if not figures or lacking:
        return _factor("debts", "missing", "current debts", missing=f"a consumer report of {_named(lacking)}")
    support = file.application.get("monthly_support_cents", 0)
    told = f"{dollars(figures['monthly_debts_cents'])} a month on consumer reports"
    told += f", {dollars(support)} alimony and child support as stated" if support else ", no alimony stated"
    figures |= {"monthly_support_cents": support}
    return _factor("debts", "stated" if support else "verified", told, figures, file.refer(*BUREAU))


def _ratio(file: CaseFile) -> Factor:
    figures = file.figure("dti_back_bps")
    if not figures:
        return _factor("debt_to_income", "missing", "debt-to-income", missing="a price of the loan")
    told = f"{percent(figures['dti_back_bps'])} of income goes to housing and debts"
    return _factor("debt_to_income", "computed", told, figures)


def _history(file: CaseFile) -> Factor:
    figures, lacking = file.figure("credit_score", "delinquencies_24m"), _without_report(file)
    if len(figures) < 2 or lacking:
        needed = f"a consumer report of {_named(lacking)}"
        return _factor("credit_history", "missing", "credit history", missing=needed)
    told = f"score {figures['credit_score']}, {figures['delinquencies_24m']} late payments in 24 months"
    return _factor("credit_history", "verified", told, figures, file.refer(*BUREAU))


def _factor(
    name: str,
    status: Status,
    statement: str,
    figures: Mapping[str, int] | None = None,
    records: tuple[str, ...] = (),
    missing: str = "",
) -> Factor:
    return Factor(
        name=name,
        cite=f"12 CFR 1026.43(c)(2)({PARAGRAPHS[name]})",
        status=status,
        statement=statement,
        figures=dict(figures or {}),
        records=records,
        missing=missing,
    )


def _without_report(file: CaseFile) -> set[str]:
    return {party for party, _ in file.borrowers} - file.parties(*BUREAU)


def _named(parties: set[str]) -> str:
    return ", ".join(sorted(parties)) or "every party"


FACTORS = (_income, _employment, _payment, _simultaneous, _obligations, _debts, _ratio, _history)
