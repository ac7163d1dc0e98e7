"""What a round's findings change: nothing is overwritten unseen, and what rests on something new is due again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from agents.roster import ROSTER
from domain.assignment import Cause, Plan, PlanStep
from domain.case import Case, CaseStatus
from domain.finding import Fact, Figure, Finding, Flag, FoundParty, ProducedBy, Receipt, Severity
from graphs.catalog import VOCABULARY
from graphs.mandates import Setting, assignment, for_specialist
from graphs.supervisor.known import holds
from graphs.supervisor.learning import Learnt, learn
from graphs.supervisor.planning import Known, propose, violations
from graphs.supervisor.state import WHAT_IF, CaseState, KnownFact
from graphs.worker import HandOff
from policies.loader import shipped

BOOK = next(book for book in shipped(VOCABULARY) if book.rules.kind == "home_loan").on(date(2026, 3, 2))
JOBS = [ROSTER[job] for jobs in BOOK.rules.workers.values() for job in jobs]
OWNER = FoundParty(
    reference="owner:7", role="beneficial_owner", reason="holds 30 %", source="r1.kyc.document_verifier#2"
)
KYC: dict[str, Fact] = {"identity_verified": True, "sanctions_status": "clear", "kyc_risk": "low"}


def hand_off(job: str, at: str, facts: dict[str, Fact], **more: Any) -> HandOff:
    found = Finding(
        assignment=at,
        specialist=job,
        figures=tuple(
            Figure(name=name, value=each, unit="code", source=f"{at}.{job}#1") for name, each in facts.items()
        ),
        conclusion="found",
        produced_by=ProducedBy.PLAYBOOK,
        **more,
    )
    worker = at.split(".")[1]
    return HandOff(
        finding=found.model_dump(mode="json"), receipt=Receipt.of(found, f"{worker}@{at}").model_dump()
    )


def state(round_number: int, facts: dict[str, Fact], **more: Any) -> CaseState:
    cause = Cause(kind=more.pop("cause", "unknown_fact"), what="x")
    steps = tuple(
        PlanStep(worker=worker, specialists=jobs, covers=(), reason="", triggered_by=(cause,))
        for worker, jobs in BOOK.rules.workers.items()
    )
    plan = Plan(round=round_number, steps=steps).model_dump(mode="json")
    known = {name: KnownFact(value=each, unit="code", source="customer_file") for name, each in facts.items()}
    empty: dict[str, Any] = {"findings": {}, "tried": {}, "case_id": "c", "plan": plan, "facts": known}
    return cast("CaseState", empty | more)


def after(round_number: int, update: dict[str, Any], **more: Any) -> CaseState:
    """The state of a later round, after what an earlier one changed."""
    return cast("CaseState", state(round_number, {}, **more) | update)


def known(learnt: Learnt) -> Known:
    update = learnt.update
    return Known(
        facts={name: each["value"] for name, each in update["facts"].items()},
        findings={job: Finding.model_validate(each["finding"]) for job, each in update["findings"].items()},
        tried=update["tried"],
        arrived={},
        waited=frozenset(),
        reopened={name: Cause.model_validate(each) for name, each in update["reopened"].items()},
    )


def found_owner() -> Learnt:
    """The applicant's KYC is done, and one of its findings names an owner."""
    before = state(1, {}, tried={job: {} for job in BOOK.rules.workers["kyc"]}, reviewed="cleared")
    taken = {
        "document_verifier": hand_off(
            "document_verifier", "r1.kyc", {"identity_verified": True}, parties=(OWNER,)
        ),
        "sanctions_screener": hand_off("sanctions_screener", "r1.kyc", {"sanctions_status": "clear"}),
        "risk_rater": hand_off("risk_rater", "r1.kyc", {"kyc_risk": "low"}),
    }
    return learn(before, taken, JOBS)


def test_owner_who_is_found_makes_kyc_unknown_again_and_it_is_recorded() -> None:
    learnt = found_owner()
    assert not set(KYC) & set(learnt.update["facts"])
    assert [each["reference"] for each in learnt.update["parties"]] == ["owner:7"]
    assert [event.kind() for _, event in learnt.events if "superseded" not in event.kind()] == [
        "party_found",
        "facts_reopened",
    ]
    assert len(learnt.update["superseded"]) == 3


def test_review_by_compliance_does_not_cover_a_party_found_later() -> None:
    assert found_owner().update["reviewed"] is None


def test_kyc_that_the_customer_file_spared_is_done_when_an_owner_is_found() -> None:
    taken = {
        "bureau_analyst": hand_off("bureau_analyst", "r1.credit", {"credit_score": 700}, parties=(OWNER,))
    }
    learnt = learn(state(1, KYC), taken, JOBS)
    assert set(learnt.update["facts"]) == {"credit_score"}


