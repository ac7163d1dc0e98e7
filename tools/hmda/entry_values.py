"""One finished home loan as a record of the loan application register: which code stands for which fact.

Owns the mapping from flat facts to the 110 fields, as they are filed by a partially exempt institution. Never
sees ethnicity, race, sex or age: those fields say that nothing was provided. Address and age are left open
here and filled in when a file is written (``filing``). Source: filing instructions guide for HMDA data
collected in 2024; 12 CFR 1003.4(a).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record

from .fields import FIELDS

NA, EXEMPT, EXEMPT_CODE = "NA", "Exempt", "1111"
OCCUPANCY = {"principal": "1", "second": "2", "investment": "3"}
ORIGINATED, DENIED = "1", "3"
ALWAYS = {
    "record_id": "2",
    "loan_type": "1",  # conventional: the house sells nothing else
    "preapproval": "2",
    "purchaser_type": "0",  # not sold in the year of the entry, as far as the house knows
    "lien": "1",
    "prepayment_penalty": NA,
    "intro_rate": NA,
    "balloon": "2",
    "int_only_pmts": "2",
    "neg_amort": "2",
    "non_amort_features": "2",
    "affordable_units": NA,
    "app_submission": "1",  # directly to the institution
    "initially_payable": "1",
    "aus_1": "6",  # no underwriting system of a securitizer, insurer or guarantor was used
    "aus_result_1": "17",
    "reverse_mortgage": "2",
    "open_end_credit": "2",
    "points_fees": NA,  # reported only where total loan costs are not owed, 12 CFR 1003.4(a)(17)
    "loan_costs": EXEMPT,
    "origination_fee": EXEMPT,
    "discount_points": EXEMPT,
    "lender_credits": EXEMPT,
    "mlo_id": EXEMPT,
    "tract": NA,
}
NOT_PROVIDED = {  # nobody is asked and nobody guesses: 12 CFR 1003, appendix B, paragraph 9 codes
    "eth_1": "3", "eth_basis": "2", "race_1": "6", "race_basis": "2", "sex": "3", "sex_basis": "2", "age": "8888",
}  # fmt: skip
NO_CO_APPLICANT = {
    "eth_1": "5", "eth_basis": "4", "race_1": "8", "race_basis": "4", "sex": "5", "sex_basis": "4", "age": "9999",
}  # fmt: skip


class EntryTerms(Record):
    """What of a finished case the register states; what is not known is left out.

    For a denial either ``denials`` with ``explained``, or ``reasons_from`` with ``denial_codes`` and ``wordings``.
    """

    lei: Annotated[str, Field(pattern="^[A-Z0-9]{20}$")]
    uli: Annotated[str, Field(pattern="^[A-Za-z0-9]{23,45}$")]
    action_taken: Literal["1", "3"]  # originated, denied
    application_date: date
    loan_purpose: Literal["1", "2", "31", "32", "4"] = "1"
    occupancy: Literal["principal", "second", "investment"] = "principal"
    units: Annotated[int, Field(ge=1, le=4)] = 1
    manufactured: bool = False
    county: Annotated[str, Field(pattern="^[0-9]{5}$")]
    principal_cents: Annotated[int, Field(gt=0)]
    term_months: Annotated[int, Field(gt=0)]
    co_applicant: bool = False
    monthly_income_cents: int | None = None
    credit_score: Annotated[int | None, Field(ge=300, le=850)] = None
    score_model: Annotated[str, Field(pattern="^[1-9]$|^1[1-5]$")] = "8"
    score_model_text: Annotated[str, Field(max_length=100)] = ""
    note_rate_bps: int | None = None
    rate_spread: Annotated[str | None, Field(pattern=r"^-?[0-9]+\.[0-9]{3}$")] = None
    high_cost: bool | None = None
    dti_back_bps: int | None = None
    cltv_bps: int | None = None
    property_value_cents: int | None = None
    denials: Annotated[str, Field(pattern=r"^([1-9](;[1-9])*)?$")] = ""  # HMDA codes
    explained: str = ""
    reasons_from: Annotated[str, Field(min_length=1, max_length=200)] | None = (
        None  # approval that was rejected
    )
    denial_codes: str = ""  # ``reason=code; …`` for reason codes of that rejection
    wordings: str = ""  # ``reason=words; …``

    @property
    def denied(self) -> bool:
        """Whether the application was denied."""
        return self.action_taken == DENIED

    @property
    def business_purpose(self) -> bool:
        """An investment property is no consumer credit: no rate spread, no high-cost status."""
        return self.occupancy == "investment"


class Denial(Record):
    """Why: HMDA reasons for denial, and the words that reason 9 needs."""

    codes: tuple[Annotated[str, Field(pattern="^[1-9]$")], ...] = ()
    explained: Annotated[str, Field(max_length=255)] = ""


def entry_values(terms: EntryTerms, acted_on: date, denial: Denial) -> dict[str, str]:
    """Every field by name, as filed; address fields and ages are those of a record without them.

    Units: dollars with cents only where there are any; percent; income in thousands a year, half up; term in
    months. Denied applications state no rate, no rate spread and no high-cost status (edits V657-2, V658-2,
    V677-2).
    """
    values = dict.fromkeys((field.name for field in FIELDS), "")
    return values | ALWAYS | _case(terms, acted_on) | _price(terms) | _people(terms) | _reasons(terms, denial)


def _case(terms: EntryTerms, acted_on: date) -> dict[str, str]:
    return {
        "lei": terms.lei,
        "uli": terms.uli,
        "app_date": f"{terms.application_date:%Y%m%d}",
        "action_taken": terms.action_taken,
        "action_date": f"{acted_on:%Y%m%d}",
        "loan_purpose": terms.loan_purpose,
        "occ_type": OCCUPANCY[terms.occupancy],
        "loan_amount": _dollars(terms.principal_cents),
        "loan_term": str(terms.term_months),
        "total_units": str(terms.units),
        "const_method": "2" if terms.manufactured else "1",
        "manufactured_type": EXEMPT_CODE if terms.manufactured else "3",
        "manufactured_interest": EXEMPT_CODE if terms.manufactured else "5",
        "county": terms.county,
        "business_purpose": "1" if terms.business_purpose else "2",
        "property_value": _or_na(terms.property_value_cents, _dollars),
        **dict.fromkeys(("street_address", "city", "state", "zip_code"), NA),
    }


def _price(terms: EntryTerms) -> dict[str, str]:
    priced = not terms.denied and not terms.business_purpose
    high_cost = {True: "1", False: "2", None: "3"}[terms.high_cost if priced else None]
    return {
        "interest_rate": NA if terms.denied else _or_na(terms.note_rate_bps, _percent),
        "rate_spread": (terms.rate_spread or NA) if priced else NA,
        "hoepa": high_cost,
        "dti": _or_na(terms.dti_back_bps, _percent),
        "cltv": _or_na(terms.cltv_bps, _percent),
        "income": _or_na(terms.monthly_income_cents, _thousands),
    }


def _people(terms: EntryTerms) -> dict[str, str]:
    score = "8888" if terms.credit_score is None else str(terms.credit_score)
    model = "9" if terms.credit_score is None else terms.score_model
    other = NOT_PROVIDED if terms.co_applicant else NO_CO_APPLICANT
    return {
        "app_credit_score": score,
        "app_score_name": model,
        "app_score_code_8": terms.score_model_text if model == "8" else "",
        "co_app_credit_score": "8888"
        if terms.co_applicant
        else "9999",  # one score was relied on, the lowest
        "co_app_score_name": "9" if terms.co_applicant else "10",
        **{f"app_{name}": code for name, code in NOT_PROVIDED.items()},
        **{f"co_app_{name}": code for name, code in other.items()},
    }


def _reasons(terms: EntryTerms, denial: Denial) -> dict[str, str]:
    if not terms.denied:
        return {"denial_1": "10"}
    codes = {f"denial_{n}": code for n, code in enumerate(denial.codes, 1)}
    return codes | {"denial_code_9": denial.explained if "9" in denial.codes else ""}


def _or_na(value: int | None, written: Callable[[int], str]) -> str:
    return NA if value is None else written(value)


def _dollars(cents: int) -> str:
    return str(cents // 100) if cents % 100 == 0 else f"{Decimal(cents) / 100:.2f}"


def _percent(bps: int) -> str:
    return f"{Decimal(bps) / 100:.2f}"


def _thousands(monthly_cents: int) -> str:
    return str((Decimal(monthly_cents) * 12 / 100_000).quantize(Decimal(1), ROUND_HALF_UP))
