"""Machine-readable zones: the specimens of ICAO 9303, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from domain.errors import BadInput
from tools.travel_document import Check, Format, check_digit, read_travel_document

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
AS_OF = date(2026, 11, 23)
FACT_NAMES = {
    "doc": Check.NUMBER,
    "dob": Check.BIRTH,
    "exp": Check.EXPIRY,
    "pers": Check.PERSONAL,
    "final": Check.COMPOSITE,
}
# Specimens of ICAO 9303 (Utopia is no state, the holder no person).
PASSPORT = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
SMALL_CARD = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
CARD = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]


def passport_with(start: int, text: str) -> list[str]:
    return [PASSPORT[0], PASSPORT[1][:start] + text + PASSPORT[1][start + len(text) :]]


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
def test_specimens_give_the_published_checks() -> None:
    facts = json.loads((SHARED / "facts" / "mrz.json").read_text())
    assert len(facts) == 3
    for fact in facts:
        document = read_travel_document(fact["lines"], AS_OF)
        assert document.format == fact["type"]
        assert document.checks == {FACT_NAMES[name]: fits for name, fits in fact["checks"].items()}
        assert document.valid is fact["valid"]
        assert document.expired_on(AS_OF) is fact["expired_on_2026_11_23"]


@pytest.mark.parametrize(
    ("lines", "size", "number"),
    [
        (PASSPORT, Format.TD3, "L898902C3"),
        (SMALL_CARD, Format.TD2, "D23145890"),
        (CARD, Format.TD1, "D23145890"),
    ],
)
def test_each_format_says_the_same_of_its_holder(lines: list[str], size: Format, number: str) -> None:
    document = read_travel_document(lines, AS_OF)
    assert (document.format, document.number, document.valid) == (size, number, True)
    assert (document.surname, document.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (document.issuer, document.nationality, document.sex) == ("UTO", "UTO", "F")
    assert (document.birth, document.expiry) == (date(1974, 8, 12), date(2012, 4, 15))


def test_long_number_of_a_card_goes_on_in_the_optional_field() -> None:
    digit = check_digit("D23145890734")
    front = f"I<UTOD23145890<734{digit}<<<<<<<<<<<"
    document = read_travel_document([front, CARD[1], CARD[2]], AS_OF)
    assert document.number == "D23145890734"
    assert document.checks[Check.NUMBER]


def test_empty_personal_number_may_go_without_check_digit() -> None:
    document = read_travel_document(passport_with(28, "<" * 15), AS_OF)
    assert document.checks[Check.PERSONAL]
    assert not document.checks[Check.COMPOSITE]


def test_validity_ends_after_the_day_of_expiry() -> None:
    document = read_travel_document(PASSPORT, AS_OF)
    assert not document.expired_on(date(2012, 4, 15))
    assert document.expired_on(date(2012, 4, 16))


def test_birth_is_never_after_the_date_of_the_assignment() -> None:
    document = read_travel_document(passport_with(13, "261124"), AS_OF)
    assert document.birth == date(1926, 11, 24)


def test_unknown_dates_are_none_and_count_as_expired() -> None:
    document = read_travel_document(passport_with(13, "74<<<<"), AS_OF)
    assert document.birth is None
    assert read_travel_document(passport_with(21, "<<<<<<"), AS_OF).expired_on(date(2000, 1, 1))


def test_names_that_fill_their_field_are_marked_as_cut() -> None:
    long_name = "P<UTO" + "ERIKSSON<<" + "A" * 29
    assert read_travel_document([long_name, PASSPORT[1]], AS_OF).names_cut
    assert not read_travel_document(PASSPORT, AS_OF).names_cut


def test_identity_stays_out_of_the_representation() -> None:
    shown = repr(read_travel_document(PASSPORT, AS_OF))
    assert not any(text in shown for text in ("ERIKSSON", "ANNA", "L898902C3", "1974", "ZE184226B"))


@pytest.mark.parametrize(
    ("lines", "field", "row"),
    [
        ([], "lines", None),
        ([PASSPORT[0]], "lines", None),
        ([PASSPORT[0], PASSPORT[1][:-1]], "lines", None),
        ([PASSPORT[0], PASSPORT[1].lower()], "lines", 2),
        (["V" + PASSPORT[0][1:], PASSPORT[1]], "lines", 1),
        (passport_with(13, "740231"), "birth", None),
        (passport_with(21, "12O415"), "expiry", None),
    ],
)
def test_what_is_no_travel_document_is_refused(lines: list[str], field: str, row: int | None) -> None:
    with pytest.raises(BadInput) as refused:
        read_travel_document(lines, AS_OF)
    assert refused.value.attributes.get("field") == field
    assert refused.value.attributes.get("row") == row
    assert "ERIKSSON" not in str(refused.value)


def test_character_outside_the_zone_has_no_check_digit() -> None:
    assert check_digit("D23145890") == "7"
    with pytest.raises(BadInput):
        check_digit("é")
