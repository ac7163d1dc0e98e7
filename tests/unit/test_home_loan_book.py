"""The home-loan book decides: limits by occupancy and dwelling, title, flood, concentration, employment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.decision import Decision, Outcome
from graphs.catalog import VOCABULARY
from policies.concluding import conclude
from policies.loader import shipped

BOOK = next(each for each in shipped(VOCABULARY) if each.rules.kind == "home_loan").on(date(2026, 3, 2))
CLEAN: dict[str, Any] = {
    "dti_back_bps": 3_200,
    "cltv_bps": 7_500,
    "credit_score": 760,
    "delinquencies_24m": 0,
    "bankruptcies_7y": 0,
    "income_shortfall_bps": 0,
    "variable_income_cents": 0,
    "rental_income_cents": 0,
    "employment_gap_days": 0,
    "employment_history": "documented",
    "identity_verified": True,
    "sanctions_status": "clear",
    "activity_review": "clear",
    "kyc_risk": "low",
    "market_trend": "stable",
    "county_concentration": "within_limit",
    "occupancy": "principal",
    "dwelling_units": 1,
    "property_type": "single_family",
    "valuation_confidence": "strong",
    "flood_zone": False,
    "title_status": "clear",
    "qm_status": "safe_harbour",
    "fees_within_limit": True,
    "atr_documented": True,
    "atr_unverified": 0,
    "higher_priced": False,
    "hpml_appraisal_required": False,
    "high_cost": False,
    "conforming_status": "conforming",
    "open_gaps": 0,
    "degraded": False,
    "text_quarantined": False,
}


def decided(**changed: Any) -> Decision:
    return conclude(BOOK, CLEAN | changed)


def test_a_clean_loan_is_approved_without_conditions() -> None:
    decision = decided()
    assert decision.outcome is Outcome.APPROVE
    assert not decision.conditions
    assert not decision.unknown


@pytest.mark.parametrize(
    ("occupancy", "units", "most"),
    [
        ("principal", 1, 9_700),
        ("principal", 2, 9_500),
        ("principal", 4, 9_500),
        ("second", 1, 9_000),
        ("investment", 1, 8_500),
        ("investment", 3, 7_500),
    ],
)
def test_the_limit_of_combined_loan_to_value_depends_on_occupancy_and_units(
    occupancy: str, units: int, most: int
) -> None:
    within = decided(occupancy=occupancy, dwelling_units=units, cltv_bps=most)
    beyond = decided(occupancy=occupancy, dwelling_units=units, cltv_bps=most + 1)
    assert within.outcome is Outcome.APPROVE
    assert beyond.outcome is Outcome.DECLINE
    assert beyond.principal_reasons == ("Value or type of collateral not sufficient",)


def test_a_second_home_of_two_units_is_no_security() -> None:
    assert decided(occupancy="second", dwelling_units=2).outcome is Outcome.DECLINE


@pytest.mark.parametrize(
    ("changed", "outcome", "condition"),
    [
        ({"property_type": "manufactured"}, Outcome.REFER, "Manufactured home titled as real property"),
        ({"property_type": "condominium"}, Outcome.APPROVE, "Condominium project reviewed"),
        ({"valuation_confidence": "weak"}, Outcome.REFER, "Second valuation before documents"),
        ({"flood_zone": True}, Outcome.APPROVE, "Flood insurance in force"),
        ({"title_status": "not_examined"}, Outcome.APPROVE, "Clear title insured"),
        ({"title_status": "encumbered"}, Outcome.REFER, "Liens of record released"),
        ({"title_status": "clouded"}, Outcome.REFER, "Cloud on title cleared"),
        ({"county_concentration": "above_limit"}, Outcome.REFER, "Concentration in the county accepted"),
        ({"county_concentration": "not_reported"}, Outcome.APPROVE, "Exposure in the county confirmed"),
    ],
)
def test_what_is_wrong_with_the_security_becomes_a_condition(
    changed: dict[str, Any], outcome: Outcome, condition: str
) -> None:
    decision = decided(**changed)
    assert decision.outcome is outcome
    assert decision.conditions[0].startswith(condition)


@pytest.mark.parametrize(
    ("changed", "outcome", "condition"),
    [
        ({"variable_income_cents": 1}, Outcome.APPROVE, "Variable pay verified again"),
        ({"rental_income_cents": 1}, Outcome.APPROVE, "Receipt of rent documented"),
        ({"employment_gap_days": 31}, Outcome.APPROVE, "Gap in employment explained"),
        ({"employment_gap_days": 180}, Outcome.APPROVE, "Gap in employment explained"),
        ({"employment_gap_days": 181}, Outcome.REFER, "Gap in employment explained"),
        ({"employment_history": "new_job"}, Outcome.APPROVE, "Employment verified again"),
        ({"employment_history": "short"}, Outcome.APPROVE, "Two years of employment verified"),
        ({"employment_history": "not_documented"}, Outcome.APPROVE, "Two years of employment verified"),
    ],
)
def test_income_that_may_not_last_becomes_a_condition(
    changed: dict[str, Any], outcome: Outcome, condition: str
) -> None:
    decision = decided(**changed)
    assert decision.outcome is outcome
    assert decision.conditions[0].startswith(condition)


def test_a_gap_of_exactly_the_limit_is_none() -> None:
    assert not decided(employment_gap_days=30).conditions
    assert BOOK.parameters["employment_gap_limit_days"] == 30
