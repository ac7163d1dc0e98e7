"""Exceptions of low risk: which of them a case goes on with by itself, and which never."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import InvalidPolicy
from domain.finding import FAILED, Finding, Gap, ProducedBy
from graphs.catalog import VOCABULARY
from graphs.supervisor.deciding import table_facts
from graphs.supervisor.exceptions import let_pass
from graphs.supervisor.known import fact
from graphs.supervisor.state import CaseState
from policies.loader import BOOKS, read_book, shipped

BOOK = next(each for each in shipped(VOCABULARY) if each.rules.kind == "loan_amendment").on(date(2026, 3, 2))
TEXT = (BOOKS / "loan_amendment.yaml").read_text(encoding="utf-8")


def state(
    *gaps: str, risk: str = "low", cents: int = 35_00, job: str = "bureau_analyst", **more: Any
) -> CaseState:
    """A refund whose credit analyst's model failed."""
    finding = Finding(
        assignment="r1.credit",
        specialist=job,
        conclusion="done",
        gaps=tuple(Gap(code=code, detail="d", needs="person") for code in gaps),
        **{"produced_by": ProducedBy.PLAYBOOK, "degraded": True} | more,
    )
    known = {
        "kyc_risk": fact(risk, "code", "s"),
        "product": fact("fee_refund", "code", "application"),
        "amount_cents": fact(cents, "cents", "application"),
    }
    hand_off = {"finding": finding.model_dump(mode="json"), "receipt": {}}
    return {"case_id": "c", "facts": known, "findings": {job: hand_off}}  # type: ignore[typeddict-item]


def test_playbook_in_a_models_place_is_no_exception_for_a_small_refund_of_a_customer_of_low_risk() -> None:
    assert [str(each) for each in let_pass(BOOK, state())] == ["bureau_analyst: degraded (X-playbook)"]
    assert (table_facts(BOOK, state())["degraded"], table_facts(BOOK, state())["open_gaps"]) == (False, 0)


@pytest.mark.parametrize(
    "given",
    [
        state(risk="medium"),
        state(risk="high"),
        state(cents=100_01),
        state(job="sanctions_screener"),
        state(f"{FAILED}bureau_analyst"),
        state(produced_by=ProducedBy.MODEL),
    ],
    ids=["medium risk", "high risk", "larger", "screening", "broke off", "overstepped"],
)
def test_everything_else_stays_an_exception_for_a_person(given: CaseState) -> None:
    assert let_pass(BOOK, given) == ()
    assert table_facts(BOOK, given)["degraded"] is True


def test_customer_whom_nobody_rated_is_not_of_low_risk() -> None:
    given = state()
    del given["facts"]["kyc_risk"]
    assert let_pass(BOOK, given) == ()


def test_gap_that_no_row_names_still_counts() -> None:
    assert table_facts(BOOK, state("judgement:delinquency_isolated"))["open_gaps"] == 1


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        (
            "codes: [degraded]",
            'codes: ["failed:bureau_analyst"]',
            "failed:bureau_analyst is for people, always",
        ),
        (
            "[bureau_analyst, document_verifier, risk_rater]",
            "[sanctions_screener]",
            "what sanctions_screener leaves",
        ),
        (
            "[bureau_analyst, document_verifier, risk_rater]",
            "[market_analyst]",
            "market_analyst does not work",
        ),
        ("risks: [low], sample_bps: 5000", "risks: [high], sample_bps: 5000", "risks"),
        ("sample_bps: 5000", "sample_bps: 0", "sample_bps"),
    ],
)
def test_row_that_would_let_pass_what_is_for_people_is_refused(
    piece: str, instead: str, complaint: str
) -> None:
    assert piece in TEXT
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(TEXT.replace(piece, instead, 1), VOCABULARY)


def test_book_whose_signers_do_not_depend_on_risk_is_refused() -> None:
    asked = "        kyc_risk: {type: code, values: [low, medium, high]}\n      outputs: [groups, quorum]"
    (row,) = (line for line in TEXT.splitlines(keepends=True) if "{id: U3," in line)
    blind = TEXT.replace(asked, "      outputs: [groups, quorum]").replace(row, "")
    with pytest.raises(InvalidPolicy, match="authority does not ask for kyc_risk"):
        read_book(blind, VOCABULARY)


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        ("{specialist: sanctions_screener, settles", "{specialist: risk_rater, settles",
         "nobody of compliance is asked"),
        ("{sanctions_status: clear, ", "{kyc_risk: low, ", "it does not find kyc_risk"),
        ("{sanctions_status: clear, ", "{sanctions_status: fine, ", "sanctions_status cannot be fine"),
        ("quorum: 2\n    due_hours: 24\n    escalates_to: chief_compliance",
         "quorum: 1\n    due_hours: 24\n    escalates_to: chief_compliance", "fewer than two people"),
        ("{specialist: sanctions_screener, settles", "{specialist: market_analyst, settles",
         "market_analyst does not work under this book"),
    ],
)  # fmt: skip
def test_book_in_which_a_failure_could_clear_somebody_is_refused(
    piece: str, instead: str, complaint: str
) -> None:
    assert piece in TEXT
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(TEXT.replace(piece, instead, 1), VOCABULARY)
