"""The customer's risk is that of its riskiest party, by the points and levels of the book."""

from __future__ import annotations

from typing import Any

import pytest

from agents.contract import Conclusion, Evidence
from agents.kyc.risk_rater import SPECIALIST
from domain.errors import InvalidPolicy
from domain.finding import Fact
from tests.fakes.context import (
    assignment_for,
    borrower,
    facts,
    home_loan,
    run_playbook,
    run_tool,
    tool_context,
)
from tools.customer_risk import TOOLS

POINTS = [
    {"factor": "country", "value": "US", "points": 0},
    {"factor": "country", "value": "CY", "points": 20},
    {"factor": "employment", "value": "self_employed", "points": 10},
    {"factor": "product", "value": "fixed_15", "points": 5},
    {"factor": "identity_verified", "value": "false", "points": 60},
    {"factor": "sanctions_status", "value": "potential_match", "points": 100},
]
LEVELS = [
    {"from_points": 60, "level": "high"},
    {"from_points": 0, "level": "low"},
    {"from_points": 30, "level": "medium"},
]
KNOWN: dict[str, Fact] = {"identity_verified": True, "sanctions_status": "clear"}
BOOK = {"kyc_points": POINTS, "kyc_levels": LEVELS}


def a_case(*borrowers: dict[str, Any], **changes: Any) -> Any:
    application = home_loan(*borrowers, product=changes.pop("product", "fixed_30"))
    return tool_context(
        application=application, inputs=KNOWN | changes.pop("inputs", {}), parameters=BOOK | changes
    )


async def rated(context: Any) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, context)


async def result(context: Any) -> dict[str, Any]:
    return (await run_tool(TOOLS[0], context, {})).result


@pytest.mark.parametrize(
    ("stated", "product", "known", "points", "level"),
    [
        ({}, "fixed_30", {}, 0, "low"),
        ({"employment": "self_employed"}, "fixed_15", {}, 15, "low"),
        ({"employment": "self_employed", "country": "CY"}, "fixed_30", {}, 30, "medium"),
        ({"country": "CY"}, "fixed_15", {}, 25, "low"),
        ({}, "fixed_30", {"identity_verified": False}, 60, "high"),
        ({}, "fixed_30", {"sanctions_status": "potential_match"}, 100, "high"),
    ],
)
async def test_points_of_every_factor_add_up_to_a_level(
    stated: dict[str, Any], product: str, known: dict[str, Fact], points: int, level: str
) -> None:
    answer = await result(a_case(borrower(**stated), product=product, inputs=known))
    assert (answer["points"], answer["level"]) == (points, level)


async def test_riskiest_party_stands_for_the_customer() -> None:
    context = a_case(borrower(), borrower(2, country="CY", employment="self_employed"))
    assert (await result(context))["party"] == "party:2"
    assert facts(await rated(context)) == {"kyc_risk": "medium"}


async def test_rows_that_gave_points_are_named() -> None:
    answer = await result(a_case(borrower(employment="self_employed")))
    assert answer["reasons"] == [{"factor": "employment", "value": "self_employed", "points": 10}]


async def test_country_that_the_book_does_not_weigh_asks_for_a_judgement() -> None:
    context = a_case(borrower(country="PA"), borrower(2))
    assert (await result(context))["unlisted_countries"] == ["PA"]
    assert (await rated(context)).asks == ("unlisted_country_acceptable",)
    assert (await rated(a_case(borrower()))).asks == ()


async def test_book_without_countries_asks_nothing_about_them() -> None:
    context = a_case(borrower(country="PA"), kyc_points=POINTS[2:])
    assert (await rated(context)).asks == ()


@pytest.mark.parametrize(
    ("lacking", "needs"), [("identity_verified", "identity_document"), ("sanctions_status", "person")]
)
async def test_customer_is_not_rated_without_the_facts_it_rests_on(lacking: str, needs: str) -> None:
    known = {name: value for name, value in KNOWN.items() if name != lacking}
    conclusion = await rated(tool_context(inputs=known, parameters=BOOK))
    assert conclusion.figures == ()
    assert [(gap.code, gap.needs) for gap in conclusion.gaps] == [(f"missing:{lacking}", needs)]


def test_nothing_is_concluded_when_the_tool_was_not_used() -> None:
    conclusion = SPECIALIST.conclude(assignment_for(SPECIALIST, a_case()), Evidence(()))
    assert conclusion.figures == ()
    assert [gap.code for gap in conclusion.gaps] == ["missing:identity_verified", "missing:sanctions_status"]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ({"kyc_points": None}, "kyc_points"),
        ({"kyc_points": [{"factor": "age", "value": "99", "points": 5}]}, "kyc_points.0.factor"),
        ({"kyc_points": [{"factor": "country", "value": False, "points": 5}]}, "kyc_points.0.value"),
        ({"kyc_points": [{"factor": "country", "value": "US", "points": -5}]}, "kyc_points.0.points"),
        ({"kyc_levels": []}, "no level for 0 points"),
        ({"kyc_levels": [{"from_points": 0, "level": "none"}]}, "kyc_levels.0.level"),
    ],
)
async def test_book_that_cannot_be_read_rates_nobody(rows: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidPolicy, match=where):
        await result(a_case(**rows))
