"""Check digits of universal loan identifiers against published examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import BadInput
from tools.hmda.check_digit import check_digits, is_valid_uli

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")


@needs_shared
def test_the_published_identifiers_have_the_published_check_digits() -> None:
    for case in json.loads((SHARED / "facts" / "uli.json").read_text()):
        assert check_digits(case["loan_id"]) == case["published_check_digit"]
        assert is_valid_uli(case["uli"]) is case["valid"]


def test_the_regulation_s_own_example_is_valid_and_one_changed_character_is_not() -> None:
    assert is_valid_uli("10Bx939c5543TqA1144M999143X38")
    assert not is_valid_uli("10Bx939c5543TqA1144M999143Y38")


@pytest.mark.parametrize("loan_id", ["", "A" * 20, "A" * 44, "10Bx939c5543TqA1144M99914 X", "٣" * 25])
def test_what_is_no_loan_identifier_gets_no_check_digits(loan_id: str) -> None:
    with pytest.raises(BadInput, match="21 to 43 letters or digits"):
        check_digits(loan_id)
