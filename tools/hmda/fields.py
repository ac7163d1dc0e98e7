"""The record layout of the HMDA register, in order. Owns names and positions; never reads or judges a value.

Source: filing instructions guide for HMDA data collected in 2024 (110 loan fields, 15 in the transmittal
sheet); the layout has been the same since data collected in 2018.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One field of a loan record."""

    name: str  # the name used throughout this package
    label: str  # what it holds, with its unit


SHEET_FIELDS = (
    "record_id",
    "inst_name",
    "calendar_year",
    "calendar_quarter",
    "contact_name",
    "contact_tel",
    "contact_email",
    "contact_street_address",
    "office_city",
    "office_state",
    "office_zip",
    "federal_agency",
    "lar_entries",
    "tax_id",
    "lei",
)

FIELDS = (
    Field("record_id", "Record identifier: 2"),
    Field("lei", "Legal entity identifier"),
    Field("uli", "Universal or non-universal loan identifier"),
    Field("app_date", "Application date, YYYYMMDD or NA"),
    Field("loan_type", "Loan type, code"),
    Field("loan_purpose", "Loan purpose, code"),
    Field("preapproval", "Preapproval, code"),
    Field("const_method", "Construction method, code"),
    Field("occ_type", "Occupancy type, code"),
    Field("loan_amount", "Loan amount, US dollars"),
    Field("action_taken", "Action taken, code"),
    Field("action_date", "Action taken date, YYYYMMDD"),
    Field("street_address", "Street address"),
    Field("city", "City"),
    Field("state", "State, two letters"),
    Field("zip_code", "ZIP code"),
    Field("county", "County, five-digit FIPS code"),
    Field("tract", "Census tract, eleven digits"),
    Field("app_eth_1", "Applicant ethnicity 1, code"),
    Field("app_eth_2", "Applicant ethnicity 2, code"),
    Field("app_eth_3", "Applicant ethnicity 3, code"),
    Field("app_eth_4", "Applicant ethnicity 4, code"),
    Field("app_eth_5", "Applicant ethnicity 5, code"),
    Field("app_eth_free", "Applicant ethnicity free text"),
    Field("co_app_eth_1", "Co-applicant ethnicity 1, code"),
    Field("co_app_eth_2", "Co-applicant ethnicity 2, code"),
    Field("co_app_eth_3", "Co-applicant ethnicity 3, code"),
    Field("co_app_eth_4", "Co-applicant ethnicity 4, code"),
    Field("co_app_eth_5", "Co-applicant ethnicity 5, code"),
    Field("co_app_eth_free", "Co-applicant ethnicity free text"),
    Field("app_eth_basis", "Applicant ethnicity observed, code"),
    Field("co_app_eth_basis", "Co-applicant ethnicity observed, code"),
    Field("app_race_1", "Applicant race 1, code"),
    Field("app_race_2", "Applicant race 2, code"),
    Field("app_race_3", "Applicant race 3, code"),
    Field("app_race_4", "Applicant race 4, code"),
    Field("app_race_5", "Applicant race 5, code"),
    Field("app_race_native_text", "Applicant race free text, American Indian or Alaska Native"),
    Field("app_race_asian_text", "Applicant race free text, other Asian"),
    Field("app_race_islander_text", "Applicant race free text, other Pacific Islander"),
    Field("co_app_race_1", "Co-applicant race 1, code"),
    Field("co_app_race_2", "Co-applicant race 2, code"),
    Field("co_app_race_3", "Co-applicant race 3, code"),
    Field("co_app_race_4", "Co-applicant race 4, code"),
    Field("co_app_race_5", "Co-applicant race 5, code"),
    Field("co_app_race_native_text", "Co-applicant race free text, American Indian or Alaska Native"),
    Field("co_app_race_asian_text", "Co-applicant race free text, other Asian"),
    Field("co_app_race_islander_text", "Co-applicant race free text, other Pacific Islander"),
    Field("app_race_basis", "Applicant race observed, code"),
    Field("co_app_race_basis", "Co-applicant race observed, code"),
    Field("app_sex", "Applicant sex, code"),
    Field("co_app_sex", "Co-applicant sex, code"),
    Field("app_sex_basis", "Applicant sex observed, code"),
    Field("co_app_sex_basis", "Co-applicant sex observed, code"),
    Field("app_age", "Applicant age, years"),
    Field("co_app_age", "Co-applicant age, years"),
    Field("income", "Income, thousands of US dollars a year"),
    Field("purchaser_type", "Type of purchaser, code"),
    Field("rate_spread", "Rate spread, percentage points"),
    Field("hoepa", "HOEPA status, code"),
    Field("lien", "Lien status, code"),
    Field("app_credit_score", "Applicant credit score"),
    Field("co_app_credit_score", "Co-applicant credit score"),
    Field("app_score_name", "Applicant scoring model, code"),
    Field("app_score_code_8", "Applicant scoring model, free text for code 8"),
    Field("co_app_score_name", "Co-applicant scoring model, code"),
    Field("co_app_score_code_8", "Co-applicant scoring model, free text for code 8"),
    Field("denial_1", "Reason for denial 1, code"),
    Field("denial_2", "Reason for denial 2, code"),
    Field("denial_3", "Reason for denial 3, code"),
    Field("denial_4", "Reason for denial 4, code"),
    Field("denial_code_9", "Reason for denial, free text for code 9"),
    Field("loan_costs", "Total loan costs, US dollars"),
    Field("points_fees", "Total points and fees, US dollars"),
    Field("origination_fee", "Origination charges, US dollars"),
    Field("discount_points", "Discount points, US dollars"),
    Field("lender_credits", "Lender credits, US dollars"),
    Field("interest_rate", "Interest rate, percent a year"),
    Field("prepayment_penalty", "Prepayment penalty term, months"),
    Field("dti", "Debt-to-income ratio, percent"),
    Field("cltv", "Combined loan-to-value ratio, percent"),
    Field("loan_term", "Loan term, months"),
    Field("intro_rate", "Introductory rate period, months"),
    Field("balloon", "Balloon payment, code"),
    Field("int_only_pmts", "Interest-only payments, code"),
    Field("neg_amort", "Negative amortization, code"),
    Field("non_amort_features", "Other non-amortizing features, code"),
    Field("property_value", "Property value, US dollars"),
    Field("manufactured_type", "Manufactured home secured property type, code"),
    Field("manufactured_interest", "Manufactured home land property interest, code"),
    Field("total_units", "Total units"),
    Field("affordable_units", "Multifamily affordable units"),
    Field("app_submission", "Submission of application, code"),
    Field("initially_payable", "Initially payable to the institution, code"),
    Field("mlo_id", "Mortgage loan originator NMLSR identifier"),
    Field("aus_1", "Automated underwriting system 1, code"),
    Field("aus_2", "Automated underwriting system 2, code"),
    Field("aus_3", "Automated underwriting system 3, code"),
    Field("aus_4", "Automated underwriting system 4, code"),
    Field("aus_5", "Automated underwriting system 5, code"),
    Field("aus_code_5", "Automated underwriting system, free text for code 5"),
    Field("aus_result_1", "Automated underwriting result 1, code"),
    Field("aus_result_2", "Automated underwriting result 2, code"),
    Field("aus_result_3", "Automated underwriting result 3, code"),
    Field("aus_result_4", "Automated underwriting result 4, code"),
    Field("aus_result_5", "Automated underwriting result 5, code"),
    Field("aus_code_16", "Automated underwriting result, free text for code 16"),
    Field("reverse_mortgage", "Reverse mortgage, code"),
    Field("open_end_credit", "Open-end line of credit, code"),
    Field("business_purpose", "Business or commercial purpose, code"),
)

FIRST_DEMOGRAPHIC, AFTER_DEMOGRAPHIC = 18, 56  # 0-based: ethnicity, race, sex and age stand together
DEMOGRAPHIC_NAMES = tuple(field.name for field in FIELDS[FIRST_DEMOGRAPHIC:AFTER_DEMOGRAPHIC])
LOAN_NAMES = tuple(field.name for field in FIELDS if field.name not in DEMOGRAPHIC_NAMES)
STATES = (  # two-letter codes a postal address may have
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND "
    "OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI UM FM MH PW AA AE AP"
)
