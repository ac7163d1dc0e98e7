"""The plan covers exactly the gap, in the order that the book allows; no plan that breaks the book passes."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.roster import ROSTER
from domain.assignment import Plan, PlanStep
from domain.finding import Fact, Finding, Gap, ProducedBy
from graphs.catalog import VOCABULARY
from graphs.supervisor.opening import PROVIDED_BY_APPLICATION
from graphs.supervisor.planning import Known, awaitable, needed, propose, violations
from policies.loader import shipped

BOOK = next(book for book in shipped(VOCABULARY) if book.rules.kind == "home_loan").on(date(2026, 3, 2))
VALUES: dict[str, Fact] = {"sanctions_status": "clear", "identity_verified": True, "kyc_risk": "low"}
REVIEWED = VALUES | {"activity_review": "clear"}
PROVIDED = sorted(fact for each in ROSTER.values() for fact in each.provides)
EVERYTHING: dict[str, Fact] = {fact: VALUES.get(fact, 1) for fact in PROVIDED}


def known(facts: dict[str, Fact], **more: object) -> Known:
    empty: dict[str, object] = {"findings": {}, "tried": {}, "arrived": {}, "waited": frozenset()}
    return Known(facts=facts, **{**empty, **more})  # type: ignore[arg-type]


def run_out(facts: dict[str, Fact]) -> list[Plan]:
    """Plans until nothing is left to do, each one's facts found as planned."""
    plans = []
    while (plan := propose(BOOK, known(facts), len(plans) + 1)).steps:
        assert violations(BOOK, known(facts), plan) == ()
        plans.append(plan)
        facts = facts | {fact: EVERYTHING[fact] for step in plan.steps for fact in step.covers}
    return plans


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(PROVIDED)))
def test_whatever_is_removed_the_plan_finds_it_and_nothing_that_is_known(removed: set[str]) -> None:
    facts = {fact: value for fact, value in EVERYTHING.items() if fact not in removed}
    plans = run_out(facts)
    covered = {fact for plan in plans for step in plan.steps for fact in step.covers}
    asked = set(needed(BOOK)) | {rule.fact for rule in BOOK.rules.order}
    assert removed & asked <= covered <= removed
    jobs = [job for plan in plans for step in plan.steps for job in step.specialists]
    assert len(jobs) == len(set(jobs))
    for job in jobs:
        assert set(ROSTER[job].provides) & removed


@settings(max_examples=100, deadline=None)
@given(st.sets(st.sampled_from(PROVIDED)))
def test_nobody_works_before_what_they_need_is_known(removed: set[str]) -> None:
    facts = {fact: value for fact, value in EVERYTHING.items() if fact not in removed}
    for plan in run_out(facts):
        for step in plan.steps:
            same = {fact for job in step.specialists for fact in ROSTER[job].provides}
            assert all(set(ROSTER[job].needs) <= set(facts) | same for job in step.specialists)
            facts = facts | {fact: EVERYTHING[fact] for fact in step.covers}


def test_nothing_known_means_kyc_first_then_credit_and_mortgage_then_pricing() -> None:
    workers = [sorted(step.worker for step in plan.steps) for plan in run_out({})]
    assert workers == [["kyc"], ["credit", "mortgage"], ["mortgage"]]


def test_known_kyc_facts_mean_no_kyc_work_but_a_look_at_activity() -> None:
    assert "kyc" not in {step.worker for plan in run_out(REVIEWED) for step in plan.steps}
    kyc = [step.specialists for plan in run_out(dict(VALUES)) for step in plan.steps if step.worker == "kyc"]
    assert kyc == [("filing_preparer",)]


def test_potential_match_stops_credit_and_mortgage() -> None:
    facts = VALUES | {"sanctions_status": "potential_match"}
    assert {step.worker for step in propose(BOOK, known(facts), 1).steps} == {"kyc"}


def test_facts_that_everybody_needs_from_the_application_are_never_planned_for() -> None:
    assert not PROVIDED_BY_APPLICATION & {
        fact for plan in run_out({}) for step in plan.steps for fact in step.covers
    }


def gap_finding(job: str, needs: str) -> Finding:
    gap = Gap(code=f"missing:{needs}", detail="not there", needs=needs)
    return Finding(
        assignment="r1", specialist=job, gaps=(gap,), conclusion="x", produced_by=ProducedBy.PLAYBOOK
    )


def test_specialist_with_a_gap_works_again_only_when_a_record_it_lacked_has_arrived() -> None:
    facts = {
        fact: value
        for fact, value in EVERYTHING.items()
        if fact not in ROSTER["collateral_assessor"].provides
    }
    tried = {"findings": {"collateral_assessor": gap_finding("collateral_assessor", "valuation")}}
    before = known(facts, **tried, tried={"collateral_assessor": {}}, arrived={})
    after = known(facts, **tried, tried={"collateral_assessor": {}}, arrived={"valuation": 1})
    assert propose(BOOK, before, 2).steps == ()
    assert awaitable(BOOK, before) == ("valuation",)
    assert propose(BOOK, after, 2).steps[0].specialists == ("collateral_assessor",)


def step(worker: str, *jobs: str) -> PlanStep:
    return PlanStep(worker=worker, specialists=jobs, covers=(), reason="because")


def test_plan_beyond_the_book_is_refused_for_each_thing_it_breaks() -> None:
    strange = Plan(round=99, steps=(step("mortgage", "bureau_analyst"), step("credit", "bureau_analyst")))
    wrong = " ".join(violations(BOOK, known({}), strange))
    assert "round 99" in wrong
    assert "does not let mortgage use bureau_analyst" in wrong
    assert "credit may not start yet" in wrong


def test_empty_plan_is_refused() -> None:
    assert violations(BOOK, known({}), Plan(round=1, steps=())) == ("the plan has no steps",)


def test_specialist_without_its_facts_is_refused() -> None:
    wrong = violations(BOOK, known(dict(VALUES)), Plan(round=1, steps=(step("mortgage", "pricing_analyst"),)))
    assert any(each.startswith("pricing_analyst needs") for each in wrong)
