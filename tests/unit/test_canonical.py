"""Canonical JSON is RFC 8785 byte for byte, whichever writer wrote it."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical

LARGEST = 2**53 - 1


LEAVES = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def test_every_sign_is_written_as_rfc_8785_says() -> None:
    signs = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    for first in range(0, len(signs), 4096):
        text = "".join(signs[first : first + 4096])
        assert canonical({"text": text}) == rfc8785.dumps({"text": text})


@given(VALUES)
def test_values_of_every_shape_are_written_as_rfc_8785_says(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_keys_are_in_the_order_of_utf_16_units() -> None:
    assert canonical({"\U0001f600": 1, "\ufb33": 2, "b": {"é": 3, "z": 4}}) == (
        '{"b":{"z":4,"é":3},"\U0001f600":1,"\ufb33":2}'.encode()
    )


def test_floats_are_written_as_ecmascript_does() -> None:
    assert canonical([1.0, 1e21, {"a": 0.1}]) == b'[1,1e+21,{"a":0.1}]'


@pytest.mark.parametrize(
    "value",
    [LARGEST + 1, -LARGEST - 1, "\ud800", float("nan"), {1: "a"}, {"a": {"b": b"c"}}, object()],
    ids=lambda value: type(value).__name__,
)
def test_what_json_cannot_carry_exactly_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="not canonical JSON"):
        canonical(value)
