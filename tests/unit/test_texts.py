"""What stands in a message is found in whatever form it is written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage

from agents.bounds import LONGEST_TOOL_NAME, unfit
from domain.assignment import Mandate
from domain.texts import texts_of

MANDATE = Mandate(tools=frozenset(), records=frozenset())
NAME = "Zo\u00eb D\u00e9mo-\u00c5kesson"


def control(message: AIMessage, *blocked: str) -> str | None:
    return unfit([message], frozenset(blocked), MANDATE)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=4), st.integers(1, 3))
def test_a_text_is_found_however_deep_it_is_packed(text: str, depth: int) -> None:
    packed = text
    for _ in range(depth):
        packed = json.dumps({"said": packed})
    assert any(text in each for each in texts_of([packed]))


def test_a_name_is_found_in_json_that_is_cut_short() -> None:
    assert any(NAME in each for each in texts_of({"content": json.dumps({"name": NAME, "more": 1})[:-5]}))


def test_an_answer_that_spells_a_name_in_escapes_is_kept_back() -> None:
    said = AIMessage(json.dumps({"narrative": f"It was {NAME}."}))
    assert NAME not in said.text
    assert control(said, NAME.casefold()) == "model.answer_identity"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\u202e", "\u2066"])
@pytest.mark.parametrize("packed", [True, False])
def test_signs_that_mislead_a_reader_or_break_a_store_keep_an_answer_back(sign: str, packed: bool) -> None:
    text = f"It waits.{sign}"
    assert (
        control(AIMessage(json.dumps({"narrative": text}) if packed else text)) == "model.answer_characters"
    )


@pytest.mark.parametrize(
    "text", ["Zwölf \U0001f3e0\n\tund \\frac{1}{2}", "C:\\best", "\u00a712 \u2013 \u05d0\u05d1"]
)
@pytest.mark.parametrize("packed", [True, False])
def test_ordinary_signs_of_any_script_pass(text: str, packed: bool) -> None:
    assert control(AIMessage(json.dumps({"narrative": text}) if packed else text)) is None


@pytest.mark.parametrize(
    ("name", "kept_back"),
    [("a" * LONGEST_TOOL_NAME, None), ("a" * 65, "model.tool_name"), ("a\x00", "model.answer_characters")],
)
def test_a_tool_call_needs_a_possible_name(name: str, kept_back: str | None) -> None:
    call = {"name": name, "args": {}, "id": "call_1", "type": "tool_call"}
    assert control(AIMessage("", tool_calls=[call])) == kept_back
