"""Applications: what is asked for, form by form. They state; they prove nothing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from domain.identity import Identity, IdentityKind, Prose, Record
from domain.records.property import PropertyType

MOST_CENTS = 10**13  # USD 100,000,000,000.00; more is a slip
Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]
PositiveCents = Annotated[int, Field(gt=0, le=MOST_CENTS)]


class Borrower(Record):
    """A natural person who applies; identity goes to the vault at intake."""

    name: Annotated[str, Field(min_length=2, max_length=200), Identity(IdentityKind.NAME)]
    birth_date: Annotated[date, Identity(IdentityKind.BIRTH_DATE)]
    tax_number: Annotated[str, Field(min_length=9, max_length=11), Identity(IdentityKind.TAX_NUMBER)]
    customer_number: Annotated[str | None, Identity(IdentityKind.CUSTOMER_NUMBER)] = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "US"
    employment: Literal["employed", "self_employed", "retired"]
    stated_monthly_income_cents: Cents


class Company(Record):
    """A legal entity that applies; who owns and controls it comes as ``ownership_record``, never from here."""

    name: Annotated[str, Field(min_length=2, max_length=200), Identity(IdentityKind.NAME)]
    tax_number: Annotated[str, Field(min_length=9, max_length=11), Identity(IdentityKind.TAX_NUMBER)]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "US"  # of registration
    entity_type: Literal[
        "corporation", "limited_liability_company", "partnership", "trust", "nonprofit", "listed_company"
    ]
    industry_code: Annotated[str, Field(pattern="^[0-9]{2,6}$")]  # NAICS
    incorporated_on: date


class Property(Record):
    """The dwelling that secures the loan."""

    address: Annotated[str, Field(min_length=5, max_length=300), Identity(IdentityKind.ADDRESS)]
    area: Annotated[str, Field(pattern="^[0-9]{5}$")]  # county FIPS code
    property_type: PropertyType = "single_family"
    units: Annotated[int, Field(ge=1, le=4)] = 1
    occupancy: Literal["principal", "second", "investment"] = "principal"
    price_cents: PositiveCents  # agreed price; the lower of price and appraisal counts


class Asked(Record):
    """What every application says. ``case_kind`` names a book that takes this form; default: its own."""

    case_kind: Annotated[str | None, Field(pattern="^[a-z][a-z_]{2,40}$")] = None


class HomeLoanApplication(Asked):
    """A request for a home loan. It states; it proves nothing: evidence arrives as source records."""

    kind: Literal["home_loan"]
    application_date: date
    product: Literal["fixed_15", "fixed_30"]
    loan_amount_cents: PositiveCents
    other_liens_cents: Cents = 0
    points_and_fees_cents: Cents = 0
    other_liens_monthly_cents: Cents | None = None  # what they cost a month
    monthly_tax_insurance_cents: Cents = 0
    monthly_support_cents: Cents = 0  # alimony and child support that the applicants pay
    borrowers: Annotated[tuple[Borrower, ...], Field(min_length=1, max_length=4)]
    property: Property
    credit_consent: Literal[True]  # permissible purpose, 15 U.S.C. 1681b(a)(3)(A)
    letter_of_explanation: Annotated[str | None, Field(max_length=4000), Prose()] = None


class AmendmentApplication(Asked):
    """A change to a loan on the books, small enough to run on standing authority."""

    kind: Literal["loan_amendment"]
    application_date: date
    product: Literal["due_date_change", "fee_refund"]
    loan_account: Annotated[str, Field(min_length=4, max_length=34), Identity(IdentityKind.ACCOUNT_NUMBER)]
    amount_cents: Cents  # the refund; 0 for a due-date change
    new_due_day: Annotated[int, Field(ge=1, le=28)] = 1
    borrowers: Annotated[tuple[Borrower, ...], Field(min_length=1, max_length=4)]
    credit_consent: Literal[True]


class OnboardingApplication(Asked):
    """A new customer relationship, with people or with a legal entity that they act for: KYC alone."""

    kind: Literal["kyc_onboarding"]
    application_date: date
    product: Literal["deposit", "lending"]
    amount_cents: Cents = 0
    borrowers: Annotated[tuple[Borrower, ...], Field(min_length=1, max_length=4)]  # who opens it
    company: Company | None = None  # for whom, if not for themselves
    channel: Literal["branch", "online", "intermediary"] | None = None  # by which they came


class CommercialCreditApplication(Asked):
    """A company's request for credit; ``borrowers`` are the natural persons who guarantee it."""

    kind: Literal["commercial_credit"]
    application_date: date
    product: Literal["term_loan", "revolver"]
    loan_amount_cents: PositiveCents  # of a revolver: the commitment
    term_months: Annotated[int, Field(ge=1, le=360)]
    rate_type: Literal["fixed", "floating"]
    purpose: Literal["working_capital", "equipment", "real_estate", "acquisition", "refinance", "expansion"]
    collateral: Literal["real_estate", "equipment", "receivables_inventory", "unsecured"]
    company: Company
    borrowers: Annotated[tuple[Borrower, ...], Field(min_length=1, max_length=4)]  # guarantors, principals
    credit_consent: Literal[True]  # of the guarantors, 15 U.S.C. 1681b(a)(3)(A)


class RegisterReviewApplication(Asked):
    """A HMDA loan application register to be reviewed; its content goes to the vault, byte for byte.

    No member of ``Application``: intake makes it from a file that was read as a register first.
    """

    model_config = ConfigDict(str_strip_whitespace=False)  # the digest is over every byte

    kind: Literal["lar_review"] = "lar_review"
    application_date: date  # the day it was handed in
    product: Literal["register"] = "register"
    amount_cents: Literal[0] = 0  # no money is at stake
    file: Annotated[str, Field(min_length=1, max_length=200)]  # its name, without folders
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]  # of its bytes
    register_text: Annotated[str, Identity(IdentityKind.DOCUMENT)]  # all of it, UTF-8


class Addressee(Record):
    """Somebody who is told what became of a case."""

    name: Annotated[str, Field(min_length=2, max_length=200), Identity(IdentityKind.NAME)]


class UnwindingApplication(Asked):
    """A defect of a case that had ended, reported by a person or by a system of record: its effects are taken back.

    No member of ``Application``: intake makes it from the case itself.
    """

    kind: Literal["unwinding"] = "unwinding"
    application_date: date  # the day it was reported
    product: Annotated[str, Field(pattern="^[a-z0-9_]{1,40}$")]  # of the case
    amount_cents: Cents  # what is taken back
    unwinds: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:\-]{1,200}$")]  # the case
    unwound_kind: Annotated[str, Field(pattern="^[a-z][a-z_]{2,40}$")]
    unwound_date: date  # of the application of that case
    reason: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$")]  # code of the book
    evidence: Annotated[str | None, Field(max_length=2000), Prose()] = None
    addressees: Annotated[tuple[Addressee, ...], Field(max_length=4)] = ()


Application = Annotated[
    HomeLoanApplication | AmendmentApplication | OnboardingApplication | CommercialCreditApplication,
    Field(discriminator="kind"),
]
