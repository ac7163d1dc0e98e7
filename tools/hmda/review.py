"""The review of one register file, from bytes to report. Owns what is counted and how the report is written.

It only reads: it sends no notice, corrects no value and decides no case. Monitoring stands apart.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.canonical import Json
from domain.money import Money

from .check_digit import is_universal, is_valid_uli
from .edits import Failure, Kind, failures
from .fair_lending import AdverseImpact, adverse_impact_by_sex
from .fields import FIELDS
from .notices import CLOSED_INCOMPLETE, PURCHASED, Notice, notices_owed
from .register import Register, parse_demographics, parse_register

NO_SPREAD = ("", "NA", "Exempt")
FIRST = 5  # notices shown at the top of the report


@dataclass(frozen=True, slots=True)
class RegisterReview:
    """What one register file shows."""

    register: Register
    sha256: str  # of the file's bytes, lower-case hexadecimal
    notices: tuple[Notice, ...]  # adverse action notices owed, in row order
    failures: tuple[Failure, ...]  # published edits that are not met
    impact: AdverseImpact | None  # monitoring only; None when there is nothing to compare

    @property
    def blocked(self) -> bool:
        """Whether a syntactical or validity edit fails and stops the filing; false promises no acceptance."""
        return any(failure.edit.kind is not Kind.QUALITY for failure in self.failures)

    def to_json(self) -> dict[str, Json]:
        """The report as plain JSON: ``file, blocked, review, register, edits, monitoring``."""
        return {
            "file": self.register.file,
            "blocked": self.blocked,
            "review": _review(self),
            "register": _register(self),
            "edits": [_failure(failure) for failure in self.failures],
            "monitoring": _monitoring(self.impact),
        }


def review_register(content: bytes, file: str) -> RegisterReview:
    """Read a register, judge its edits, list the notices it owes and compute monitoring.

    Args:
        content: the file's bytes.
        file: its name, for messages and the report.

    Raises:
        BadInput: the file cannot be read (see ``parse_register``); a bad value in it is a failed edit.
    """
    register = parse_register(content, file)
    return RegisterReview(
        register=register,
        sha256=hashlib.sha256(content).hexdigest(),
        notices=notices_owed(register),
        failures=failures(register),
        impact=adverse_impact_by_sex(register.rows, parse_demographics(content, file)),
    )


def notices_digest(notices: Iterable[Notice]) -> str:
    """SHA-256 over ``{"row:uli": [due date, [codes]]}`` of all notices.

    Serialised as ASCII JSON, keys sorted as text, ``", "`` and ``": "`` between; none gives that of ``{}``.
    """
    text = json.dumps(_by_row(notices), sort_keys=True, separators=(", ", ": "), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _by_row(notices: Iterable[Notice]) -> dict[str, Json]:
    return {f"{n.row}:{n.uli}": [n.due.isoformat() if n.due else None, list(n.codes)] for n in notices}


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _review(review: RegisterReview) -> Mapping[str, Json]:
    actions = _counted(row.action_taken for row in review.register.rows)
    return {
        "rows": len(review.register.rows),
        "by_action": actions,
        "adverse_action_notices": len(review.notices),
        "reason_counts": _reasons(review),
        "closed_incomplete": actions.get(CLOSED_INCOMPLETE, 0),
        "purchased": actions.get(PURCHASED, 0),
        "rows_with_rate_spread": sum(row["rate_spread"] not in NO_SPREAD for row in review.register.rows),
        "first_five": _by_row(review.notices[:FIRST]),
        "digest_of_row_to_due_date_and_codes": notices_digest(review.notices),
    }


def _register(review: RegisterReview) -> Mapping[str, Json]:
    rows = review.register.rows
    universal = [row.uli for row in rows if is_universal(row.uli)]
    valid = sum(is_valid_uli(uli) for uli in universal)
    return {
        "sha256": review.sha256,
        "lar_rows": len(rows),
        "ts_declared_rows": review.register.sheet.declared_rows,
        "fields": len(FIELDS),
        "action_taken": _counted(row.action_taken for row in rows),
        "loan_type": _counted(row["loan_type"] for row in rows),
        "denial_reasons": _reasons(review),
        "uli_valid": valid,
        "uli_invalid": len(universal) - valid,
        "sum_loan_amount_cents": _total(review.register),
        "denied_ulis_first5": [[n.uli, list(n.codes)] for n in review.notices[:FIRST]],
    }


def _reasons(review: RegisterReview) -> dict[str, int]:
    return _counted(code for notice in review.notices for code in notice.codes)


def _total(register: Register) -> int | None:
    """US cents; none when an amount cannot be read, rather than a sum that leaves it out."""
    amounts = [row.loan_amount for row in register.rows]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Money(0)).cents if len(known) == len(amounts) else None


def _failure(failure: Failure) -> Mapping[str, Json]:
    edit = failure.edit
    return {"edit": edit.code, "kind": edit.kind.value, "row": failure.row, "text": edit.text}


def _monitoring(impact: AdverseImpact | None) -> Mapping[str, Json]:
    if impact is None:
        return {}
    both = (impact.reference, impact.group)
    return {
        "label": impact.label,
        "applicant_sex": {g.code: {"n": g.decided, "approved": g.approved} for g in both},
        "female_over_male_bps": impact.ratio_bps,
        "interval_95_bps": list(impact.interval_bps) if impact.interval_bps else None,
        "four_fifths_flag": impact.below_four_fifths,
    }
