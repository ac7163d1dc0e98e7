"""Every tool keeps the tool contract: typed both ways, references as arguments, nothing but its own records."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from domain.records import RECORD_KINDS
from tests.fakes.context import IDENTITIES
from tools.catalog import TOOLS
from tools.contract import Tool, ToolContext

pytestmark = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
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
