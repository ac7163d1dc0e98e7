"""The published edits against the published test files and against registers published as clean."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tools.hmda.edits import EDITS, Failure, Kind, failures
from tools.hmda.register import parse_register

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HMDA = SHARED / "data" / "mortgage" / "hmda-lar"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
CLEAN = ("Bank0_clean_100_rows_2024_annual.txt", "clean_file_1000_rows_Bank0_2020.txt",
         "clean_file_1k_rows_Bank0_syntax_validity.txt")  # fmt: skip


def failed(content: bytes) -> tuple[Failure, ...]:
    return failures(parse_register(content, "lar.txt"))


def codes(content: bytes) -> set[str]:
    return {failure.edit.code for failure in failed(content)}


def clean_with(line: int, position: int, value: str) -> bytes:
    """The clean 2024 register with one value changed; line 0 is the transmittal sheet."""
    lines = (HMDA / CLEAN[0]).read_text().splitlines()
    values = lines[line].split("|")
    values[position] = value
    return "\n".join([*lines[:line], "|".join(values), *lines[line + 1 :]]).encode()


def test_every_edit_of_the_facts_fires_on_its_published_file() -> None:
    cases = json.loads((SHARED / "facts" / "hmda_edits.json").read_text())["cases"]
    for case in (c for c in cases if c["edit"] != "parse"):
        found = failed((HMDA / "edit_tests" / case["file"]).read_bytes())
        rows = [failure.row for failure in found if failure.edit.code == case["edit"]]
        assert rows and case.get("row", rows[0]) in rows


def test_one_identifier_on_two_rows_is_flagged_on_both() -> None:
    found = failed((HMDA / "edit_tests" / "trigger_Q600.txt").read_bytes())
    assert [failure.row for failure in found if failure.edit.code == "Q600"] == [3, 10]


@pytest.mark.parametrize("name", CLEAN)
def test_a_register_published_as_clean_fails_no_syntactical_or_validity_edit(name: str) -> None:
    found = failed((HMDA / name).read_bytes())
    assert [f for f in found if f.edit.kind is not Kind.QUALITY] == []


@pytest.mark.parametrize(
    ("line", "position", "value", "code"),
    [(0, 12, "99", "S304"), (0, 0, "2", "S300"), (1, 0, "1", "S300"), (1, 1, "A" * 20, "S301"),
     (0, 5, "555", "V603"), (1, 2, "10Bx939c5543TqA1144M999143X39", "V609"), (1, 4, "7", "V611"),
     (1, 9, "much", "V617"), (1, 9, "-", "V617"), (1, 10, "9", "V618"), (1, 11, "20240230", "V619-1"),
     (1, 11, "20231231", "V619-2"), (1, 61, "", "V660-1"), (1, 67, "3", "V670-2"), (1, 16, "99001", "V627"),
     (1, 67, "11", "V669-1"), (1, 81, "0", "V682-1"), (1, 109, "", "V708"), (1, 9, "1", "Q645-1")],
)  # fmt: skip
def test_one_wrong_value_in_a_clean_register_fails_its_edit(
    line: int, position: int, value: str, code: str
) -> None:
    assert code in codes(clean_with(line, position, value))


def test_a_record_filed_twice_fails_s305_on_both_rows() -> None:
    lines = (HMDA / CLEAN[0]).read_text().splitlines()
    found = failed("\n".join([*lines, lines[5]]).encode())
    assert [f.row for f in found if f.edit.code == "S305"] == [5, 101]
    assert {"S304", "Q600"} <= {f.edit.code for f in found}


def test_a_scoring_model_of_2024_is_unknown_in_2020() -> None:
    content = (HMDA / "edit_tests" / "Bank 1_2024 v720-1.txt").read_text()
    assert "V660-2" not in codes(content.encode())
    assert "V660-2" in codes(content.replace("|2024|4|", "|2020|4|", 1).encode())


def test_every_edit_has_a_code_of_its_own_and_says_what_has_to_hold() -> None:
    assert max(Counter(edit.code for edit in EDITS).values()) == 1
    assert all(edit.text.endswith(".") and edit.since >= 2018 for edit in EDITS)
