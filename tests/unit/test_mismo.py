"""MISMO 3.4 messages: what they become, and what is refused with the place and the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from api.mismo import parse_mismo
from api.xml_document import MOST_BYTES, MOST_DEPTH
from domain.errors import BadInput

MESSAGE = (Path(__file__).parents[1] / "fixtures" / "mismo_demo.xml").read_text(encoding="utf-8")


def without(element: str, count: int = 1) -> str:
    """The message with the first element of a name, and all in it, left out."""
    return re.sub(rf"<{element}>.*?</{element}>", "", MESSAGE, count=count, flags=re.DOTALL)


def saying(element: str, text: str) -> str:
    """The message with the text of every element of a name replaced."""
    return re.sub(rf"<{element}>[^<]*</{element}>", f"<{element}>{text}</{element}>", MESSAGE)


def refusal(message: str | bytes) -> BadInput:
    content = message if isinstance(message, bytes) else message.encode()
    with pytest.raises(BadInput) as caught:
        parse_mismo(content, "loan.xml")
    assert caught.value.attributes["file"] == "loan.xml"
    assert caught.value.attributes["remedy"]
    return caught.value


def test_terms_of_the_subject_loan_become_the_application() -> None:
    application = parse_mismo(MESSAGE.encode())
    assert application.product == "fixed_30"
    assert application.application_date == date(2026, 3, 2)
    assert application.loan_amount_cents == 300_000_00
    assert application.points_and_fees_cents == 3_000_00
    assert application.other_liens_cents == 0


def test_proposed_costs_of_the_dwelling_count_without_the_loans_own_payment_and_todays_rent() -> None:
    assert parse_mismo(MESSAGE.encode()).monthly_tax_insurance_cents == 550_00


def test_the_property_comes_with_county_type_units_and_occupancy() -> None:
    property_ = parse_mismo(MESSAGE.encode()).property
    assert property_.address == "27 Example Terrace Unit 2, Demo City, IA 50309"
    assert (property_.area, property_.units, property_.price_cents) == ("19153", 1, 400_000_00)
    assert (property_.property_type, property_.occupancy) == ("condominium", "principal")


def test_the_borrower_comes_with_identity_and_the_sum_of_stated_income() -> None:
    (borrower,) = parse_mismo(MESSAGE.encode()).borrowers
    assert borrower.name == "SAGE DEMO WINTERBOURNE"
    assert (borrower.tax_number, borrower.birth_date) == ("900-00-0021", date(1984, 8, 21))
    assert (borrower.employment, borrower.stated_monthly_income_cents) == ("employed", 800_000)


def test_ethnicity_race_and_sex_are_never_taken_from_the_message() -> None:
    assert "Female" in MESSAGE
    assert "Female" not in parse_mismo(MESSAGE.encode()).model_dump_json()


def test_a_borrower_who_owns_a_business_states_its_income_there() -> None:
    own = "<EmploymentMonthlyIncomeAmount>5000.00</EmploymentMonthlyIncomeAmount>"
    message = saying("EmploymentBorrowerSelfEmployedIndicator", "true").replace(
        "<EmploymentStartDate>", own + "<EmploymentStartDate>"
    )
    (borrower,) = parse_mismo(message.encode()).borrowers
    assert (borrower.employment, borrower.stated_monthly_income_cents) == ("self_employed", 1_300_000)


def test_a_pension_without_an_employer_is_retirement() -> None:
    message = without("EMPLOYERS").replace("<IncomeType>Base<", "<IncomeType>Pension<")
    assert parse_mismo(message.encode()).borrowers[0].employment == "retired"


def test_a_related_loan_on_the_property_is_subordinate_financing() -> None:
    related = (
        '<LOAN LoanRoleType="RelatedLoan"><TERMS_OF_LOAN><NoteAmount>25000</NoteAmount>'
        "</TERMS_OF_LOAN></LOAN></LOANS>"
    )
    assert parse_mismo(MESSAGE.replace("</LOANS>", related).encode()).other_liens_cents == 25_000_00


def test_a_census_tract_gives_the_county_where_no_fips_code_stands() -> None:
    tract = (
        "<CENSUS_INFORMATION><CensusTractIdentifier>19153010101</CensusTractIdentifier></CENSUS_INFORMATION>"
    )
    message = without("FIPS_INFORMATION").replace("<LOCATION_IDENTIFIER>", f"<LOCATION_IDENTIFIER>{tract}")
    assert parse_mismo(message.encode()).property.area == "19153"


@pytest.mark.parametrize(
    ("element", "path"),
    [
        ("BaseLoanAmount", "DEAL/LOANS/LOAN/TERMS_OF_LOAN/BaseLoanAmount"),
        ("LoanPurposeType", "LOAN/TERMS_OF_LOAN/LoanPurposeType"),
        ("MortgageType", "LOAN/TERMS_OF_LOAN/MortgageType"),
        ("LienPriorityType", "LOAN/TERMS_OF_LOAN/LienPriorityType"),
        ("AMORTIZATION_RULE", "LOAN/AMORTIZATION/AMORTIZATION_RULE"),
        ("LoanAmortizationPeriodCount", "AMORTIZATION_RULE/LoanAmortizationPeriodCount"),
        ("ApplicationReceivedDate", "LOAN/LOAN_DETAIL/ApplicationReceivedDate"),
        ("RegulationZTotalPointsAndFeesAmount", "HIGH_COST_MORTGAGE/RegulationZTotalPointsAndFeesAmount"),
        ("COLLATERALS", "DEAL/COLLATERALS/COLLATERAL/SUBJECT_PROPERTY"),
        ("AddressLineText", "SUBJECT_PROPERTY/ADDRESS/AddressLineText"),
        ("FIPSCountyCode", "LOCATION_IDENTIFIER/FIPS_INFORMATION/FIPSCountyCode"),
        ("FIPSStateNumericCode", "LOCATION_IDENTIFIER/FIPS_INFORMATION/FIPSStateNumericCode"),
        ("FinancedUnitCount", "PROPERTY_DETAIL/FinancedUnitCount"),
        ("PropertyUsageType", "PROPERTY_DETAIL/PropertyUsageType"),
        ("SalesContractAmount", "SALES_CONTRACT_DETAIL/SalesContractAmount"),
        ("FirstName", "PARTY/INDIVIDUAL/NAME/FirstName"),
        ("BorrowerBirthDate", "BORROWER/BORROWER_DETAIL/BorrowerBirthDate"),
        ("CreditReportAuthorizationIndicator", "BORROWER_DETAIL/CreditReportAuthorizationIndicator"),
        ("CURRENT_INCOME", "CURRENT_INCOME_ITEM_DETAIL/CurrentIncomeMonthlyTotalAmount"),
        ("EMPLOYERS", "EMPLOYERS/EMPLOYER/EMPLOYMENT/EmploymentStatusType"),
        ("TAXPAYER_IDENTIFIERS", "TAXPAYER_IDENTIFIER/TaxpayerIdentifierValue"),
        ("PARTIES", "DEAL/PARTIES/PARTY/ROLES/ROLE/ROLE_DETAIL/PartyRoleType"),
        ("LOANS", "DEAL/LOANS/LOAN"),
        ("DEALS", "MESSAGE/DEAL_SETS/DEAL_SET/DEALS/DEAL"),
    ],
)
def test_what_is_missing_is_refused_by_its_path(element: str, path: str) -> None:
    assert str(refusal(without(element)).attributes["field"]).endswith(path)


@pytest.mark.parametrize(
    ("element", "text", "told"),
    [
        ("LoanPurposeType", "Refinance", "Refinance is not taken"),
        ("MortgageType", "FHA", "FHA is not taken"),
        ("LienPriorityType", "SecondLien", "SecondLien is not taken"),
        ("AmortizationType", "AdjustableRate", "AdjustableRate over 360 Month is not taken"),
        ("LoanAmortizationPeriodCount", "240", "Fixed over 240 Month is not taken"),
        ("LoanAmortizationPeriodCount", "30.5", r"Fixed over 30\.5 Month is not taken"),
        ("InterestOnlyIndicator", "true", "InterestOnlyIndicator is true"),
        ("NoteAmount", "305000.00", "not the base loan amount"),
        ("BaseLoanAmount", "three hundred thousand", "no amount"),
        ("BaseLoanAmount", "NaN", "no amount in whole cents"),
        ("SalesContractAmount", "400000.005", "no amount in whole cents"),
        ("PropertyUsageType", "Timeshare", "Timeshare is not taken"),
        ("ProjectLegalStructureType", "Cooperative", "shares of a cooperative"),
        ("FinancedUnitCount", "6", "less than or equal to 4"),
        ("ApplicationReceivedDate", "2 March 2026", "no date"),
        ("CreditReportAuthorizationIndicator", "false", "consent to a credit report is missing"),
        ("HousingExpenseType", "RealEstateTax", "homeowner's insurance proposed is missing"),
        ("PartyRoleType", "LoanOriginator", "no party is a Borrower"),
    ],
)
def test_what_the_bank_does_not_take_is_refused_in_words(element: str, text: str, told: str) -> None:
    assert re.search(told, refusal(saying(element, text)).message)


def test_several_subject_loans_are_refused() -> None:
    second = re.search(r"<LOAN .*?</LOAN>", MESSAGE, re.DOTALL)
    assert second
    error = refusal(MESSAGE.replace("</LOANS>", f"{second.group(0)}</LOANS>"))
    assert error.message == "there are 2 subject loans"


def test_several_deals_are_refused() -> None:
    deal = re.search(r"<DEAL>.*</DEAL>", MESSAGE, re.DOTALL)
    assert deal
    assert "2 times" in refusal(MESSAGE.replace("</DEALS>", f"{deal.group(0)}</DEALS>")).message


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (MESSAGE.replace("residential/2009", "residential/2001"), "not a MISMO message"),
        (MESSAGE.replace("MESSAGE", "LOAN_APPLICATION"), "not a MISMO message"),
        ("<html/>", "not a MISMO message"),
        (MESSAGE.replace("3.4.032420160128", "2.3.1"), "reference model 2.3.1 is not taken"),
        (MESSAGE.replace(' MISMOReferenceModelIdentifier="3.4.032420160128"', ""), "unnamed is not taken"),
    ],
)
def test_another_vocabulary_or_version_is_refused(message: str, told: str) -> None:
    assert told in refusal(message).message


def billion_laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE m [<!ENTITY l0 "lol">{entities}]>' + MESSAGE.split("?>", 1)[1].replace("SAGE", "&l9;")


def outside(kind: str) -> str:
    return f'<!DOCTYPE m [<!ENTITY x {kind} "file:///etc/hostname">]>' + MESSAGE.split("?>", 1)[1].replace(
        "SAGE", "&x;"
    )


@pytest.mark.parametrize(
    "message",
    [
        billion_laughs(),
        outside("SYSTEM"),
        outside('PUBLIC "-//demo"'),
        '<!DOCTYPE m SYSTEM "http://127.0.0.1/evil.dtd">' + MESSAGE.split("?>", 1)[1],
        '<!DOCTYPE m [<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]>' + MESSAGE.split("?>", 1)[1],
        "<!DOCTYPE MESSAGE>" + MESSAGE.split("?>", 1)[1],
    ],
    ids=["billion_laughs", "system_entity", "public_entity", "external_dtd", "parameter_entity", "bare_dtd"],
)
def test_document_types_and_entities_are_refused_before_anything_is_believed(message: str) -> None:
    error = refusal(message)
    assert "document type" in error.message
    assert "DOCTYPE" in str(error.attributes["remedy"])


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"  \n", "empty"),
    "too_large": (lambda: b"<a>" + b" " * MOST_BYTES + b"</a>", "larger than"),
    "too_deep": (lambda: b"<a>" * (MOST_DEPTH + 1), "levels"),
    "too_many": (lambda: b"<a>" + b"<b/>" * 200_001 + b"</a>", "elements"),
    "truncated": (lambda: MESSAGE.encode()[:4000], "cut off"),
    "not_xml": (lambda: b'{"application": {}}', "not well-formed"),
    "not_utf8": (lambda: MESSAGE.replace("SAGE", "S\xc9GE").encode("latin-1"), "not well-formed"),
    "unknown_encoding": (lambda: MESSAGE.replace("UTF-8", "klingon").encode(), "encoding"),
    "nul": (lambda: MESSAGE.replace("SAGE", "S\0GE").encode(), "not well-formed"),
    "unbound_prefix": (lambda: MESSAGE.replace("<LOANS>", "<x:LOANS>").encode(), "not well-formed"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_cannot_be_read_says_why(case: str) -> None:
    content, told = HOSTILE[case]
    assert told in refusal(content()).message


def test_a_file_cut_off_names_the_line() -> None:
    assert refusal(MESSAGE.encode()[:4000]).attributes["row"] == MESSAGE[:4000].count("\n") + 1


def test_an_error_shows_no_identity_of_the_borrower() -> None:
    for broken in (
        without("BorrowerBirthDate"),
        saying("TaxpayerIdentifierValue", "12"),
        without("EMPLOYERS"),
    ):
        assert "WINTERBOURNE" not in str(refusal(broken))
        assert "900-00-0021" not in str(refusal(broken))
