"""Impossible applications and records are refused with the field and a remedy, before anything is written."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from api.demo.stories import routine
from api.intake import no_future, parse_application, parse_record
from domain.errors import BadInput
from domain.identity import identity_fields

STORY = routine(date(2026, 3, 2))


def changed(path: str, value: Any) -> dict[str, Any]:
    """The routine application with one field changed (``borrowers.0.country``)."""
    application: Any = copy.deepcopy(STORY.application)
    *parents, last = path.split(".")
    place = application
    for step in parents:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return dict(application)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("loan_amount_cents", -1),
        ("loan_amount_cents", 0),
        ("loan_amount_cents", 1.5),
        ("loan_amount_cents", "lots"),
        ("property.price_cents", 0),
        ("borrowers.0.stated_monthly_income_cents", -5),
        ("borrowers.0.birth_date", "1986-13-45"),
        ("borrowers.0.country", "Utopia"),
        ("borrowers.0.name", "X"),
        ("borrowers", []),
        ("product", "fixed_99"),
        ("credit_consent", False),
        ("favourite_colour", "blue"),
        ("property.units", 9),
    ],
)
def test_impossible_value_is_refused_by_field(path: str, value: Any) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_application(changed(path, value), "loan.json")
    assert refusal.value.attributes["file"] == "loan.json"
    assert path.rsplit(".", maxsplit=1)[-1] in str(refusal.value.attributes["field"])
    assert refusal.value.attributes["remedy"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"\xff\xfe{}", b'{"kind": "home_loan"', b"null"])
def test_truncated_or_misencoded_file_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_application(content, "loan.json")
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).startswith("file loan.json")


def test_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(BadInput) as refusal:
        parse_application(changed("borrowers.0.tax_number", "900-00-0001-secret"))
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("bureau_file", "score", 999), ("valuation", "value_cents", 0), ("pay_stub", "gross_cents", -1)],
)
def test_impossible_record_is_refused(kind: str, field: str, value: int) -> None:
    record = next(each for each in STORY.records if each["kind"] == kind)
    with pytest.raises(BadInput, match=field):
        parse_record({**record, field: value})


def test_record_from_the_future_is_refused() -> None:
    record = parse_record(next(each for each in STORY.records if each["kind"] == "valuation"))
    with pytest.raises(BadInput, match="future"):
        no_future(record, date(2025, 1, 1))


COMPANY = {
    "name": "DEMO QUARRY LLC",
    "tax_number": "90-0000123",
    "country": "US",
    "entity_type": "limited_liability_company",
    "industry_code": "212311",
    "incorporated_on": "2012-05-01",
}


def onboarding(**company: Any) -> dict[str, Any]:
    """Somebody opens an account for a company."""
    asked = {
        "kind": "kyc_onboarding",
        "application_date": "2026-03-02",
        "product": "deposit",
        "borrowers": STORY.application["borrowers"],
    }
    return asked | {"company": COMPANY | company}


def test_name_and_tax_number_of_a_company_are_identity() -> None:
    marked = {path for path, _, _ in identity_fields(parse_application(onboarding()))}
    assert {"company.name", "company.tax_number"} <= marked


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "Utopia"), ("entity_type", "club"), ("industry_code", "mining"), ("incorporated_on", "x")],
)
def test_impossible_company_is_refused_by_field(field: str, value: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_application(onboarding(**{field: value}), "company.json")
    assert str(refusal.value.attributes["field"]).endswith(f"company.{field}")
