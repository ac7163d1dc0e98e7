"""Runs one read-only tool on what it is given, without a database: for trying a tool by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from api.assembly import DEMO_LIST
from api.intake import parse_record
from domain.clock import SystemClock
from domain.errors import BadInput
from domain.finding import Fact
from domain.identity import Record
from graphs.catalog import VOCABULARY
from policies.loader import shipped
from tools.catalog import TOOLS
from tools.contract import ToolContext
from tools.screening.ofac_list import SanctionsList

T = TypeVar("T", bound=Record)


class Given(Record):
    """What a tool is tried on."""

    args: dict[str, Any] = Field(default_factory=dict)
    application: dict[str, Any] = Field(default_factory=dict)
    records: tuple[dict[str, Any], ...] = ()
    facts: dict[str, Fact] = Field(default_factory=dict)
    parameters: dict[str, Any] | None = None  # default: those of the book on the date
    book: str = "home_loan"
    date: dt.date | None = None  # of the application; default: today


class GivenRecords:
    """The records that were given, as a warehouse."""

    def __init__(self, records: tuple[dict[str, Any], ...]) -> None:
        parsed = [parse_record(record).model_dump(mode="json") for record in records]
        self._records = [{"id": n, **record} for n, record in enumerate(parsed, 1)]

    async def records(self, kind: str, party: str | None = None) -> list[dict[str, Any]]:
        """Those of one kind (and party)."""
        return [each for each in self._records if each["kind"] == kind and party in (None, each.get("party"))]


async def run_tool(name: str, raw: Any) -> dict[str, Any]:
    """The tool's result as JSON; ``BadInput`` names the field that is wrong. Identity is given in clear."""
    if name not in TOOLS:
        raise BadInput(f"no tool {name}", field="name", remedy=f"one of {', '.join(TOOLS)}")
    given = _valid(Given, raw)
    tool = TOOLS[name]
    answer = await tool.run(_valid(tool.args, given.args, "args."), _context(given))
    return answer.model_dump(mode="json")


def _context(given: Given) -> ToolContext:
    day = given.date or SystemClock().now().date()
    book = next((each for each in shipped(VOCABULARY) if each.rules.kind == given.book), None)
    if book is None:
        raise BadInput(f"no book {given.book}", field="book", remedy="see `countersign policy check`")
    parameters = given.parameters if given.parameters is not None else dict(book.on(day).parameters)
    return ToolContext(
        case_id="workbench",
        as_of=dt.datetime.combine(day, dt.time(12), dt.UTC),
        application=given.application,
        inputs=given.facts,
        parameters=parameters,
        warehouse=GivenRecords(given.records),
        reveal=_as_it_is,
        lists={"sanctions": SanctionsList.load(DEMO_LIST)},
    )


async def _as_it_is(value: str) -> str:
    return value


def _valid(form: type[T], raw: Any, prefix: str = "") -> T:
    try:
        return form.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = prefix + ".".join(map(str, first["loc"]))
        raise BadInput(first["msg"], field=where, remedy="see `countersign tool list --json`") from error
