"""The door by itself: what it refuses before anybody behind it sees the request."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from api.http.access import NUL, _read, visit
from api.intake import parse_application
from domain.errors import BadInput, Unauthenticated


def request(body: bytes = b"", most: int = 10, **headers: str) -> Request:
    """A request to an application that takes so many bytes; reading an empty body is a defect."""
    app = SimpleNamespace(state=SimpleNamespace(most_bytes=most))
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def receive() -> Message:
        assert body, "the body was read"
        return {"type": "http.request", "body": body, "more_body": False}

    scope: dict[str, Any] = {"type": "http", "method": "POST", "headers": raw, "app": app, "state": {}}
    return Request(scope, receive)


def test_route_without_the_door_lets_nobody_in() -> None:
    with pytest.raises(Unauthenticated):
        visit(request())


async def test_body_that_declares_itself_too_large_is_not_even_read() -> None:
    with pytest.raises(HTTPException) as refusal:
        await _read(request(content_length="11"), NUL)
    assert refusal.value.status_code == 413


async def test_body_that_turns_out_too_large_is_refused() -> None:
    with pytest.raises(HTTPException) as refusal:
        await _read(request(b"x" * 11, content_length="5"), NUL)
    assert refusal.value.status_code == 413


@pytest.mark.parametrize("body", [b"a\0b", b'"\\u0000"'])
async def test_body_with_a_nul_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput, match="NUL"):
        await _read(request(body), NUL)


def test_application_that_is_no_object_is_refused() -> None:
    with pytest.raises(BadInput, match="a JSON object is expected"):
        parse_application(b"[]")
