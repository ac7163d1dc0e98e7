"""One finished loan as a register record: valid whatever the facts, and without demographics."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from agents.roster import ROSTER
from domain.application import AmendmentApplication, HomeLoanApplication, OnboardingApplication
from domain.records import SourceRecord
from graphs.catalog import VOCABULARY
from policies.loader import shipped
from tools.catalog import TOOLS
from tools.hmda.edits import Kind, failures
from tools.hmda.entry_values import Denial, EntryTerms, entry_values
from tools.hmda.fields import DEMOGRAPHIC_NAMES
from tools.hmda.filing import age, completed, place, register_text
from tools.hmda.register import parse_demographics, parse_register
from tools.lending.uli import make_uli

SCHEMA = Path(__file__).resolve().parents[2].parent / "shared/data/mortgage/hmda-lar/lar_schema_2024.json"
LEI = "DEMO00COUNTERSIGN121"
FILER = next(each.rules.filer for each in shipped(VOCABULARY) if each.rules.filer is not None)
PROHIBITED = re.compile(
    r"(^|_)(race|ethnic\w*|sex|gender|religion|colou?r|marital\w*|national_origin)($|_)|(^|_)age$"
)
TERMS: dict[str, Any] = {
    "lei": LEI,
    "uli": make_uli(LEI + "A1B2C3"),
    "action_taken": "1",
    "application_date": "2026-03-02",
    "county": "19153",
    "principal_cents": 328_000_00,
    "term_months": 360,
}
maybe = st.none() | st.integers(1, 20_000)
terms = st.fixed_dictionaries(
    {
        "action_taken": st.sampled_from(["1", "3"]),
        "occupancy": st.sampled_from(["principal", "second", "investment"]),
        "units": st.integers(1, 4),
        "manufactured": st.booleans(),
        "principal_cents": st.integers(500_00, 10**10),
        "co_applicant": st.booleans(),
        "monthly_income_cents": st.none() | st.integers(-(10**8), 10**9),
        "credit_score": st.none() | st.integers(300, 850),
        "score_model_text": st.just("Demonstration score"),
        "note_rate_bps": st.none() | st.integers(50, 2_000),
        "rate_spread": st.none() | st.integers(-999, 9_999).map(lambda n: f"{n}.196"),
        "high_cost": st.none() | st.booleans(),
        "dti_back_bps": maybe,
        "cltv_bps": maybe,
        "property_value_cents": st.none() | st.integers(1, 10**10),
    }
)


def file(values: dict[str, str]) -> bytes:
    return register_text(FILER.sheet(), 2026, [values]).encode()


def values(denial: Denial | None = None, **changes: Any) -> dict[str, str]:
    return entry_values(EntryTerms(**TERMS | changes), date(2026, 4, 1), denial or Denial())


@given(terms, st.sets(st.sampled_from("123456789"), min_size=1, max_size=4))
@settings(max_examples=150)
def test_whatever_the_facts_the_record_meets_every_edit_that_blocks_a_filing(
    changes: dict[str, Any], codes: set[str]
) -> None:
    denied = changes["action_taken"] == "3"
    denial = Denial(codes=tuple(sorted(codes)), explained="No further credit") if denied else Denial()
    found = failures(parse_register(file(values(denial, **changes)), "entry"))
    assert [each.edit.code for each in found if each.edit.kind is not Kind.QUALITY] == []


@pytest.mark.skipif(not SCHEMA.is_file(), reason="shared data not present")
@given(terms)
@settings(max_examples=50)
def test_every_coded_field_holds_a_code_of_the_published_schema(changes: dict[str, Any]) -> None:
    denial = Denial(codes=("1",)) if changes["action_taken"] == "3" else Denial()
    row = values(denial, **changes)
    coded = {
        each["field"]: {str(code) for code in each["valid_vals"]}
        for each in json.loads(SCHEMA.read_text())
        if each["data_type"] == "numeric" and each["valid_vals"]
    }
    assert len(coded) > 60
    assert {name: row[name] for name, codes in coded.items() if row[name] and row[name] not in codes} == {}


@pytest.mark.parametrize("co_applicant", [False, True])
def test_demographic_fields_say_that_nothing_was_provided(co_applicant: bool) -> None:
    (told,) = parse_demographics(file(values(co_applicant=co_applicant)), "entry")
    assert (told["app_eth_1"], told["app_race_1"], told["app_sex"], told["app_age"]) == (
        "3",
        "6",
        "3",
        "8888",
    )
    other = (told["co_app_eth_1"], told["co_app_race_1"], told["co_app_sex"], told["co_app_age"])
    assert other == (("3", "6", "3", "8888") if co_applicant else ("5", "8", "5", "9999"))
    assert {told[name] for name in DEMOGRAPHIC_NAMES} <= {"", "2", "3", "4", "5", "6", "8", "8888", "9999"}


def every_field(model: type[BaseModel]) -> set[str]:
    names: set[str] = set()
    for name, field in model.model_fields.items():
        nested = [each for each in (field.annotation, *get_args(field.annotation)) if isinstance(each, type)]
        names |= {name}
        for each in nested:
            names |= every_field(each) if issubclass(each, BaseModel) else set()
    return names


def lending_records() -> list[type[BaseModel]]:
    """What mortgage and credit specialists may read; a travel document's own page is read by KYC alone."""
    kinds = {kind for each in ROSTER.values() if each.worker != "kyc" for kind in each.records}
    every = get_args(get_args(SourceRecord)[0])
    return [each for each in every if kinds & set(get_args(each.model_fields["kind"].annotation))]


