"""What a book concludes from known facts, and what an adverse action says of it. Pure.

Owns the answer of the decision table with its principal reasons, and the reasons as the notice states them and as
the register files them. Never looks a fact up and never softens a row: whoever asks twice gets the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.decision import Decision, Outcome, worst
from domain.finding import Fact
from policies.book import InForce, Rules
from policies.settled import certain

MOST_REASONS = 4  # 12 CFR 1002.9(b)(2) and its commentary: more than four do not help the applicant
EXIT = "customer_exit"  # why a customer is left whom compliance does not release
BY_COMPLIANCE = "compliance"  # stands where the row of a table would
OTHER = "9"  # HMDA reason for denial that is explained in words


def conclude(book: InForce, known: dict[str, Fact]) -> Decision:
    """The table's answer; an unknown fact or no row is a referral, and the worst row wins.

    A decline that nothing unknown can change is one already, in a book that stops there.
    """
    evaluated = book.decision.evaluate(known)
    answers, rows_hit = evaluated.answers, evaluated.rows_hit
    early = bool(evaluated.unknown) and book.declines_already(known)
    if early:
        sure = certain(book.decision, known)
        answers, rows_hit = [dict(row.outputs) for row in sure], tuple(row.id for row in sure)
    open_ended = bool(evaluated.unknown) and not early
    outcome = Outcome.REFER if open_ended else worst([Outcome(str(each["outcome"])) for each in answers])
    written = dict.fromkeys(str(each["condition"]) for each in answers if "condition" in each)
    codes = [str(each["reason"]) for each in answers if each["outcome"] == "decline"]
    return Decision(
        outcome=outcome,
        rows_hit=rows_hit,
        principal_reasons=tuple(book.rules.reasons[code] for code in dict.fromkeys(codes))[:MOST_REASONS],
        conditions=tuple(book.rules.condition(each) for each in written),
        condition_codes=tuple(each for each in written if each in book.rules.conditions),
        unknown=evaluated.unknown,
        facts=known,
        policy_version=book.version,
    )


def leave(book: InForce, known: dict[str, Fact]) -> Decision:
    """The decline of a customer whom compliance does not release."""
    return Decision(
        outcome=Outcome.DECLINE,
        rows_hit=(BY_COMPLIANCE,),
        principal_reasons=(book.rules.reasons[EXIT],),
        facts=known,
        policy_version=book.version,
    )


def told(reasons: Iterable[str]) -> dict[str, Fact]:
    """Principal reasons as a notice takes them."""
    return {"reasons": "; ".join(reasons)}


def told_by(approval_id: str) -> dict[str, Fact]:
    """A person's rejection as a notice takes it: the reason is the one that they gave."""
    return {"reasons": "", "reasons_from": approval_id}


def told_of_defect(rules: Rules, application: Mapping[str, Any], on: date) -> dict[str, Fact] | None:
    """What the customer is told of an unwinding that was opened on this day; ``None`` where the book is silent.

    Without the addressees. Pure: the release of a notice compares its order with what this gives again.
    """
    section = rules.unwinding
    row = section.defects.get(application["reason"]) if section else None
    if section is None or row is None or row.notice == "none":
        return None
    return {
        "notice": row.notice,
        "application_date": str(application["unwound_date"]),
        "action_date": on.isoformat(),
        "creditor": rules.creditor,
        "agency": rules.agency,
        "reasons": row.told,
        "within_days": section.notice_within_days,
    }


def wordings(rules: Rules) -> str:
    """Every reason of the book in its words, by code."""
    return "; ".join(f"{code}={text}" for code, text in rules.reasons.items())


def filed(rules: Rules, reasons: Iterable[str]) -> dict[str, Fact]:
    """The HMDA reasons for denial of the principal reasons; none where nobody files."""
    if rules.filer is None:
        return {}
    code_of = {words: code for code, words in rules.reasons.items()}
    named = [(rules.filer.denials.get(code_of.get(words, ""), OTHER), words) for words in reasons]
    other = [words.removeprefix("Other: ") for code, words in named if code == OTHER]
    codes = dict.fromkeys(code for code, _ in named)
    return {"denials": ";".join(codes), "explained": "; ".join(other)}


def filed_by(rules: Rules, approval_id: str) -> dict[str, Fact]:
    """The same of a person's rejection: the reason is known when they gave it, and looked up then."""
    if rules.filer is None:
        return {}
    return {
        "reasons_from": approval_id,
        "denial_codes": ";".join(f"{reason}={code}" for reason, code in rules.filer.denials.items()),
        "wordings": ";".join(
            f"{reason}={words.removeprefix('Other: ')}" for reason, words in rules.reasons.items()
        ),
    }


def of_applicants(kind: str, known: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts of the people who apply; those who guarantee a company's credit do not (12 CFR 1002.2(e))."""
    return {} if kind == "commercial_credit" else dict(known)
