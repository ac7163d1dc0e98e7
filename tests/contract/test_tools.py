"""Every tool keeps the tool contract: typed both ways, references as arguments, nothing but its own records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from domain.records import RECORD_KINDS
from tests.fakes.context import IDENTITIES
from tools.catalog import TOOLS
from tools.contract import Tool, ToolContext

pytestmark = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
OUR_WORDS = {  # names of texts that no tool takes for foreign: ids, codes, words of books and of tools
    *(
        "approval",
        "asks",
        "at_bps",
        "awaits",
        "boundary",
        "case",
        "changed",
        "conditions",
        "decided",
        "due_on",
        "groups",
    ),
    *(
        "kind",
        "lines",
        "name",
        "occupancy",
        "opened_on",
        "outcome",
        "policy_version",
        "product",
        "reason",
        "reasons",
    ),
    *("groups", "ref", "rows", "source", "status", "unit", "what"),
}
NUMBERS = {
    "rests_on.*.value",
    "rests_on.*.shown",
    "citations.*.value",
    "cases.*.citations.*.value",
}  # or nothing
MONEY = re.compile(r"amount|cents|price|rate|name|number|account|birth", re.IGNORECASE)


def test_it_is_filed_under_its_own_name(tool: Tool) -> None:
    assert TOOLS[tool.name] is tool
    assert re.fullmatch(r"[a-z][a-z_]{2,40}", tool.name)
    assert tool.description.endswith(".")


def test_its_arguments_are_references_never_values(tool: Tool) -> None:
    assert not [name for name in tool.args.model_fields if MONEY.search(name)]
    assert tool.args.model_config.get("extra") == "forbid"


def test_it_reads_only_known_kinds_of_record(tool: Tool) -> None:
    assert tool.records <= set(RECORD_KINDS)


def test_its_result_has_no_float(tool: Tool) -> None:
    assert '"number"' not in json.dumps(tool.result.model_json_schema(mode="serialization"))


async def test_missing_records_are_an_answer_and_no_identity_comes_out(tool: Tool, bare: ToolContext) -> None:
    arguments: dict[str, Any] = {"party": "party:1"} if "party" in tool.args.model_fields else {}
    if tool.name in ("customer_profile", "register_review"):
        pytest.skip("reads another system, not source records: tested against it")
    answer = await tool.run(tool.args.model_validate(arguments), bare)
    told = tool.result.model_validate(answer.model_dump()).model_dump_json()
    assert not [value for value in IDENTITIES.values() if value in told]


def test_what_it_says_may_come_from_outside_is_a_text_of_its_result(tool: Tool) -> None:
    assert set(tool.foreign or ()) <= set(_texts_of(tool))


def test_of_what_it_calls_its_own_words_every_text_is_known_to_be_the_banks(tool: Tool) -> None:
    own = set() if tool.foreign is None else set(_texts_of(tool)) - set(tool.foreign)
    assert {path.removesuffix(".*").rpartition(".")[2] for path in own - NUMBERS} <= OUR_WORDS


def _texts_of(tool: Tool) -> Iterator[str]:
    schema = tool.result.model_json_schema(mode="serialization")
    return _texts(schema, schema.get("$defs", {}), "")


def _texts(node: Mapping[str, Any], known: Mapping[str, Any], path: str) -> Iterator[str]:
    if "$ref" in node:
        yield from _texts(known[node["$ref"].rsplit("/", 1)[1]], known, path)
    for each in node.get("anyOf", ()):
        yield from _texts(each, known, path)
    if node.get("type") == "string" and not {"enum", "const", "format"} & node.keys():
        yield path
    if node.get("type") == "array":
        yield from _texts(node.get("items", {}), known, f"{path}.*")
    for name, each in node.get("properties", {}).items():
        yield from _texts(each, known, f"{path}.{name}".strip("."))