def test_next_plan_sends_kyc_for_the_owner_and_says_why() -> None:
    seen = known(found_owner())
    plan = propose(BOOK, seen, 2)
    (step,) = plan.steps
    assert violations(BOOK, seen, plan) == ()
    assert set(step.specialists) == {
        "document_verifier",
        "sanctions_screener",
        "risk_rater",
        "filing_preparer",
    }
    assert {str(cause) for cause in step.triggered_by} == {
        "new party owner:7",
        "unknown fact activity_review",
    }


def test_owner_is_looked_at_by_work_that_covers_every_party_and_by_no_other() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    case = Case(
        id="c",
        kind="home_loan",
        status=CaseStatus.OPEN,
        policy_version=BOOK.version,
        application_date=now.date(),
        opened_at=now,
        maker="advisor",
        content_digest="",
    )
    setting = Setting(case, BOOK, {}, ("party:1",), 2, now, found=("owner:7",))
    step = PlanStep(worker="kyc", specialists=("sanctions_screener", "risk_rater"), covers=(), reason="")
    whole = assignment(setting, step)
    looked = [for_specialist(whole, ROSTER[job], BOOK, {}).parties for job in step.specialists]
    assert looked == [("party:1", "owner:7"), ("party:1",)]


def test_same_owner_again_changes_nothing() -> None:
    first = found_owner()
    again = after(2, first.update)
    taken = {
        "document_verifier": hand_off(
            "document_verifier", "r2.kyc", {"identity_verified": True}, parties=(OWNER,)
        )
    }
    assert "identity_verified" in learn(again, taken, JOBS).update["facts"]


def test_second_finding_replaces_the_first_and_both_stay() -> None:
    first = {"income_verifier": hand_off("income_verifier", "r1.mortgage", {"monthly_income_cents": 900})}
    before = learn(state(1, KYC), first, JOBS).update
    again = after(3, before, cause="conflict")
    second = {"income_verifier": hand_off("income_verifier", "r3.mortgage", {"monthly_income_cents": 800})}
    update = learn(again, second, JOBS).update
    assert update["facts"]["monthly_income_cents"]["value"] == 800
    (kept,) = update["superseded"]
    assert (kept["cause"]["kind"], kept["finding"]["figures"][0]["value"]) == ("conflict", 900)


def test_fact_that_a_recheck_cannot_find_again_is_not_known_any_more() -> None:
    first = {"income_verifier": hand_off("income_verifier", "r1.mortgage", {"monthly_income_cents": 900})}
    again = after(3, learn(state(1, KYC), first, JOBS).update)
    update = learn(again, {"income_verifier": hand_off("income_verifier", "r3.mortgage", {})}, JOBS).update
    assert "monthly_income_cents" not in update["facts"]


def test_price_that_rests_on_a_value_that_moved_is_found_out_again() -> None:
    first = {
        "collateral_assessor": hand_off("collateral_assessor", "r1.mortgage", {"ltv_bps": 8_000}),
        "pricing_analyst": hand_off("pricing_analyst", "r1.mortgage", {"note_rate_bps": 612}),
    }
    again = after(3, learn(state(1, KYC), first, JOBS).update)
    second = {"collateral_assessor": hand_off("collateral_assessor", "r3.mortgage", {"ltv_bps": 8_500})}
    update = learn(again, second, JOBS).update
    assert "note_rate_bps" not in update["facts"]
    assert "pricing_analyst" not in update["findings"]
    assert update["facts"]["ltv_bps"]["value"] == 8_500


def test_supposed_fact_of_a_copy_is_never_reopened() -> None:
    supposed = {"kyc_risk": KnownFact(value="low", unit="code", source=WHAT_IF)}
    before = state(1, {}) | {"facts": supposed}
    taken = {"bureau_analyst": hand_off("bureau_analyst", "r1.credit", {}, parties=(OWNER,))}
    assert "kyc_risk" in learn(cast("CaseState", before), taken, JOBS).update["facts"]


def test_hold_stands_when_the_screening_that_was_due_again_fails() -> None:
    flag = Flag(code="x", severity=Severity.SERIOUS, hold=True, detail="like entry 9", source="s")
    taken = {
        "sanctions_screener": hand_off(
            "sanctions_screener",
            "r1.kyc",
            {"sanctions_status": "potential_match"},
            flags=(flag,),
            parties=(OWNER,),
        )
    }
    update = learn(state(1, {}, tried={"sanctions_screener": {}}), taken, JOBS).update
    due = cast("CaseState", update | {"case_id": "c"})
    assert holds(due) == ()
    failed = cast("CaseState", update | {"tried": {"sanctions_screener": {}}, "case_id": "c"})
    assert holds(failed) == ("like entry 9",)
