"""Published HMDA edits that can be judged from the register alone. Owns their codes, wording and conditions.

Never corrects a value and never sees ethnicity, race, sex or age: edits over those fields (V628-V652, V655,
V668, V680, V705, V721, Q614, Q622) stay with the agency's platform, as do those that need census, prior-year
or institution records (S302, S303, V625-2, V716, Q603). It is a selection: a register without a failure here
may still fail there. Wording is ours, shortened; codes are the agency's. Source: filing instructions guides
for HMDA data collected in 2023 and 2024.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .check_digit import is_universal, is_valid_uli
from .fields import STATES
from .register import LoanRow, Register, TransmittalSheet, calendar_date, number

SHEET = 0  # the "row" of a failure that lies in the transmittal sheet or in the file as a whole
NONE = "NA Exempt"  # the two words that stand for no value

RowTest = Callable[[LoanRow, TransmittalSheet], bool]  # true when the row passes
Check = Callable[[Register], tuple[int, ...]]  # rows that fail; 0 stands for SHEET


class Kind(StrEnum):
    """What a failure means for the filing."""

    SYNTACTICAL = "syntactical"  # the file cannot be submitted
    VALIDITY = "validity"  # the file cannot be submitted
    QUALITY = "quality"  # a person confirms or corrects the value


@dataclass(frozen=True, slots=True)
class Edit:
    """One published edit."""

    code: str  # the agency's code, e.g. V662-1
    kind: Kind
    text: str  # the condition that has to hold
    check: Check
    since: int = 2018  # first calendar year of data it applies to


@dataclass(frozen=True, slots=True)
class Failure:
    """One edit that one row fails."""

    row: int  # loan row, 1-based; 0 for the transmittal sheet or the whole file
    edit: Edit


def failures(register: Register) -> tuple[Failure, ...]:
    """Every failed edit, in the order of ``EDITS`` and then of rows.

    When the calendar year cannot be read, edits of every year are applied, so that none is missed.
    """
    year = register.sheet.year
    due = [edit for edit in EDITS if year is None or edit.since <= year]
    return tuple(Failure(row, edit) for edit in due for row in edit.check(register))


def rows(test: RowTest) -> Check:
    """Judge every loan row alone."""
    return lambda register: tuple(row.row for row in register.rows if not test(row, register.sheet))


def sheet(test: Callable[[Register], bool]) -> Check:
    """Judge the transmittal sheet or the file as a whole."""
    return lambda register: () if test(register) else (SHEET,)


def coded(field: str, codes: str) -> RowTest:
    """The field is one of the codes (separated by blanks)."""
    allowed = frozenset(codes.split())
    return lambda row, _: row[field] in allowed


def matching(field: str, pattern: str) -> RowTest:
    """The whole field matches the pattern."""
    return lambda row, _: re.fullmatch(pattern, row[field], re.ASCII) is not None


def figure(field: str, accepts: Callable[[Decimal], bool] = lambda _: True, words: str = NONE) -> RowTest:
    """The field is one of the words, or a number that is accepted."""
    allowed = frozenset(words.split())
    return lambda row, _: row[field] in allowed or ((n := number(row[field])) is not None and accepts(n))


def when(condition: RowTest, then: RowTest) -> RowTest:
    """Where the condition holds, the other test has to hold."""
    return lambda row, of: then(row, of) if condition(row, of) else True


def both(one: RowTest, other: RowTest) -> RowTest:
    """One holds exactly where the other holds."""
    return lambda row, of: one(row, of) == other(row, of)


def blank(*fields: str) -> RowTest:
    """All of these fields are empty."""
    return lambda row, _: not any(row[field] for field in fields)


def is_number(field: str) -> RowTest:
    """The field is a number."""
    return figure(field, words="")


def whole(sheet_test: Callable[[TransmittalSheet], bool], row_test: RowTest) -> Check:
    """Judge the transmittal sheet and every loan row."""
    return lambda register: sheet(lambda g: sheet_test(g.sheet))(register) + rows(row_test)(register)


def sheet_matches(pattern: str, *fields: str) -> Check:
    """These transmittal sheet fields match the pattern as a whole."""
    return sheet(lambda g: all(re.fullmatch(pattern, g.sheet[field], re.ASCII) for field in fields))


def repeated_uli(codes: str) -> Check:
    """Rows, among those with these action codes, whose identifier stands there more than once."""
    actions = frozenset(codes.split())

    def check(register: Register) -> tuple[int, ...]:
        counted = Counter(row.uli for row in register.rows if row.action_taken in actions)
        return tuple(r.row for r in register.rows if r.action_taken in actions and counted[r.uli] > 1)

    return check


def model_known(field: str, also: str = "") -> RowTest:
    """The scoring model is a code of the filing year: 11 came in 2022, 12 to 15 in 2024."""
    always = frozenset(f"1111 1 2 3 4 5 6 7 8 9 {also}".split())
    later = {"11": 2022, "12": 2024, "13": 2024, "14": 2024, "15": 2024}
    return lambda row, of: row[field] in always or later.get(row[field], 9999) <= (of.year or 9999)


def at_least(field: str, least: str) -> RowTest:
    """The field is no number, or one not below ``least``."""
    return lambda row, _: (value := number(row[field])) is None or value >= Decimal(least)


def universal(row: LoanRow, _: TransmittalSheet) -> bool:
    """The identifier is long enough to be a universal one."""
    return is_universal(row.uli)


def years_later(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 1 March."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap else day.replace(year=day.year + years)


def action(codes: str) -> RowTest:
    """The action taken is one of these codes."""
    return coded("action_taken", codes)


S, V, Q = Kind.SYNTACTICAL, Kind.VALIDITY, Kind.QUALITY
NONE = "NA Exempt"
NULI = matching("uli", r"(?!(NA|Exempt|1111)$)[A-Za-z0-9]{1,22}")
LEI = r"[A-Za-z0-9]{20}"
REASONS = "1 2 3 4 5 6 7 8 9"
NOT_CLOSED = action("2 3 4 5 7 8")
UNDECIDED = action("4 5 6")
PREAPPROVAL = coded("preapproval", "1")
SCORE, MODEL, OTHER = "app_credit_score", "app_score_name", "app_score_code_8"
CO_SCORE, CO_MODEL, CO_OTHER = "co_app_credit_score", "co_app_score_name", "co_app_score_code_8"
FLAG = "1111 1 2"
WHY = "denial_code_9"
COUNT = r"0*[1-9]\d*"

EDITS: tuple[Edit, ...] = (
    Edit("S300", S, "The first row begins with 1, every other with 2.",
         whole(lambda of: of["record_id"] == "1", coded("record_id", "2"))),
    Edit("S301", S, "The LEI is that of the transmittal sheet.", rows(lambda r, of: r["lei"] == of["lei"])),
    Edit("S304", S, "As many rows as declared.", sheet(lambda g: g.sheet.declared_rows == len(g.rows))),
    Edit("S305", S, "No record is filed twice.", lambda register: register.repeated),
    Edit("S306", S, "No two originated loans have one identifier.", repeated_uli("1"), since=2020),
    Edit("V600", V, "An LEI has 20 letters or digits.",
         whole(lambda of: re.fullmatch(LEI, of["lei"]) is not None, matching("lei", LEI))),
    Edit("V601", V, "Institution, contact, e-mail, street and city are given.",
         sheet_matches(".+", "inst_name", "contact_name", "contact_email", "contact_street_address",
                       "office_city")),
    Edit("V602", V, "The calendar quarter of an annual filing is 4.", sheet_matches("4", "calendar_quarter")),
    Edit("V603", V, "The telephone is 999-999-9999.", sheet_matches(r"\d{3}-\d{3}-\d{4}", "contact_tel")),
    Edit("V604", V, "The office state exists.", sheet(lambda g: g.sheet["office_state"] in STATES.split())),
    Edit("V605", V, "The office ZIP is 12345 or 12345-1010.", sheet_matches(r"\d{5}(-\d{4})?", "office_zip")),
    Edit("V606", V, "The declared rows are above zero.", sheet(lambda g: bool(g.sheet.declared_rows))),
    Edit("V607", V, "The taxpayer number is 99-9999999.", sheet_matches(r"\d{2}-\d{7}", "tax_id")),
    Edit("V608-1", V, "A ULI has 23 to 45 letters or digits.",
         rows(when(universal, matching("uli", r"[A-Za-z0-9]{23,45}")))),
    Edit("V608-2", V, "A NULI has 1 to 22 letters or digits and is not NA, Exempt or 1111.",
         rows(lambda r, of: universal(r, of) or NULI(r, of))),
    Edit("V609", V, "A ULI's check digits agree.", rows(when(universal, lambda r, _: is_valid_uli(r.uli)))),
    Edit("V610-1", V, "The application date is a date or NA.",
         rows(lambda r, _: r["app_date"] == "NA" or calendar_date(r["app_date"]) is not None)),
    Edit("V610-2", V, "Only purchases lack a date.", rows(both(action("6"), coded("app_date", "NA")))),
    Edit("V611", V, "The loan type is 1 to 4.", rows(coded("loan_type", "1 2 3 4"))),
    Edit("V612-1", V, "The loan purpose is a listed code.", rows(coded("loan_purpose", "1 2 31 32 4 5"))),
    Edit("V612-2", V, "Preapproval is for purchase.", rows(when(PREAPPROVAL, coded("loan_purpose", "1")))),
    Edit("V613-1", V, "Preapproval is 1 or 2.", rows(coded("preapproval", "1 2"))),
    Edit("V613-2", V, "Actions 7, 8: preapproval.", rows(when(action("7 8"), coded("preapproval", "1")))),
    Edit("V613-3", V, "Actions 3-6: none asked.", rows(when(action("3 4 5 6"), coded("preapproval", "2")))),
    Edit("V613-4", V, "A preapproval has action 1, 2, 7 or 8.", rows(when(PREAPPROVAL, action("1 2 7 8")))),
    Edit("V615-1", V, "The construction method is 1 or 2.", rows(coded("const_method", "1 2"))),
    Edit("V616", V, "The occupancy type is 1, 2 or 3.", rows(coded("occ_type", "1 2 3"))),
    Edit("V617", V, "The loan amount is zero or more.", rows(figure("loan_amount", lambda n: n >= 0, ""))),
    Edit("V618", V, "The action taken is 1 to 8.", rows(action("1 2 3 4 5 6 7 8"))),
    Edit("V619-1", V, "The action taken date is a date.", rows(lambda r, _: r.action_date is not None)),
    Edit("V619-2", V, "The action was taken in the reporting year.",
         rows(lambda r, of: r.action_date is None or r.action_date.year == of.year)),
    Edit("V619-3", V, "The action was not taken before the application.",
         rows(lambda r, _: not (r.application_date and r.action_date)
              or r.application_date <= r.action_date)),
    Edit("V620", V, "A street address is given.", rows(lambda r, _: r["street_address"] != "")),
    Edit("V621", V, "A city is given.", rows(lambda r, _: r["city"] != "")),
    Edit("V622", V, "With a street address come city, state and ZIP.",
         rows(lambda r, _: r["street_address"] in ("NA", "Exempt")
              or not {"NA", ""} & {r["city"], r["state"], r["zip_code"]})),
    Edit("V623", V, "The state is a state code or NA.", rows(coded("state", STATES + " NA"))),
    Edit("V624", V, "A ZIP has 5 or 9 digits.", rows(matching("zip_code", r"\d{5}(-\d{4})?|NA|Exempt"))),
    Edit("V625-1", V, "The census tract has eleven digits or is NA.", rows(matching("tract", r"\d{11}|NA"))),
    Edit("V626", V, "The county has five digits or is NA.", rows(matching("county", r"\d{5}|NA"))),
    Edit("V627", V, "The census tract lies in the county.",
         rows(lambda r, _: "NA" in (r["tract"], r["county"]) or r["tract"].startswith(r["county"]))),
    Edit("V654-1", V, "Income is a whole number or NA.", rows(matching("income", r"-?\d+|NA"))),
    Edit("V656-1", V, "The purchaser is listed.", rows(coded("purchaser_type", "0 1 2 3 4 5 6 71 72 8 9"))),
    Edit("V656-2", V, "Only closed loans are sold.", rows(when(NOT_CLOSED, coded("purchaser_type", "0")))),
    Edit("V657-1", V, "The rate spread is a number, NA or Exempt.", rows(figure("rate_spread"))),
    Edit("V657-2", V, "Actions 3-7: no spread.", rows(when(action("3 4 5 6 7"), coded("rate_spread", NONE)))),
    Edit("V658-1", V, "The HOEPA status is 1, 2 or 3.", rows(coded("hoepa", "1 2 3"))),
    Edit("V658-2", V, "What was not closed has HOEPA status 3.", rows(when(NOT_CLOSED, coded("hoepa", "3")))),
    Edit("V659", V, "The lien status is 1 or 2.", rows(coded("lien", "1 2"))),
    Edit("V660-1", V, "The applicant's score is a number.", rows(is_number(SCORE))),
    Edit("V660-2", V, "The applicant's scoring model is listed.", rows(model_known(MODEL))),
    Edit("V661", V, "Score 8888 is model 9.", rows(both(coded(SCORE, "8888"), coded(MODEL, "9")))),
    Edit("V662-1", V, "Only model 8 has text.", rows(lambda r, _: r[MODEL] == "8" or r[OTHER] == "")),
    Edit("V662-2", V, "Model 8 has text.", rows(lambda r, _: r[MODEL] != "8" or r[OTHER] != "")),
    Edit("V663", V, "Undecided or purchased: the score is not applicable or exempt.",
         rows(lambda r, of: not UNDECIDED(r, of)
              or (r[SCORE] in ("8888", "1111") and r[MODEL] in ("9", "1111") and r[OTHER] == ""))),
    Edit("V665-1", V, "The co-applicant's score is a number.", rows(is_number(CO_SCORE))),
    Edit("V665-2", V, "The co-applicant's scoring model is listed.", rows(model_known(CO_MODEL, "10"))),
    Edit("V666-1", V, "Score 8888 is model 9.", rows(both(coded(CO_SCORE, "8888"), coded(CO_MODEL, "9")))),
    Edit("V666-2", V, "Score 9999 is model 10.", rows(both(coded(CO_SCORE, "9999"), coded(CO_MODEL, "10")))),
    Edit("V667-1", V, "Only model 8 has text.", rows(lambda r, _: r[CO_MODEL] == "8" or r[CO_OTHER] == "")),
    Edit("V667-2", V, "Model 8 has text.", rows(lambda r, _: r[CO_MODEL] != "8" or r[CO_OTHER] != "")),
    Edit("V669-1", V, "The first denial reason is listed.", rows(coded("denial_1", f"1111 10 {REASONS}"))),
    Edit("V669-2", V, "Further reasons are listed codes or blank.",
         rows(lambda r, _: {r[f"denial_{n}"] for n in (2, 3, 4)} <= {"", *REASONS.split()})),
    Edit("V669-3", V, "No reason is given twice.",
         rows(lambda r, _: len(set(r.denial_codes)) == len(r.denial_codes))),
    Edit("V669-4", V, "Reason 10 or 1111 stands alone.",
         rows(when(coded("denial_1", "10 1111"), blank("denial_2", "denial_3", "denial_4")))),
    Edit("V670-1", V, "Denied: reasons.", rows(when(action("3 7"), coded("denial_1", f"1111 {REASONS}")))),
    Edit("V670-2", V, "Only denials have reasons.", rows(when(coded("denial_1", REASONS), action("3 7")))),
    Edit("V671-1", V, "Reason 9 is explained.", rows(lambda r, _: "9" not in r.denial_codes or r[WHY] != "")),
    Edit("V671-2", V, "Only 9 is explained.", rows(lambda r, _: "9" in r.denial_codes or r[WHY] == "")),
    Edit("V672-1", V, "Loan costs: 0 or more, or none.", rows(figure("loan_costs", lambda n: n >= 0))),
    Edit("V673-1", V, "Points and fees: 0 or more, or none.", rows(figure("points_fees", lambda n: n >= 0))),
    Edit("V674-1", V, "Origination: 0 or more, or none.", rows(figure("origination_fee", lambda n: n >= 0))),
    Edit("V677-1", V, "Interest rate: 0 or more, or none.", rows(figure("interest_rate", lambda n: n >= 0))),
    Edit("V677-2", V, "Not priced: no rate.", rows(when(action("3 4 5 7"), coded("interest_rate", NONE)))),
    Edit("V679-1", V, "Debt-to-income is a number, NA or Exempt.", rows(figure("dti"))),
    Edit("V679-2", V, "Undecided or purchased: no DTI.", rows(when(UNDECIDED, coded("dti", NONE)))),
    Edit("V681-1", V, "Combined loan-to-value: above 0, or none.", rows(figure("cltv", lambda n: n > 0))),
    Edit("V681-2", V, "Undecided or purchased: no LTV.", rows(when(UNDECIDED, coded("cltv", NONE)))),
    Edit("V682-1", V, "The term: whole months or none.", rows(matching("loan_term", rf"{COUNT}|NA|Exempt"))),
    Edit("V688-1", V, "Property value: above 0, or none.", rows(figure("property_value", lambda n: n > 0))),
    Edit("V691", V, "Total units are a whole number above zero.", rows(matching("total_units", COUNT))),
    Edit("V706", V, "Reverse mortgage is 1111, 1 or 2.", rows(coded("reverse_mortgage", FLAG))),
    Edit("V707", V, "Open-end is 1111, 1 or 2.", rows(coded("open_end_credit", FLAG))),
    Edit("V708", V, "Business purpose is 1111, 1 or 2.", rows(coded("business_purpose", FLAG))),
    Edit("V720-1", V, "A score of model 1 to 6, 11 or 12 is 280 or above.",
         rows(when(coded(MODEL, "1 2 3 4 5 6 11 12"), at_least(SCORE, "280"))), since=2022),
    Edit("V720-2", V, "A co-applicant's score of model 1 to 6, 11 or 12 is 280 or above.",
         rows(when(coded(CO_MODEL, "1 2 3 4 5 6 11 12"), at_least(CO_SCORE, "280"))), since=2022),
    Edit("V720-3", V, "A score of model 13 to 15 is 300 or above.",
         rows(when(coded(MODEL, "13 14 15"), at_least(SCORE, "300"))), since=2024),
    Edit("V720-4", V, "A co-applicant's score of model 13 to 15 is 300 or above.",
         rows(when(coded(CO_MODEL, "13 14 15"), at_least(CO_SCORE, "300"))), since=2024),
    Edit("Q600", Q, "No identifier stands on two rows.", repeated_uli("1 2 3 4 5 6 7 8")),
    Edit("Q601", Q, "The application is at most two years older than the action.",
         rows(lambda r, _: not (r.application_date and r.action_date)
              or r.action_date <= years_later(r.application_date, 2))),
    Edit("Q607", Q, "A second lien is at most 250,000 dollars.",
         rows(when(coded("lien", "2"), figure("loan_amount", lambda n: n <= 250_000, "NA")))),
    Edit("Q645-1", Q, "A loan is 500 dollars or more.", rows(figure("loan_amount", lambda n: n >= 500, ""))),
    Edit("Q650", Q, "The interest rate is 0, or between 0.5 and 20 percent.",
         rows(figure("interest_rate", lambda n: n == 0 or Decimal("0.5") <= n <= 20)), since=2021),
)  # fmt: skip
