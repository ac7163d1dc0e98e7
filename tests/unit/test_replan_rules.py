"""Where a rule suffices, the book says what a flag or gap leads to: a record asked for, or a second look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agents.roster import ROSTER
from domain.errors import InvalidPolicy
from domain.finding import Fact, Finding, Flag, Gap, ProducedBy, Severity
from graphs.catalog import VOCABULARY
from graphs.supervisor.planning import Known, awaitable, propose
from policies.book import InForce, ReplanRule
from policies.loader import BOOKS, read_book

TEXT = (Path(BOOKS) / "home_loan.yaml").read_text(encoding="utf-8")
BOOK = read_book(TEXT, VOCABULARY).on(date(2026, 3, 2))
FACTS: dict[str, Fact] = {fact: 1 for each in ROSTER.values() for fact in each.provides}
FACTS |= {"sanctions_status": "clear", "identity_verified": True, "kyc_risk": "low"}
FACTS |= {"activity_review": "clear", "bankruptcies_7y": 0}
WEAK = Gap(code="second_valuation", detail="confidence 70 % is below 80 %", needs="valuation")
INCOME = Flag(
    code="income_contradicted", severity=Severity.WARNING, detail="10 % below stated", source="entry"
)


def valued(**more: tuple[Gap | Flag, ...]) -> dict[str, Finding]:
    found = Finding(
        assignment="r1.mortgage", specialist="x", conclusion="x", produced_by=ProducedBy.PLAYBOOK, **more
    )
    return {"collateral_assessor": found, "income_verifier": found}


def known(findings: dict[str, Finding], valuations: int = 1, **more: object) -> Known:
    tried = {"collateral_assessor": {"valuation": 1}, "income_verifier": {"valuation": 1}}
    seen = Known(FACTS, findings, tried, {"valuation": valuations}, frozenset())
    return replace(seen, **more)  # type: ignore[arg-type]


def book(*rules: ReplanRule) -> InForce:
    return replace(BOOK, rules=BOOK.rules.model_copy(update={"replan": rules}))


def test_weak_valuation_asks_for_a_second_one_and_waits() -> None:
    seen = known(valued(gaps=(WEAK,)))
    assert propose(BOOK, seen, 2).steps == ()
    assert awaitable(BOOK, seen) == ("valuation",)


def test_second_valuation_leads_to_a_second_assessment_that_says_what_to_look_at() -> None:
    findings = {"collateral_assessor": valued(gaps=(WEAK,))["collateral_assessor"]}
    (step,) = propose(BOOK, known(findings, valuations=2), 3).steps
    assert step.specialists == ("collateral_assessor",)
    assert "confidence 70 % is below 80 %" in step.reason
    assert [str(cause) for cause in step.triggered_by] == ["record arrived valuation"]


def test_nothing_is_priced_on_a_weak_valuation_while_a_second_one_may_still_come() -> None:
    priced = set(ROSTER["pricing_analyst"].provides)
    facts = {name: value for name, value in FACTS.items() if name not in priced}
    findings = {"collateral_assessor": valued(gaps=(WEAK,))["collateral_assessor"]}
    seen = replace(known(findings), facts=facts)
    assert propose(BOOK, seen, 2).steps == ()
    over = replace(seen, waited=frozenset({"valuation"}))
    assert propose(BOOK, over, 2).steps[0].specialists == ("pricing_analyst",)


def test_second_valuation_is_asked_for_once_only() -> None:
    seen = known(valued(gaps=(WEAK,)), used={"second_valuation>valuation": 1})
    assert awaitable(BOOK, seen) == ()
    assert awaitable(BOOK, known(valued(gaps=(WEAK,)), waited=frozenset({"valuation"}))) == ()


def test_rule_sends_a_specialist_as_often_as_the_book_says() -> None:
    rule = ReplanRule(
        code="income_contradicted",
        send="income_verifier",
        because="conflict",
        reason="Compare the returns",
        at_most=2,
    )
    seen = known({"income_verifier": valued(flags=(INCOME,))["income_verifier"]})
    (step,) = propose(book(rule), seen, 2).steps
    assert step.reason == "Compare the returns: 10 % below stated"
    used = replace(seen, used={"income_contradicted>income_verifier": 2})
    assert propose(book(rule), used, 4).steps == ()


def test_income_conflict_without_a_rule_is_left_to_the_planning_model_or_a_person() -> None:
    assert propose(BOOK, known(valued(flags=(INCOME,))), 2).steps == ()


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("{code: weak_valuaton, ask_for: valuation, because: conflict, reason: x}", "weak_valuaton"),
        ("{code: weak_valuation, ask_for: horoscope, because: conflict, reason: x}", "horoscope"),
        ("{code: weak_valuation, send: fortune_teller, because: conflict, reason: x}", "fortune_teller"),
        ("{code: weak_valuation, because: conflict, reason: x}", "exactly one"),
    ],
)
def test_rule_that_could_never_apply_is_refused_at_load(rule: str, complaint: str) -> None:
    wrong = TEXT.replace("replan:", f"replan:\n  - {rule}", 1)
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(wrong, VOCABULARY)


def test_work_stops_at_a_decline_only_where_the_book_does_not_want_every_reason() -> None:
    facts: dict[str, Fact] = {**FACTS, "bankruptcies_7y": 1}
    seen = Known({k: v for k, v in facts.items() if k != "dti_back_bps"}, {}, {}, {}, frozenset())
    stops = replace(BOOK, rules=BOOK.rules.model_copy(update={"stop_when": "decline_is_final"}))
    goes_on = replace(BOOK, rules=BOOK.rules.model_copy(update={"stop_when": "all_facts"}))
    assert propose(goes_on, seen, 3).steps != ()
    assert propose(stops, seen, 3).steps == ()
    assert awaitable(stops, seen) == ()
