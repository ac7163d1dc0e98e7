"""Audit search over HTTP: events of all streams by actor, kind, time, policy row and agent, as JSON, JSONL or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from api.http.access import Visiting, governed
from audit.chain import Entry
from checkpoints.search import Wanted, everything, page
from domain.errors import BadInput
from domain.identity import Record
from domain.person import AUDITORS

COLUMNS = ("at", "stream", "seq", "actor", "kind", "key", "body", "hash")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins like this
router = governed("the record")
Name = Annotated[str | None, Query(max_length=200)]
Form = Annotated[
    Literal["json", "jsonl", "csv"], Query(description="json is a page; the others are everything")
]


class Found(Record):
    """One page of events, and where the next one begins."""

    events: tuple[dict[str, Any], ...]
    next: str | None


class Asked(Record):
    """What is looked for; what is left out may be anything."""

    actor: str | None = None
    kind: str | None = None
    case: str | None = None
    row: str | None = None
    agent: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    form: Literal["json", "jsonl", "csv"] = "json"
    limit: Annotated[int, Query(ge=1, le=1000)] = 100
    after: str | None = None

    @property
    def wanted(self) -> Wanted:
        """As the search takes it."""
        return Wanted(self.actor, self.kind, self.case, self.row, self.agent, self.since, self.until)


@router.get("/record/events", summary="Search the record", response_model=Found)
async def search(asked: Annotated[Asked, Query()], visiting: Visiting) -> Any:
    """For `auditors`. Oldest first. `case` is a case, `ops`, or `access/<person>`; `next` goes into `after`.

    `form=jsonl` and `form=csv` give everything that fits as one file. Every search is on record itself.
    """
    await visiting.member(AUDITORS)
    database = visiting.services.database
    if asked.form == "json":
        found = await page(database, asked.wanted, asked.limit, _place(asked.after))
        following = _named(found[-1]) if len(found) == asked.limit else None
        return Found(events=tuple(asdict(each) for each in found), next=following)
    lines = (_csv if asked.form == "csv" else _jsonl)(everything(database, asked.wanted))
    media = "text/csv; charset=utf-8" if asked.form == "csv" else "application/jsonl; charset=utf-8"
    names = {"content-disposition": f'attachment; filename="events.{asked.form}"'}
    answer: Response = StreamingResponse(lines, media_type=media, headers=names)
    return answer


async def _jsonl(entries: AsyncIterator[Entry]) -> AsyncIterator[str]:
    async for entry in entries:
        yield json.dumps(asdict(entry), ensure_ascii=False) + "\n"


async def _csv(entries: AsyncIterator[Entry]) -> AsyncIterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    async for entry in entries:
        row = asdict(entry) | {"body": json.dumps(entry.body, ensure_ascii=False)}
        line = io.StringIO()
        csv.writer(line).writerow([_harmless(str(row[name])) for name in COLUMNS])
        yield line.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _named(entry: Entry) -> str:
    return f"{entry.at} {entry.seq} {entry.stream}"


def _place(after: str | None) -> Entry | None:
    """The place that ``next`` named."""
    if after is None:
        return None
    at, _, rest = after.partition(" ")
    seq, _, stream = rest.partition(" ")
    if not seq.isdecimal() or not stream:
        raise BadInput("this names no place", field="after", remedy="send what `next` said")
    return Entry(stream, int(seq), "", "", 1, at, "", {}, "")
