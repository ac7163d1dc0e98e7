"""The adverse action notices a register shows to be owed. Owns who is owed one, until when and why.

It never decides a case and never writes the notice; what the register cannot say is marked for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .register import LoanRow, Register

DENIED = ("3", "7")  # application denied, preapproval request denied
CLOSED_INCOMPLETE = "5"
PURCHASED = "6"
NOTICE_DAYS = 30  # calendar days, 12 CFR 1002.9(a)(1)
MOST_REASONS = 4  # more are not likely to be helpful (official interpretations of 12 CFR 1002.9(b)(2))

REASONS = {  # HMDA reason for denial: wording after Regulation B form C-1, whether specific by itself
    "1": ("Excessive obligations in relation to income", True),
    "2": ("Temporary or irregular employment, or length of employment", False),
    "3": ("Credit history, such as delinquent past or present credit obligations with others", False),
    "4": ("Value or type of collateral not sufficient", True),
    "5": ("Insufficient funds for down payment or closing costs", True),
    "6": ("Unable to verify income, employment, residence or credit references", False),
    "7": ("Credit application incomplete", True),
    "8": ("Mortgage insurance denied", True),
    "9": ("Other", False),
}


@dataclass(frozen=True, slots=True)
class PrincipalReason:
    """One reason a notice has to state."""

    code: str  # HMDA reason for denial, 1 to 9
    text: str  # wording for the notice; for code 9 the lender's own, as filed
    specific: bool  # false where a person has to say which of several things it was


@dataclass(frozen=True, slots=True)
class Notice:
    """One adverse action notice that is owed."""

    row: int  # loan row, 1-based
    uli: str  # universal or non-universal loan identifier
    action_date: date | None  # when adverse action was taken; None when the register does not say
    due: date | None  # last day for the notice; None when the action date cannot be read
    reasons: tuple[PrincipalReason, ...]  # in the order filed, at most four; empty when filed as exempt

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in the order filed."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def complete(self) -> bool:
        """Whether date and specific reasons are all there, so that no person has to add any."""
        return self.due is not None and bool(self.reasons) and all(reason.specific for reason in self.reasons)


def notices_owed(register: Register) -> tuple[Notice, ...]:
    """The notices owed for a register, in row order.

    Denied applications (3) and preapproval requests (7) are adverse action. Purchased loans (6) owe none,
    the buyer took no application. Files closed for incompleteness (5) are governed by 12 CFR 1002.9(c), which
    the register cannot show; those rows are counted by the review, not listed here.
    """
    return tuple(_notice(row) for row in register.rows if row.action_taken in DENIED)


def due_date(action_date: date) -> date:
    """Last day for the notice: action date plus 30 calendar days, no adjustment for weekends or holidays.

    The register has no date of the completed application, from which the 30 days of 12 CFR 1002.9(a)(1)(i)
    run; where that came before the action, the notice is due earlier than the day given here.

    Source: 12 CFR 1002.9(a)(1).
    """
    return action_date + timedelta(days=NOTICE_DAYS)


def principal_reasons(row: LoanRow) -> tuple[PrincipalReason, ...]:
    """The reasons filed, in that order, at most four; codes 10, 1111 and unknown ones give none.

    Only the factors really used may be stated, so a code that covers several is marked as not specific.

    Source: 12 CFR 1002.9(b)(2) and form C-1 of appendix C; the mapping of HMDA codes to that wording is ours.
    """
    known = [code for code in row.denial_codes if code in REASONS]
    return tuple(_reason(code, row["denial_code_9"].strip()) for code in known[:MOST_REASONS])


def _reason(code: str, explained: str) -> PrincipalReason:
    text, specific = REASONS[code]
    if code == "9" and explained:
        return PrincipalReason(code, explained, True)
    return PrincipalReason(code, text, specific)


def _notice(row: LoanRow) -> Notice:
    acted = row.action_date
    return Notice(row.row, row.uli, acted, due_date(acted) if acted else None, principal_reasons(row))
