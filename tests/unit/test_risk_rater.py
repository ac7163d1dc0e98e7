"""The customer's risk is that of its riskiest party, by the points and levels of the book."""

from __future__ import annotations

from dataclasses import replace
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
from tests.fakes.ownership import company_case, holder, owned
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
KNOWN: dict[str, Fact] = {
    "identity_verified": True,
    "sanctions_status": "clear",
    "pep_status": "clear",
    "adverse_media": "clear",
}
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
    assert facts(await rated(context)) == {"kyc_risk": "medium", "due_diligence": "cdd"}


async def test_rows_that_gave_points_are_named() -> None:
    answer = await result(a_case(borrower(employment="self_employed")))
    assert [(row["factor"], row["value"], row["points"]) for row in answer["reasons"]] == [
        ("employment", "self_employed", 10)
    ]


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
    assert [gap.code for gap in conclusion.gaps] == [f"missing:{name}" for name in KNOWN]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ({"kyc_points": None}, "kyc_points"),
        ({"kyc_points": [{"factor": "age", "value": "99", "points": 5}]}, "kyc_points.0.factor"),
        ({"kyc_points": [{"factor": "country", "value": False, "points": 5}]}, "kyc_points.0.value"),
        ({"kyc_points": [{"factor": "country", "value": "US", "points": -5}]}, "kyc_points.0.points"),
        ({"kyc_edd": [{"factor": "age", "value": "9", "reason": "old"}]}, "kyc_edd.0.factor"),
        (
            {"fatf_lists": [{"list": "grey", "country": "Utopia", "since": "2026-01-01"}]},
            "fatf_lists.0.country",
        ),
        ({"kyc_levels": []}, "no level for 0 points"),
        ({"kyc_levels": [{"from_points": 0, "level": "none"}]}, "kyc_levels.0.level"),
    ],
)
async def test_book_that_cannot_be_read_rates_nobody(rows: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidPolicy, match=where):
        await result(a_case(**rows))


FATF = [
    {"list": "call_for_action", "country": "KP", "since": "2011-02-25"},
    {"list": "increased_monitoring", "country": "KW", "since": "2026-03-03"},
    {"list": "increased_monitoring", "country": "ZA", "since": "2023-02-24", "until": "2025-10-24"},
]
EDD = [
    {"factor": "pep_status", "value": "potential", "reason": "possible political exposure"},
    {"factor": "fatf_list", "value": "call_for_action", "reason": "a country on the call for action"},
]


@pytest.mark.parametrize(
    ("country", "known", "diligence"),
    [
        ("US", {}, "cdd"),
        ("US", {"pep_status": "potential"}, "edd"),
        ("KP", {}, "edd"),
        ("KW", {}, "cdd"),  # listed from the day after the application on
        ("ZA", {}, "cdd"),  # not listed any more
    ],
)
async def test_value_that_asks_for_it_means_enhanced_due_diligence_whatever_the_points(
    country: str, known: dict[str, Fact], diligence: str
) -> None:
    context = a_case(borrower(country=country), inputs=known, kyc_edd=EDD, fatf_lists=FATF)
    conclusion = await rated(context)
    assert facts(conclusion)["due_diligence"] == diligence
    assert (facts(conclusion)["kyc_risk"] == "high") is (diligence == "edd")
    assert bool(conclusion.flags) is (diligence == "edd")


async def test_points_alone_reach_enhanced_due_diligence_and_say_so() -> None:
    conclusion = await rated(a_case(borrower(), inputs={"identity_verified": False}))
    assert conclusion.flags[0].detail == "enhanced due diligence: 60 points"


COMPLEX = owned(
    ("h2", "entity:1", 10_000), ("h4", "h2", 10_000), ("h1", "h4", 10_000),
    holders=(holder("h1", "trust", trustee="h3"), holder("h2", "entity"), holder("h3"), holder("h4", "entity")),
    control_person="h3",
)  # fmt: skip
COMPANY_POINTS = [
    {"factor": "industry", "value": "2123", "points": 3},
    {"factor": "industry", "value": "7132", "points": 1000},
    {"factor": "entity_type", "value": "limited_liability_company", "points": 5},
    {"factor": "ownership", "value": "layered", "points": 20},
    {"factor": "ownership", "value": "trust", "points": 10},
    {"factor": "ownership", "value": "loop", "points": 1000},
]


async def test_company_is_rated_by_type_industry_and_the_complexity_of_its_ownership() -> None:
    context = company_case(COMPLEX, kyc_points=COMPANY_POINTS, kyc_levels=LEVELS)
    answer = await result(replace(context, inputs=KNOWN))
    assert (answer["party"], answer["points"], answer["level"]) == ("entity:1", 38, "medium")


async def test_country_of_an_owner_counts_for_the_customer() -> None:
    record = owned(("h1", "entity:1", 10_000), holders=(holder("h1", country="KP"),), control_person="h1")
    context = company_case(record, kyc_points=POINTS, kyc_levels=LEVELS, kyc_edd=EDD, fatf_lists=FATF)
    answer = await result(replace(context, inputs=KNOWN))
    assert [row["reason"] for row in answer["edd_reasons"]] == ["a country on the call for action"]
