"""A book that would approve where it must not, answers nothing, waits for itself or names nobody is refused."""

from __future__ import annotations

import pytest

from domain.errors import InvalidPolicy
from graphs.catalog import VOCABULARY
from policies.loader import BOOKS, parse_book, read_book


def text_of(kind: str) -> str:
    return (BOOKS / f"{kind}.yaml").read_text(encoding="utf-8")


AMENDMENT, HOME, CHANGES = (text_of(kind) for kind in ("loan_amendment", "home_loan", "policy_change"))
GAPS = '        - {id: G1, when: {open_gaps: ">= 1"}, then: {outcome: refer}}\n'
ALWAYS = "        - {id: A1, then: {outcome: approve}}\n"
MATCH = "{id: H1, when: {sanctions_status: potential_match}, then: {outcome: hold}}"
FIRST = ("hit_policy: collect", "hit_policy: first")
LATE = "        - {id: R3,"


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        (GAPS, "", "fails open: it approves where open_gaps is 1"),
        (GAPS, GAPS.replace(">= 1", ">= 3"), "fails open: it approves where open_gaps is 1"),
        (GAPS, GAPS.replace(">= 1", "[1..998]"), "fails open: it approves where open_gaps is 999"),
        ("when: {degraded: true}", "when: {degraded: true, kyc_risk: high}", "it approves where degraded is true"),
        (MATCH, MATCH.replace("hold", "refer"), "does not hold where sanctions_status is potential_match"),
        (ALWAYS, ALWAYS.replace("then", "when: {kyc_risk: low}, then"), "no row answers"),
        (LATE, '        - {id: R9, when: {delinquencies_24m: ">= 7"}, then: {outcome: refer}}\n' + LATE,
         "row R9 never matters"),
        ("{groups: servicing, quorum: 1}", "{groups: servicing, quorum: 0}", "row U2: quorum is a whole number"),
        ("{groups: servicing, quorum: 1}", "{groups: servicing}", "row U2: quorum is a whole number"),
        ("{groups: servicing, quorum: 1}", '{groups: " ", quorum: 1}', "row U2: groups names nobody"),
        ("{groups: servicing, quorum: 1}", "{groups: ghosts, quorum: 1}", "ghosts has no limits"),
        ("hit_policy: first", "hit_policy: collect", "authority: it collects"),
        ("  default: {owner: servicing", "  stuck: {owner: servicing", "referrals: there is no default row"),
        ("  default: {tier: routine", "  fortune_teller: {tier: routine}\n  default: {tier: routine",
         "mandates.fortune_teller: nobody of this name"),
        ("  offer:\n", "  bazaar:\n", "boundaries.bazaar: does not exist"),
        ("  offer:\n", "  bazaar:\n", "there is no offer, and cases of this kind ask people there"),
        ("kyc: [sanctions_screener, document_verifier, risk_rater]", "kyc: [sanctions_screener, document_verifier]",
         "asks for kyc_risk, which nobody in this book finds out"),
        ("worker: credit, fact: sanctions_status", "worker: kyc, fact: sanctions_status",
         "kyc waits for sanctions_status, which only kyc finds out"),
        ("order:\n", "order:\n  - {worker: kyc, fact: credit_score, equals: 1}\n", "waits for work that waits for"),
        ("max_rounds: 6", "max_rounds: 6\nmax_rounds: 7", "'max_rounds' stands there twice"),
        ("screening_threshold: 750", "screening_threshold: [[750]]", "neither a fact nor a list of flat rows"),
        ("screening_threshold: 750", "screening_threshold: {a: {b: 1}}", "neither a fact nor a list of flat rows"),
    ],
)  # fmt: skip
def test_an_unsafe_book_is_refused_with_what_would_go_wrong(piece: str, instead: str, complaint: str) -> None:
    assert piece in AMENDMENT
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(AMENDMENT.replace(piece, instead, 1), VOCABULARY)


def test_a_table_of_the_first_row_fails_open_where_an_approval_comes_before() -> None:
    moved = AMENDMENT.replace(ALWAYS, "").replace("      rows:\n", f"      rows:\n{ALWAYS}", 1)
    with pytest.raises(InvalidPolicy, match="does not hold where sanctions_status is potential_match"):
        read_book(moved.replace(*FIRST, 1), VOCABULARY)
    assert read_book(AMENDMENT.replace(*FIRST, 1), VOCABULARY).rules.kind == "loan_amendment"


def test_a_later_period_is_judged_as_well() -> None:
    late = HOME.replace(
        "        - *gaps\n        - *degraded\n        - *steered\n        - *clear\n  auth",
        "        - *steered\n        - *clear\n  auth",
    )
    with pytest.raises(
        InvalidPolicy, match=r"from 2025-11-16: decision fails open: it approves where open_gaps"
    ):
        read_book(late, VOCABULARY)


def test_one_signature_never_changes_policy() -> None:
    with pytest.raises(InvalidPolicy, match="quorum is a whole number from 2"):
        read_book(CHANGES.replace("quorum: 2}}", "quorum: 1}}"), VOCABULARY)


def test_a_book_that_does_not_ask_for_gaps_at_all_fails_open() -> None:
    blind = AMENDMENT.replace(GAPS, "").replace(
        "        open_gaps: {type: int, unit: count, min: 0, max: 999}\n", ""
    )
    with pytest.raises(InvalidPolicy, match="fails open: it does not ask for open_gaps"):
        read_book(blind, VOCABULARY)


def test_a_version_that_a_case_is_pinned_to_is_read_though_the_loader_became_stricter() -> None:
    assert parse_book(AMENDMENT.replace(GAPS, "")).rules.kind == "loan_amendment"
