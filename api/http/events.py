"""Event intake: CloudEvents 1.0 over HTTP, structured or binary, one at a time. An event is acted on once."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.http import HTTPMessage, from_binary, from_structured
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import REQUIRED_ATTRIBUTES, CloudEvent
from fastapi import Request, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from api import json_text
from api.http.access import Visit, Visiting, governed
from api.http.faults import invalid_body
from api.http.problems import documented
from api.http.records import Receipt, received
from api.http.unwindings import DefectFound
from api.intake import RECORDS
from api.unwinding import Defect, open_unwinding
from domain.canonical import digest
from domain.errors import BadInput

STRUCTURED = "application/cloudevents+json"
REMEDY = "send one CloudEvents 1.0 event: id, source, type, specversion, subject"
RECEIVED = "bank.record.received.v1"
DEFECT = "bank.defect.found.v1"
PATTERNS = {  # no spaces: source and id together name the event
    "id": re.compile(r"[\x21-\x7e]{1,200}"),
    "source": re.compile(r"[\x21-\x7e]{1,200}"),
    "subject": re.compile(r"[A-Za-z0-9_.:\-]{1,200}"),
}
ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "type": {"enum": [RECEIVED, DEFECT]},
        "subject": {"type": "string", "description": "the case"},
        "data": {
            "type": "object",
            "description": "a source record, as in POST /v1/cases/{case_id}/records; or for a defect found "
            "downstream reason and evidence, as in POST /v1/cases/{case_id}/unwinding",
        },
    },
}
router = governed("events")


@router.post(
    "/events",
    summary="Receive a CloudEvent",
    status_code=201,
    responses={200: {"model": Receipt, "description": "It came before; nothing changed"}, **documented(415)},
    openapi_extra={"requestBody": {"required": True, "content": {STRUCTURED: {"schema": ENVELOPE}}}},
)
async def receive_event(request: Request, visiting: Visiting, response: Response) -> Receipt:
    """For `record_sources`, and records for `advisors` on their own cases. `source` and `id` name an event.

    A defect found downstream unwinds the case that is its subject; while that is under way it adds to it.
    """
    await visiting.member("record_sources", "advisors")
    event = _parsed(request, await request.body(), visiting.services.clock.now())
    if event.get_type() not in (RECEIVED, DEFECT):
        raise BadInput("no event of this type is taken", field="type", remedy=f"send {RECEIVED} or {DEFECT}")
    named = {"id": event.get_id(), "source": event.get_source(), "subject": event.get_subject() or ""}
    for field, value in named.items():
        if not PATTERNS[field].fullmatch(value):
            raise BadInput(f"{field} is missing, too long or holds signs that are not taken", field=field)
    if event.get_type() == DEFECT:
        receipt = await _unwound(visiting, event, named)
    else:
        case = await visiting.case_for_records(named["subject"])
        event_id = f"{_namespace(visiting)}{named['source']} {named['id']}"
        receipt = await received(visiting, case, _record(event), event_id)
    response.status_code = 201 if receipt.kept else 200
    return receipt


async def _unwound(visiting: Visit, event: BaseCloudEvent, named: dict[str, str]) -> Receipt:
    """A defect opens an unwinding once; the receipt names that case."""
    await visiting.member("record_sources")
    found = _defect(event)
    key = digest([named["source"], named["id"]])
    defect = Defect(found.reason, found.evidence)
    begun = await open_unwinding(visiting.services, visiting.person, named["subject"], defect, key)
    return Receipt(case_id=begun.case.id, kept=begun.heard)


def _namespace(visiting: Visit) -> str:
    """Advisors' events are named after them, so that theirs never stand in for one of a system of record."""
    return "" if "record_sources" in visiting.person.groups else f"{visiting.person.id} "


def _parsed(request: Request, body: bytes, now: datetime) -> BaseCloudEvent:
    """The envelope; attributes that the specification requires are never made up."""

    def strict(attributes: dict[str, Any], content: Any) -> BaseCloudEvent:
        absent = [name for name in REQUIRED_ATTRIBUTES if name not in attributes]
        if absent:
            raise BadInput(f"the event lacks {', '.join(absent)}", field=absent[0], remedy=REMEDY)
        return CloudEvent({"time": now, **attributes}, content)

    message = HTTPMessage(dict(request.headers), body)
    mode = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if mode == STRUCTURED:
            _object(body)
            return from_structured(message, JSONFormat(), strict)
        if mode == "application/json" and "ce-specversion" in request.headers:
            json_text.read(body)
            return from_binary(message, JSONFormat(), strict)
    except CloudEventValidationError as error:
        wrong = ", ".join(sorted(error.errors))
        raise BadInput(f"these attributes are not valid: {wrong}", field=wrong, remedy=REMEDY) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise BadInput("not a CloudEvent", field="body", remedy=REMEDY) from error
    raise HTTPException(415)


def _object(body: bytes) -> None:
    if not isinstance(json_text.read(body), dict):
        raise ValueError("a JSON object is expected")


def _defect(event: BaseCloudEvent) -> DefectFound:
    try:
        return DefectFound.model_validate(event.get_data())
    except ValidationError as error:
        raise invalid_body(error.errors(include_url=False, include_input=False), "data") from error


def _record(event: BaseCloudEvent) -> Any:
    try:
        return RECORDS.validate_python(event.get_data())
    except ValidationError as error:
        raise invalid_body(error.errors(include_url=False, include_input=False), "data") from error
