"""Source records over HTTP: evidence sent in by systems of record or advisors, kept once per event."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field

from api.http.access import Id, Visit, Visiting, governed
from api.intake import receive_record
from domain.case import Case
from domain.identity import Record
from domain.records import SourceRecord
from domain.records.conditions import ConditionMet

router = governed("records")


class SentRecord(Record):
    """A record under the sender's own event id; the same id again changes nothing."""

    event_id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
    record: SourceRecord


class Receipt(Record):
    """Whether it was kept; ``false`` when this event came before."""

    case_id: str
    kept: bool


@router.post(
    "/cases/{case_id}/records",
    summary="Send a source record",
    status_code=201,
    responses={200: {"model": Receipt, "description": "This event came before; nothing changed"}},
)
async def send_record(case_id: Id, body: SentRecord, visiting: Visiting, response: Response) -> Receipt:
    """For `record_sources`, and for `advisors` on their own cases. Wakes the case."""
    case = await visiting.case_for_records(case_id)
    receipt = await received(visiting, case, body.record, f"{visiting.person.id} {body.event_id}")
    response.status_code = 201 if receipt.kept else 200
    return receipt


async def received(visiting: Visit, case: Case, record: BaseModel, event_id: str) -> Receipt:
    """Keep a record once; an event that came before is acknowledged even when the case is closed by now.

    That a condition is met is for systems of record to say, never for the maker of the case.
    """
    if isinstance(record, ConditionMet):
        await visiting.member("record_sources")
    kept = await receive_record(visiting.services, case.id, record, event_id)
    return Receipt(case_id=case.id, kept=kept)