def test_no_input_of_a_decision_can_carry_demographics() -> None:
    forms = (HomeLoanApplication, AmendmentApplication, OnboardingApplication)
    names = {name for form in (*forms, *lending_records()) for name in every_field(form)}
    names |= {fact for each in ROSTER.values() for fact in (*each.provides, *each.needs)}
    names |= {fact for tool in TOOLS.values() for fact in tool.facts} | set(VOCABULARY.facts)
    names |= {
        name
        for book in shipped(VOCABULARY)
        for versions in book.tables.values()
        for _, table in versions
        for name in table.inputs
    }
    assert {"credit_score", "valued_on", "birth_date"} <= names
    assert [name for name in sorted(names) if PROHIBITED.search(name)] == []
    assert not names & set(DEMOGRAPHIC_NAMES)


def test_terms_of_an_entry_have_no_room_for_demographics() -> None:
    assert not set(EntryTerms.model_fields) & set(DEMOGRAPHIC_NAMES)
    assert [name for name in EntryTerms.model_fields if PROHIBITED.search(name)] == []


@pytest.mark.parametrize(
    ("address", "zip_code"),
    [
        ("1 Example Street, Demo City, IA 50309", "50309"),
        ("1 A St, Unit 2, Demo City, IA, 50309-1234", "50309-1234"),
    ],
)
def test_address_is_filed_in_its_parts(address: str, zip_code: str) -> None:
    where = place(address)
    assert where is not None
    assert (where.city, where.state, where.zip_code) == ("Demo City", "IA", zip_code)


def test_address_that_has_no_parts_is_filed_as_not_available_with_the_state_of_the_county() -> None:
    assert place("1 Example Street, Demo City") is None
    row = completed(values(), None, ())
    assert (row["street_address"], row["state"], row["zip_code"]) == ("NA", "IA", "NA")


def test_age_is_counted_in_full_years_on_the_application_date() -> None:
    assert [age(date(1986, 3, 2), date(2026, 3, day)) for day in (1, 2)] == [39, 40]
    assert completed(values(co_applicant=True), None, (40, 37))["co_app_age"] == "37"


def test_delimiter_inside_a_value_never_shifts_the_fields() -> None:
    denial = Denial(codes=("9",), explained="too | dear\nfor us")
    (row,) = parse_register(file(values(denial, action_taken="3")), "entry").rows
    assert row["denial_code_9"] == "too dear for us"
