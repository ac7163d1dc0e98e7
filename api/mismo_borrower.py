"""One PARTY of a MISMO 3.4 message that applies, as a borrower of the form.

Owns the mapping of identity, employment, stated income and consent. What is stated is not evidence:
employers and their dates come again as source records. Never reads government monitoring.
"""

from __future__ import annotations

from typing import Any

from api.xml_document import Node

NUMBERS = ("SocialSecurityNumber", "IndividualTaxpayerIdentificationNumber")
RETIREMENT = {"Pension", "SocialSecurity", "DefinedContributionPlan", "Annuity", "Retirement"}
CONSENT = "BORROWER_DETAIL/CreditReportAuthorizationIndicator"
DETAIL = "CURRENT_INCOME/CURRENT_INCOME_ITEMS/CURRENT_INCOME_ITEM/CURRENT_INCOME_ITEM_DETAIL"


def borrower(party: Node) -> dict[str, Any]:
    """The borrower's fields; ``BadInput`` names the path of what is missing or refused."""
    role = next(
        each for each in party.all("ROLES/ROLE") if each.text("ROLE_DETAIL/PartyRoleType") == "Borrower"
    )
    who = role.one("BORROWER", "the borrower's part of the role")
    if not who.says(CONSENT):
        remedy = (
            "have the borrower authorise a credit report (15 U.S.C. 1681b(a)(3)(A)) and export it as true"
        )
        raise who.refused("consent to a credit report is missing", CONSENT, remedy)
    return {
        "name": _name(party),
        "birth_date": who.day("BORROWER_DETAIL/BorrowerBirthDate", "the borrower's birth date"),
        "tax_number": _tax_number(party),
        "customer_number": role.text("PARTY_ROLE_IDENTIFIERS/PARTY_ROLE_IDENTIFIER/PartyRoleIdentifier"),
        "country": _country(who),
        "employment": _employment(who),
        "stated_monthly_income_cents": _income(who),
    }


def _name(party: Node) -> str:
    here = "INDIVIDUAL/NAME"
    full = party.text(f"{here}/FullName")
    if full is not None:
        return full
    first = party.required(f"{here}/FirstName", "the borrower's first name")
    last = party.required(f"{here}/LastName", "the borrower's last name")
    middle, suffix = party.text(f"{here}/MiddleName"), party.text(f"{here}/SuffixName")
    return " ".join(part for part in (first, middle, last, suffix) if part)


def _tax_number(party: Node) -> str:
    for each in party.all("TAXPAYER_IDENTIFIERS/TAXPAYER_IDENTIFIER"):
        if each.text("TaxpayerIdentifierType") in NUMBERS:
            return each.required("TaxpayerIdentifierValue", "the borrower's tax number")
    path = "TAXPAYER_IDENTIFIERS/TAXPAYER_IDENTIFIER/TaxpayerIdentifierValue"
    raise party.refused(
        "the borrower's tax number is missing", path, f"export it as one of {', '.join(NUMBERS)}"
    )


def _country(who: Node) -> str:
    for each in who.all("RESIDENCES/RESIDENCE"):
        if each.text("RESIDENCE_DETAIL/BorrowerResidencyType") == "Current":
            return each.text("ADDRESS/CountryCode") or "US"
    return "US"


def _current(who: Node) -> list[Node]:
    return [
        each
        for each in who.all("EMPLOYERS/EMPLOYER/EMPLOYMENT")
        if each.text("EmploymentStatusType") == "Current"
    ]


def _employment(who: Node) -> str:
    current = _current(who)
    if any(each.says("EmploymentBorrowerSelfEmployedIndicator") for each in current):
        return "self_employed"
    if current:
        return "employed"
    kinds = {each.text("IncomeType") for each in who.all(DETAIL)}
    if who.text("BORROWER_DETAIL/EmploymentStateType") == "Retired" or kinds & RETIREMENT:
        return "retired"
    path = "EMPLOYERS/EMPLOYER/EMPLOYMENT/EmploymentStatusType"
    raise who.refused(
        "neither a current employment nor income from retirement is stated",
        path,
        "export the current employer, or the kind of income",
    )


def _income(who: Node) -> int:
    """All items of current income, and the income of businesses of one's own, cents a month."""
    items = [each.cents("CurrentIncomeMonthlyTotalAmount", "an item of income") for each in who.all(DETAIL)]
    own = [
        each.cents("EmploymentMonthlyIncomeAmount", "the income of the business")
        for each in _current(who)
        if each.says("EmploymentBorrowerSelfEmployedIndicator")
    ]
    if not items and not own:
        raise who.refused(
            "the stated income is missing",
            f"{DETAIL}/CurrentIncomeMonthlyTotalAmount",
            "export each item of income; 0.00 for a borrower without any",
        )
    return sum(items) + sum(own)
