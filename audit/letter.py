"""A notice as the letter that the applicant gets: adverse action, approval, or confirmation of a change.

Owns the order of its parts. Every sentence stands in the notice, which the outbox wrote once; nothing is added.
Sources: 12 CFR 1002.9(a)(2), (b) and appendix C (form C-1); 15 U.S.C. 1681m(a).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.case import Case
from domain.document import Document, Paragraph, Points, Section, Text, plain

TITLES = {
    "adverse_action": "Notice of action taken and statement of reasons",
    "approval": "Notice of approval",
    "amendment_confirmation": "Confirmation of a change",
}


def letter(case: Case, notice: Mapping[str, Any]) -> Document:
    """The letter.

    Args:
        case: that it is about.
        notice: its row: ``notice``, ``due_on`` (ISO date), ``body``.
    """
    body = notice["body"]
    return Document(
        title=TITLES[notice["notice"]],
        facts=(
            ("Creditor", Text(body["creditor"])),
            ("To", Text("; ".join(body["addressed_to"]))),
            ("Application of", Text(body["application_date"])),
            ("Case", Text(case.id)),
            ("To be sent by", Text(notice["due_on"])),
        ),
        verdict=plain(body["statement"]),
        sections=tuple(_sections(body)),
        dated=case.opened_at.date().isoformat(),
    )


def _sections(body: Mapping[str, Any]) -> Iterable[Section]:
    reasons = tuple(map(plain, body.get("principal_reasons", ())))
    if reasons:
        yield Section("Principal reasons for our decision", (Points(reasons),))
    if "consumer_report" in body:
        yield from _report(body["consumer_report"])
    if "equal_credit_notice" in body:
        yield Section("Equal credit opportunity", (Paragraph(plain(body["equal_credit_notice"])),))
    if "timing" in body:
        yield Section("When you are told", (Paragraph(plain(body["timing"])),))


def _report(report: Mapping[str, Any]) -> Iterable[Section]:
    agencies = Points(tuple(map(plain, report["agencies"])))
    said = (Paragraph(plain(report["statement"])), Paragraph(plain(report["rights"])))
    yield Section("Your credit report", (agencies, *said))
    score = report.get("score")
    if score is not None:
        low, high = score["range"]
        lines = (
            f"score {score['score']}, created on {score['created_on']}, scores range from {low} to {high}",
            *(f"key factor: {each}" for each in score["key_factors"]),
        )
        yield Section(
            "Your credit score", (Paragraph(plain(score["statement"])), Points(tuple(map(plain, lines))))
        )
