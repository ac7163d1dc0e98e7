"""Errors as RFC 9457 problems: the one place that maps what went wrong to an HTTP status.

Owns the shape of every error answer. Never shows a stack trace, a value that was sent in, or the text of
an error that this project did not raise itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.http.faults import Fault
from domain.errors import (
    BadInput,
    Conflict,
    CountersignError,
    Forbidden,
    Halted,
    NotFound,
    RecordChanged,
    Refused,
    StaleWriter,
    Unauthenticated,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
GUARDS = {"x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer"}
MOST_FAULTS = 20  # shown of one request
STATUS: tuple[tuple[type[Exception], int], ...] = (  # the first that fits; everything else is 500
    (BadInput, 422),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Halted, 503),
    (StaleWriter, 409),
    (RecordChanged, 409),
    (Unavailable, 503),
    (Refused, 403),
)
TRANSPORT = {  # what the web framework refuses itself: code and remedy
    400: (BadInput.code, "send one complete JSON object"),
    404: (NotFound.code, "see /docs for the addresses"),
    405: ("method_not_allowed", "see /docs for the methods"),
    413: ("too_large", "send less at once"),
    415: ("unsupported_media_type", "see /docs for the media types"),
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem; further members name where it went wrong",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable, for programs"},
        "detail": {"type": "string", "description": "for people"},
        "remedy": {"type": "string", "description": "what to do about it"},
    },
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route's errors look in OpenAPI."""
    content = {MEDIA_TYPE: {"schema": SCHEMA}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Answer every error of this app as a problem."""
    app.add_exception_handler(CountersignError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_transport)
    app.add_exception_handler(psycopg.errors.UniqueViolation, _collision)
    app.add_exception_handler(psycopg.OperationalError, _database_away)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: Exception) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem(
    status: int,
    code: str,
    detail: str,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """One problem; ``extra`` members never replace the standard ones."""
    standard = {
        "type": f"urn:countersign:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    body = {**(extra or {}), **standard}
    return JSONResponse(body, status, headers={**GUARDS, **(headers or {})}, media_type=MEDIA_TYPE)


def as_event(error: CountersignError) -> bytes:
    """The last event of a stream that ends here."""
    remedy = {"remedy": error.remedy} if error.remedy else {}
    body = problem(status_of(error), error.code, error.message, error.attributes | remedy).body
    return b"event: problem\ndata: " + bytes(body) + b"\n\n"


async def _ours(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CountersignError) or (status := status_of(error)) == 500:
        return await _unexpected(request, error)
    headers: dict[str, str] = {}
    if status == 401:
        invalid = ', error="invalid_token"' if "authorization" in request.headers else ""
        headers["www-authenticate"] = f'Bearer realm="countersign"{invalid}'
    if status == 503:
        headers["retry-after"] = "5"
    remedy = {"remedy": error.remedy} if error.remedy else {}
    return problem(status, error.code, error.message, error.attributes | remedy, headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        return await _unexpected(request, error)
    faults = [Fault.of(each) for each in error.errors()[:MOST_FAULTS]]
    first = faults[0]
    detail = f"{first.field or first.place}: {first.message}"
    extra = first.shown() | {"errors": [fault.shown() for fault in faults]}
    return problem(422 if first.readable else 400, BadInput.code, detail, extra)


async def _of_transport(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(
        unread := error.__cause__, BadInput
    ):  # the framework's 400 for a body that ``access`` refused
        return problem(status, unread.code, unread.message, {"in": "body", **unread.attributes})
    phrase = str(error.detail) if isinstance(error, HTTPException) else HTTPStatus(status).phrase
    headers = error.headers if isinstance(error, HTTPException) else None
    code, remedy = TRANSPORT.get(status, ("http_error", "see /docs"))
    return problem(status, code, phrase, {"remedy": remedy}, headers)


async def _collision(_: Request, __: Exception) -> JSONResponse:
    remedy = {"remedy": Conflict.usual_remedy}
    return problem(409, Conflict.code, "somebody did the same at the same moment", remedy)


async def _database_away(_: Request, __: Exception) -> JSONResponse:
    detail = "the database does not answer; nothing was done"
    extra = {"control": "database", "remedy": Unavailable.usual_remedy}
    return problem(503, Unavailable.code, detail, extra, {"retry-after": "5"})


async def _unexpected(_: Request, __: Exception) -> JSONResponse:
    remedy = {"remedy": "send it again; if it fails again, tell whoever runs the service and when it was"}
    return problem(500, "internal", "something went wrong here; nothing of this request was kept", remedy)
