"""MISMO 3.4 (ULAD) messages: one deal with one subject loan becomes a home-loan application.

Owns the mapping from element names of the reference model to fields of the form. What the form needs must
stand in the message: nothing is guessed, and what is missing is refused by its path. Government monitoring
(ethnicity, race, sex: 12 CFR 1002.5(b)) is never read, nor are assets, liabilities and credit scores, which
come as source records. Never opens a case. Source: MISMO Reference Model 3.4.0; ULAD mapping of the GSEs.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from api.mismo_borrower import borrower
from api.xml_document import Node, read_xml, shown
from domain.application import HomeLoanApplication
from domain.errors import BadInput

NAMESPACE = "http://www.mismo.org/residential/2009/schemas"
MODEL = "3.4"
PRODUCTS = {360: "fixed_30", 180: "fixed_15"}
OCCUPANCY = {"PrimaryResidence": "principal", "SecondHome": "second", "Investment": "investment"}
ONLY_TAKEN = {  # element of TERMS_OF_LOAN -> what it must say
    "LoanPurposeType": "Purchase",
    "MortgageType": "Conventional",
    "LienPriorityType": "FirstLien",
}
NOT_TAKEN = ("InterestOnlyIndicator", "NegativeAmortizationIndicator", "BalloonIndicator")
OWN_PAYMENT = "FirstMortgagePrincipalAndInterest"  # worked out by pricing, never taken from the file
NEEDED_EXPENSES = {"RealEstateTax": "the property tax", "HomeownersInsurance": "the homeowner's insurance"}


def parse_mismo(content: bytes, file: str | None = None) -> HomeLoanApplication:
    """The application in a MISMO 3.4 message.

    Raises:
        BadInput: it cannot be read, is no such message, says less than the form needs, or asks for a loan
            that the bank does not make; names file, path or line, and remedy.
    """
    deal = _deal(content, file)
    loan = _subject_loan(deal)
    property_ = deal.one("COLLATERALS/COLLATERAL/SUBJECT_PROPERTY", "the subject property")
    body = {
        "kind": "home_loan",
        **_terms(loan),
        "other_liens_cents": _other_liens(deal, loan),
        "borrowers": [borrower(party) for party in _borrowing(deal)],
        "property": _dwelling(property_),
        "credit_consent": True,  # every borrower was asked for it
    }
    try:
        return HomeLoanApplication.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            first["msg"], file=file, field=where, remedy="correct it in the system that exported the file"
        ) from error


def _deal(content: bytes, file: str | None) -> Node:
    root = read_xml(content, file)
    if root.tag != f"{{{NAMESPACE}}}MESSAGE":
        raise BadInput(
            f"not a MISMO message: the root is {shown(root.tag)}",
            file=file,
            field="MESSAGE",
            remedy=f"send MESSAGE in the namespace {NAMESPACE}",
        )
    model = root.get("MISMOReferenceModelIdentifier", "")
    if not model.startswith(MODEL):
        raise BadInput(
            f"reference model {shown(model) or 'unnamed'} is not taken",
            file=file,
            field="MESSAGE/@MISMOReferenceModelIdentifier",
            remedy=f"export it as MISMO {MODEL}",
        )
    message = Node(root, NAMESPACE, "MESSAGE", file)
    return message.one("DEAL_SETS/DEAL_SET/DEALS/DEAL", "the deal")


def _subject_loan(deal: Node) -> Node:
    loans = deal.all("LOANS/LOAN")
    subjects = [loan for loan in loans if loan.element.get("LoanRoleType", "SubjectLoan") == "SubjectLoan"]
    if len(subjects) != 1:
        many = f"there are {len(subjects)} subject loans" if subjects else "the subject loan is missing"
        raise deal.refused(many, "LOANS/LOAN", "send one file for each loan applied for")
    return subjects[0]


def _terms(loan: Node) -> dict[str, Any]:
    for name, taken in ONLY_TAKEN.items():
        path = f"TERMS_OF_LOAN/{name}"
        said = loan.required(path, f"the loan's {name}")
        if said != taken:
            raise loan.refused(f"{shown(said)} is not taken", path, f"the bank takes {taken} here")
    for name in NOT_TAKEN:
        if loan.says(f"LOAN_DETAIL/{name}"):
            remedy = "the bank makes fully amortising loans only"
            raise loan.refused(f"{name} is true", f"LOAN_DETAIL/{name}", remedy)
    fees = "HIGH_COST_MORTGAGES/HIGH_COST_MORTGAGE/RegulationZTotalPointsAndFeesAmount"
    return {
        "application_date": loan.day("LOAN_DETAIL/ApplicationReceivedDate", "the day of the application"),
        "product": _product(loan),
        "loan_amount_cents": _amount(loan),
        "points_and_fees_cents": loan.cents(fees, "the total of points and fees"),
        "monthly_tax_insurance_cents": _expenses(loan),
    }


def _product(loan: Node) -> str:
    rule = loan.one("AMORTIZATION/AMORTIZATION_RULE", "the amortisation")
    kind = rule.required("AmortizationType", "the kind of amortisation")
    unit = rule.required("LoanAmortizationPeriodType", "the unit of the term")
    count = rule.required("LoanAmortizationPeriodCount", "the term")
    months = int(count) * {"Month": 1, "Year": 12}.get(unit, 0) if count.isdecimal() else 0
    if kind != "Fixed" or months not in PRODUCTS:
        remedy = "the bank makes Fixed loans over 180 or 360 months"
        said = f"{shown(kind)} over {shown(count)} {shown(unit)} is not taken"
        raise rule.refused(said, "LoanAmortizationPeriodCount", remedy)
    return PRODUCTS[months]


def _amount(loan: Node) -> int:
    base = loan.cents("TERMS_OF_LOAN/BaseLoanAmount", "the loan amount")
    note = "TERMS_OF_LOAN/NoteAmount"
    if loan.text(note) is not None and loan.cents(note, "the amount of the note") != base:
        remedy = "the bank does not finance mortgage insurance or fees: make both amounts equal"
        raise loan.refused("the amount of the note is not the base loan amount", note, remedy)
    return base


def _expenses(loan: Node) -> int:
    """Every proposed monthly cost of the dwelling but the first mortgage's own payment, cents."""
    costs: dict[str, int] = {}
    for each in loan.all("HOUSING_EXPENSES/HOUSING_EXPENSE"):
        kind = each.required("HousingExpenseType", "the kind of a housing expense")
        if each.text("HousingExpenseTimingType") == "Proposed" and kind != OWN_PAYMENT:
            amount = each.cents("HousingExpensePaymentAmount", "a housing expense")
            costs[kind] = costs.get(kind, 0) + amount
    for kind, what in NEEDED_EXPENSES.items():
        if kind not in costs:
            path = f"HOUSING_EXPENSES/HOUSING_EXPENSE[HousingExpenseType={kind}]"
            raise loan.refused(
                f"{what} proposed is missing", path, "export it, with 0.00 where there is none"
            )
    return sum(costs.values())


