"""Screening finds listed parties under other spellings and leaves ordinary names alone."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from domain.errors import BadInput
from evals.screening.lists import names_of
from evals.screening.recall import found
from tools.screening.match import (
    BIRTH_DIFFERS,
    KIND_DIFFERS,
    MATCH_FLOOR,
    WEAK_ALIAS_PENALTY,
    Hit,
    MatchedOn,
    ScreeningSubject,
    SubjectKind,
    screen,
)
from tools.screening.names import NameKind, compare_names, read_name
from tools.screening.ofac_list import SanctionsList

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DEMO = Path(__file__).resolve().parents[2] / "tools" / "screening" / "demo_list"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
FACTS = SHARED / "facts" / "ofac.json"
CASES = json.loads(FACTS.read_text())["cases"] if FACTS.is_file() else []
SAMPLE = 150  # one name in so many
KINDS = {"Person": NameKind.PERSON, "Vessel": NameKind.CRAFT}


@pytest.fixture(scope="module")
def demo() -> SanctionsList:
    return SanctionsList.load(DEMO)


@pytest.fixture(scope="module")
def treasury() -> SanctionsList:
    return SanctionsList.load(SHARED / "data" / "kyc" / "ofac")


def _first(sanctions: SanctionsList, name: str, kind: SubjectKind = SubjectKind.UNKNOWN) -> Hit:
    return screen(sanctions, ScreeningSubject(name, kind))[0]


@needs_shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["kind"]))
def test_treasury_list_gives_exactly_the_expected_entries(
    treasury: SanctionsList, case: dict[str, str | list[str]]
) -> None:
    hits = screen(treasury, ScreeningSubject(str(case["query"])))
    assert [hit.entry_number for hit in hits] == case["expected_ids"]


@needs_shared
@pytest.mark.parametrize(
    "name", ["Nicolas Maduro", "Николас Мадуро", "NicolasMaduro", "Nichola Madura Moros"]
)
def test_listed_person_is_found_under_other_script_order_and_spelling(
    treasury: SanctionsList, name: str
) -> None:
    assert _first(treasury, name).entry_number == "22790"


@needs_shared
def test_common_name_with_many_near_entries_still_finds_its_exact_entry(treasury: SanctionsList) -> None:
    hits = screen(treasury, ScreeningSubject("Mohammed Ali"))
    assert len(hits) > 20
    assert treasury.by_number[hits[0].entry_number].name == "'ALI, Muhammad"


@needs_shared
def test_labelled_name_pairs_reach_an_f1_of_eighty_percent() -> None:
    path = SHARED / "data" / "security" / "screening" / "name_pairs_dev.csv"
    right = wrong = 0
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        alike = _alike(row["name1"], row["name2"], KINDS.get(row["schema"], NameKind.ORGANISATION))
        right += alike and row["is_match"] == "true"
        wrong += alike != (row["is_match"] == "true")
    assert 100 * 2 * right >= 80 * (2 * right + wrong)


def _alike(asked: str, listed: str, kind: NameKind) -> bool:
    left, right = read_name(asked, kind), read_name(listed, kind)
    return left is not None and right is not None and compare_names(left, right, kind).score >= MATCH_FLOOR


@pytest.mark.parametrize(
    ("name", "number", "on"),
    [
        ("Nightjar Demo Trading", "9900001", MatchedOn.PRIMARY),
        ("Nightjar Demo Commodities LLC", "9900001", MatchedOn.ALIAS),
        ("NJDT", "9900001", MatchedOn.WEAK_ALIAS),
        ("Anatoly Demo Varenikov", "9900002", MatchedOn.PRIMARY),
        ("MV Demo Lanternfish", "9900004", MatchedOn.PRIMARY),
    ],
)
def test_demo_list_is_hit_on_the_right_kind_of_name(
    demo: SanctionsList, name: str, number: str, on: MatchedOn
) -> None:
    hit = _first(demo, name)
    assert (hit.entry_number, hit.matched_on, hit.list_version) == (number, on, demo.version)


def test_weak_alias_ranks_below_a_primary_name(demo: SanctionsList) -> None:
    assert _first(demo, "NJDT").score == 1000 - WEAK_ALIAS_PENALTY


def test_different_date_of_birth_weakens_a_hit_but_does_not_hide_it(demo: SanctionsList) -> None:
    name = "VARENIKOV DEMO, Anatoly"
    born = ScreeningSubject(name, SubjectKind.INDIVIDUAL, date(1990, 5, 5))
    assert screen(demo, born)[0].score == 1000 + BIRTH_DIFFERS


def test_date_of_birth_and_country_of_the_entry_strengthen_a_hit(demo: SanctionsList) -> None:
    name = "Anatoliy Varenikof Demo"
    plain = _first(demo, name, SubjectKind.INDIVIDUAL)
    known = screen(demo, ScreeningSubject(name, SubjectKind.INDIVIDUAL, date(1961, 2, 14), "CY"))[0]
    assert known.score > plain.score
    assert len(known.explanation) == len(plain.explanation) + 2


def test_person_with_the_name_of_a_listed_company_is_reported_as_another_kind(demo: SanctionsList) -> None:
    hit = _first(demo, "NIGHTJAR DEMO TRADING LLC", SubjectKind.INDIVIDUAL)
    assert hit.score == 1000 + KIND_DIFFERS


def test_explanation_and_subject_never_show_the_name_or_date_of_birth(demo: SanctionsList) -> None:
    subject = ScreeningSubject("Anatoly Varenikov Demo", SubjectKind.INDIVIDUAL, date(1961, 2, 14))
    shown = (repr(screen(demo, subject)) + repr(subject)).lower()
    assert not [word for word in ("anatol", "varenik", "1961") if word in shown]


def test_ordinary_name_is_clear(demo: SanctionsList) -> None:
    assert screen(demo, ScreeningSubject("Jane Q. Ordinary")) == ()


@pytest.mark.parametrize(
    ("name", "country", "field"), [(" -- ", None, "name"), ("Demo", "Atlantis", "country")]
)
def test_subject_that_cannot_be_screened_is_refused_with_its_field(
    demo: SanctionsList, name: str, country: str | None, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        screen(demo, ScreeningSubject(name, country=country))
    assert refused.value.attributes["field"] == field


@needs_shared
def test_sample_of_listed_names_and_aliases_each_finds_its_own_entry(treasury: SanctionsList) -> None:
    sample = list(names_of(treasury))[::SAMPLE]  # all of them: `make eval`, deck screening_recall
    assert [name for number, name in sample if not found(treasury, number, name)] == []
