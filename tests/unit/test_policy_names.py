"""Every name in a book is one of something that exists, wherever it stands, and nothing that it needs is left out."""

from __future__ import annotations

import re

import pytest

from domain.errors import InvalidPolicy
from graphs.catalog import VOCABULARY
from policies.loader import BOOKS, read_book

AMENDMENT, HOME = (
    (BOOKS / f"{kind}.yaml").read_text(encoding="utf-8") for kind in ("loan_amendment", "home_loan")
)
REASONS = "reasons: # 12 CFR 1002.9(b)(2); Form C-1. The factor really used.\n"
U2 = "        - {id: U2, then: {groups: servicing, quorum: 1}}\n"
LAST = "{id: U2, then"


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        ("order:\n", "order:\n  - {worker: garden, fact: sanctions_status, equals: 1}\n", "order: garden does not"),
        ("order:\n", "order:\n  - {worker: credit, fact: horoscope, equals: 1}\n", "order: horoscope does not exist"),
        ("waits: {", "waits: {horoscope: 7, ", "waits: horoscope does not exist"),
        ("boundary: offer, product: due_date_change", "boundary: bazaar, product: x", "standing: bazaar does not"),
        ("  unproven: advise", "  specialists: {fortune_teller: act}\n  unproven: advise",
         "autonomy.specialists: fortune_teller does not exist"),
        ("        degraded: {type: flag}\n", "        degraded: {type: flag}\n        horoscope: {type: flag}\n",
         "table decision: horoscope does not exist"),
        ("approve: [amend_loan,", "approve: [register_entry, amend_loan,", "register_entry needs a filer"),
        ("reason: credit_history", "reason: bad_mood", "decision row R2: a decline needs a reason"),
        ("{id: K2, keeps", "{id: K1, keeps", "retention: there are several rows K1"),
        ("input: [not_admitted, ", "input: [", "admits: nothing enforces it"),
        ("  release: #", "  freeing: #", "there is nobody to release it"),
        (LAST, '{id: U2, when: {amount_cents: "<= 400000"}, then', "authority: no row answers amount_cents"),
        (U2, f"{U2}        - {{id: U9, when: {{kyc_risk: low}}, then: {{groups: servicing, quorum: 1}}}}\n",
         "authority: row U9 never answers"),
    ],
)  # fmt: skip
def test_an_amendments_book_that_names_or_lacks_something_is_refused(
    piece: str, instead: str, complaint: str
) -> None:
    assert piece in AMENDMENT
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(AMENDMENT.replace(piece, instead, 1), VOCABULARY)


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        ("code: second_valuation", "code: horoscope", "replan: horoscope does not exist"),
        ("ask_for: valuation, because", "ask_for: market_study, because", "replan: market_study does not exist"),
        ("ask_for: valuation, because", "send: fortune_teller, because", "replan: fortune_teller does not exist"),
        ("fact: income_shortfall_bps, by", "fact: horoscope, by", "reconcile: horoscope does not exist"),
        ("reserves: {stage: prior_to_documents, satisfied_by: person",
         "reserves: {stage: prior_to_documents, satisfied_by: horoscope", "conditions: horoscope does not exist"),
        ("after_conditions: [book_offer,", "after_conditions: [amend_loan, book_offer,",
         "effects.after_conditions: amend_loan does not exist"),
        ("brings: [pay_stub,", "brings: [ownership_record, pay_stub,", "applicant: ownership_record does not exist"),
        (REASONS, f"{REASONS}  bad_mood: The stars\n", "the reason bad_mood has no HMDA reason"),
        ("condition: reserves}", "condition: horoscope}", "'horoscope' is no code of"),
    ],
)  # fmt: skip
def test_a_home_loan_book_that_names_what_does_not_exist_is_refused(
    piece: str, instead: str, complaint: str
) -> None:
    assert piece in HOME
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(HOME.replace(piece, instead, 1), VOCABULARY)


def test_a_rate_sheet_with_a_gap_is_refused_with_its_date() -> None:
    (first, *_) = re.findall(r"      rate_adjustments:.*\n(        - \{.*\}\n)", HOME)
    with pytest.raises(InvalidPolicy, match=r"from \d{4}-\d\d-\d\d: .*rate_adjustments"):
        read_book(HOME.replace(first, "", 1), VOCABULARY)


def test_two_rows_that_contradict_each_other_are_refused_with_what_both_match() -> None:
    unique = AMENDMENT.replace("hit_policy: first", "hit_policy: unique", 1)
    with pytest.raises(InvalidPolicy, match="authority: rows U1 and U3 contradict each other"):
        read_book(unique, VOCABULARY)