def _other_liens(deal: Node, subject: Node) -> int:
    """Subordinate financing: the related loans on the property, or the total where it is more, cents."""
    related = [loan for loan in deal.all("LOANS/LOAN") if loan.element.get("LoanRoleType") == "RelatedLoan"]
    liens = sum(loan.cents("TERMS_OF_LOAN/NoteAmount", "the amount of a related loan") for loan in related)
    total = "LOAN_DETAIL/TotalSubordinateFinancingAmount"
    stated = subject.cents(total, "subordinate financing") if subject.text(total) else 0
    return max(liens, stated)


def _borrowing(deal: Node) -> tuple[Node, ...]:
    parties = tuple(
        party
        for party in deal.all("PARTIES/PARTY")
        if any(role.text("ROLE_DETAIL/PartyRoleType") == "Borrower" for role in party.all("ROLES/ROLE"))
    )
    if not parties:
        path = "PARTIES/PARTY/ROLES/ROLE/ROLE_DETAIL/PartyRoleType"
        raise deal.refused("no party is a Borrower", path, "name at least one borrower")
    return parties


def _dwelling(property_: Node) -> dict[str, Any]:
    said = property_.required("PROPERTY_DETAIL/PropertyUsageType", "the occupancy")
    if said not in OCCUPANCY:
        remedy = f"use one of {', '.join(OCCUPANCY)}"
        raise property_.refused(f"{shown(said)} is not taken", "PROPERTY_DETAIL/PropertyUsageType", remedy)
    contract = "SALES_CONTRACTS/SALES_CONTRACT/SALES_CONTRACT_DETAIL/SalesContractAmount"
    return {
        "address": _address(property_),
        "area": _county(property_),
        "property_type": _property_type(property_),
        "units": property_.required("PROPERTY_DETAIL/FinancedUnitCount", "the number of units"),
        "occupancy": OCCUPANCY[said],
        "price_cents": property_.cents(contract, "the agreed price"),
    }


def _address(property_: Node) -> str:
    parts = {
        "AddressLineText": "the street",
        "CityName": "the city",
        "StateCode": "the state",
        "PostalCode": "the postal code",
    }
    line, city, state, postal = (
        property_.required(f"ADDRESS/{name}", f"{what} of the property") for name, what in parts.items()
    )
    unit = property_.text("ADDRESS/AddressUnitIdentifier")
    return f"{line}{f' {unit}' if unit else ''}, {city}, {state} {postal}"


def _county(property_: Node) -> str:
    """County FIPS code: state and county as given, or the first five digits of the census tract."""
    here = "LOCATION_IDENTIFIER/FIPS_INFORMATION"
    county = property_.text(f"{here}/FIPSCountyCode")
    tract = property_.text("LOCATION_IDENTIFIER/CENSUS_INFORMATION/CensusTractIdentifier") or ""
    if county is None and len(tract) == 11 and tract.isdecimal():
        return tract[:5]
    if county is not None and len(county) == 5:
        return county
    county = property_.required(f"{here}/FIPSCountyCode", "the county's FIPS code")
    return property_.required(f"{here}/FIPSStateNumericCode", "the state's FIPS code") + county


def _property_type(property_: Node) -> str:
    built = property_.text("PROPERTY_DETAIL/ConstructionMethodType")
    project = property_.text("PROJECT/PROJECT_DETAIL/ProjectLegalStructureType")
    if project == "Cooperative":
        path = "PROJECT/PROJECT_DETAIL/ProjectLegalStructureType"
        raise property_.refused("shares of a cooperative are not taken", path, "the bank takes real property")
    if built == "Manufactured":
        return "manufactured"
    return "condominium" if project == "Condominium" else "single_family"
