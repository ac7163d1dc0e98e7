"""Universal loan identifiers and their check digits."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from tools.lending.uli import check_digits, is_valid_uli, make_uli

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
EXAMPLE = "10Bx939c5543TqA1144M999143X38"  # 12 CFR 1003, appendix C
loan_ids = st.text(string.ascii_letters + string.digits, min_size=21, max_size=43)


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
def test_check_digits_are_the_published_ones() -> None:
    facts = json.loads((SHARED / "facts" / "uli.json").read_text())
    assert len(facts) == 3
    for fact in facts:
        assert check_digits(fact["loan_id"]) == fact["published_check_digit"]
        assert make_uli(fact["loan_id"]) == fact["uli"]
        assert is_valid_uli(fact["uli"]) is fact["valid"]


def test_transposed_characters_are_found() -> None:
    assert is_valid_uli(EXAMPLE)
    assert not is_valid_uli(EXAMPLE.replace("5543", "5534"))
    assert not is_valid_uli(EXAMPLE[:-2] + "AB")


@pytest.mark.parametrize("loan_id", ["", "A" * 20, "A" * 44, "A" * 20 + "-1", "A" * 21 + "\n", "é" * 21])
def test_identifier_of_wrong_length_or_characters_is_refused(loan_id: str) -> None:
    with pytest.raises(BadInput, match="loan_id"):
        check_digits(loan_id)


def test_universal_identifier_of_wrong_length_is_refused() -> None:
    with pytest.raises(BadInput, match="uli"):
        is_valid_uli("A" * 46)


@given(loan_ids)
def test_every_made_identifier_verifies_in_either_case(loan_id: str) -> None:
    assert is_valid_uli(make_uli(loan_id))
    assert check_digits(loan_id.swapcase()) == check_digits(loan_id)


@given(loan_ids, st.integers(0, 20), st.permutations(string.digits))
def test_one_digit_misread_as_another_is_always_found(loan_id: str, place: int, digits: list[str]) -> None:
    printed, misread = (loan_id[:place] + digit + loan_id[place + 1 :] for digit in digits[:2])
    assert check_digits(printed) != check_digits(misread)
