"""Opens a supervised case: what the application asks for, and what the bank's own customer file spares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from agents.roster import ROSTER
from domain.assignment import Assignment, Mandate
from domain.clock import days_between
from domain.errors import Refused
from graphs.services import services
from graphs.sessions import open_session
from graphs.supervisor.known import Standing, fact, standing
from graphs.supervisor.state import CaseState, KnownFact
from policies.book import FreshKyc

KYC_FACTS = ("identity_verified", "sanctions_status", "kyc_risk")
PROFILE = "customer_profile"


async def open_case(state: CaseState) -> dict[str, Any]:
    """Reads the application and, where the book allows it, the customer file; writes first facts. May run again."""
    here = await standing(state)
    known = asked_for(here.application) | await _from_customer_file(here)
    return {
        "round": 0,
        "facts": known,
        "findings": {},
        "superseded": [],
        "parties": [],
        "reopened": {},
        "rules_used": {},
        "tried": {},
        "waited": [],
        "plans": [],
        "approvals": [],
    }


def asked_for(application: dict[str, Any]) -> dict[str, KnownFact]:
    """What is asked (not evidence): amount, product, how the applicants say they earn."""
    borrowers = application.get("borrowers", ())
    amount = application.get("loan_amount_cents", application.get("amount_cents", 0))
    return {
        "amount_cents": fact(amount, "cents", "application"),
        "product": fact(application["product"], "code", "application"),
        "self_employed": fact(
            any(each["employment"] == "self_employed" for each in borrowers), "flag", "application"
        ),
    }


async def _from_customer_file(here: Standing) -> dict[str, KnownFact]:
    rule = here.book.rules.fresh_kyc
    if rule is None or not any(each.get("customer_number") for each in here.application["borrowers"]):
        return {}
    opened = await open_session(_assignment(here), "supervisor")
    try:
        answer = await services().crew.tool_gateway.call(opened.session, opened.context, PROFILE, {})
    except Refused:
        return {}  # recorded by the gateway; without the file KYC is done anew
    if not _fresh(answer.result, rule, here.case.opened_at.date()) or len(here.parties) > 1:
        return {}
    values = (True, "clear", answer.result["risk_rating"])
    return {
        name: fact(value, "flag" if value is True else "code", answer.entry)
        for name, value in zip(KYC_FACTS, values, strict=True)
    }


def _fresh(profile: dict[str, Any], rule: FreshKyc, today: date) -> bool:
    if not profile.get("found") or not profile.get("screened_on") or not profile.get("kyc_reviewed_on"):
        return False
    reviewed = days_between(date.fromisoformat(profile["kyc_reviewed_on"]), today)
    screened = days_between(date.fromisoformat(profile["screened_on"]), today)
    return 0 <= reviewed <= rule.reviewed_within_days and 0 <= screened <= rule.screened_within_days


def _assignment(here: Standing) -> Assignment:
    return Assignment(
        id="r0.supervisor",
        case_id=here.case.id,
        worker="supervisor",
        specialists=("supervisor",),
        objective="Look the customer up",
        inputs={},
        parties=here.parties,
        boundaries=(),
        expected=KYC_FACTS,
        as_of=here.case.opened_at,
        deadline=here.case.opened_at + timedelta(minutes=5),
        mandate=Mandate(
            tools=frozenset({PROFILE}),
            records=frozenset(),
            max_tool_calls=1,
            max_model_calls=0,
            tool_timeout_seconds=here.book.rules.mandate("supervisor").tool_timeout_seconds,
        ),
    )


PROVIDED_BY_APPLICATION = frozenset({"amount_cents", "product", "self_employed"})
PROVIDED_BY_WORKERS = frozenset(name for each in ROSTER.values() for name in each.provides)
