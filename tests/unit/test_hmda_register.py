"""Reading register files: what is refused, where, and what decision code can never see."""

from __future__ import annotations

import dataclasses
import inspect
import json
from pathlib import Path

import pytest

from domain.errors import BadInput, Refused
from tools.hmda import edits, notices
from tools.hmda.fields import DEMOGRAPHIC_NAMES, FIELDS, LOAN_NAMES
from tools.hmda.register import (
    MAX_BYTES,
    LoanRow,
    Register,
    TransmittalSheet,
    parse_demographics,
    parse_register,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HMDA = SHARED / "data" / "mortgage" / "hmda-lar"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")

SHEET = "1|Demo Bank|2024|4|Demo Person|555-555-5555|d@example.com|1 Demo St|Demo|UT|84096|9|1|01-0123456|LEI"
LOAN = "|".join(["2", *(["x"] * 109)])


def refused(content: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse_register(content, "lar.txt")
    assert caught.value.attributes["file"] == "lar.txt" and caught.value.attributes["remedy"]
    return caught.value


def test_a_cut_off_row_is_named_with_the_first_missing_field() -> None:
    error = refused(f"{SHEET}\n{LOAN.rsplit('|', 2)[0]}".encode())
    assert error.attributes["row"] == 2 and error.attributes["field"] == "open_end_credit"
    assert "truncated" in error.message


def test_a_row_with_an_extra_field_is_refused() -> None:
    assert refused(f"{SHEET}\n{LOAN}|\n".encode()).attributes["field"] == "field 111"


@pytest.mark.parametrize("bad", [b"\xff", b"\x00", b"caf\xe9"])
def test_a_mis_encoded_value_is_named_by_row_and_field(bad: bytes) -> None:
    error = refused(SHEET.encode() + b"\n" + LOAN.encode().replace(b"x", bad, 1))
    assert (error.attributes["row"], error.attributes["field"]) == (2, "lei")


def test_an_oversized_value_and_an_oversized_file_are_refused() -> None:
    assert refused(f"{SHEET}\n{LOAN.replace('x', 'y' * 1_001, 1)}".encode()).attributes["field"] == "lei"
    assert "bytes" in refused(b"1" * (MAX_BYTES + 1)).message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"hello"])
def test_a_file_that_is_no_register_is_refused(content: bytes) -> None:
    assert refused(content).attributes["row"] == 1


def test_line_ends_of_either_kind_are_read_alike() -> None:
    unix, dos = (parse_register(f"{SHEET}{end}{LOAN}{end}".encode(), "a") for end in ("\n", "\r\n"))
    assert unix == dos and len(unix.rows) == 1


def test_no_decision_input_has_ethnicity_race_sex_or_age() -> None:
    assert len(DEMOGRAPHIC_NAMES) == 38 and not set(LOAN_NAMES) & set(DEMOGRAPHIC_NAMES)
    assert not {part for name in LOAN_NAMES for part in name.split("_")} & {"eth", "race", "sex", "age"}
    loan = parse_register(f"{SHEET}\n{LOAN}".encode(), "a").rows[0]
    assert set(loan.values) == set(LOAN_NAMES)
    with pytest.raises(Refused, match="no demographic field"):
        LoanRow(1, {**loan.values, "app_sex": "1"})


def test_a_register_carries_no_demographics_to_those_who_decide() -> None:
    for kind in (Register, LoanRow, TransmittalSheet):
        assert not any("Demographics" in str(field.type) for field in dataclasses.fields(kind))
    for module in (edits, notices):
        assert "emographics" not in inspect.getsource(module)


def test_demographics_keep_the_row_of_their_loan() -> None:
    people = parse_demographics(f"{SHEET}\n{LOAN}\n{LOAN}".encode(), "a")
    assert [person.row for person in people] == [1, 2] and set(people[0].values) == set(DEMOGRAPHIC_NAMES)


@needs_shared
def test_the_field_order_is_that_of_the_published_layout() -> None:
    published = [field["field"] for field in json.loads((HMDA / "lar_schema_2024.json").read_text())]
    assert [field.name for field in FIELDS] == published


@needs_shared
def test_the_published_file_with_an_extra_field_is_refused() -> None:
    error = refused((HMDA / "edit_tests" / "pipe_file_10_rows_bank0.txt").read_bytes())
    assert (error.attributes["row"], error.attributes["field"]) == (2, "field 111")
