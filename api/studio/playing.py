"""What is typed into the sandbox's chat: tokenised before the dev server sees it, like on every front.

The server checkpoints raw input before any node runs, and writes it to files of its own. So every body that carries
messages is rewritten here first: each text against the vault of a chat thread of the sandbox.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.types import Message, Receive, Scope

from api.studio.lifespan import Front
from api.tokenising import find, replaced
from domain.case import Case
from domain.chat import CHAT
from domain.errors import NotFound
from domain.person import Person
from graphs.services import Services

WRITES = ("POST", "PUT", "PATCH")
MESSAGES = "messages"
LABELS = ("type", "role", "id")  # of a message or a block: no text of anybody
STORY = "advisor"  # the sandbox's own thread, as its form lists it
MAKERS = frozenset({"advisors"})


async def tokenised(front: Front, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The same request with every message in its body tokenised; others are handed on as they are."""
    if scope["type"] != "http" or scope["method"] not in WRITES:
        return scope, receive
    body = await _read(receive)
    given = _json(body)
    if _carries(given):
        thread = await _thread(front, given)
        body = json.dumps(await _rewritten(front.services, thread, given, said=False)).encode()
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    return {**scope, "headers": headers}, _again(body, receive)


async def _rewritten(services: Services, thread: Case, part: Any, *, said: bool) -> Any:
    """The same with every text under ``messages`` tokenised, however it is nested."""
    if isinstance(part, dict):
        return {
            name: each
            if said and name in LABELS
            else await _rewritten(services, thread, each, said=said or name == MESSAGES)
            for name, each in part.items()
        }
    if isinstance(part, list):
        return [await _rewritten(services, thread, each, said=said) for each in part]
    return await _text(services, thread, part) if said and isinstance(part, str) else part


async def _text(services: Services, thread: Case, text: str) -> str:
    found = await find(services, Person(thread.maker, groups=MAKERS), text)
    async with services.database.transaction() as connection:
        return await replaced(services, connection, thread.id, text, found)


async def _thread(front: Front, given: Any) -> Case:
    """The chat thread that the body names, else the sandbox's own."""
    for named in _named(given):
        try:
            case = await front.services.cases.get(named)
        except NotFound:
            continue
        if case.kind == CHAT:
            return case
    return await front.services.cases.get(front.stories[STORY])


def _carries(given: Any) -> bool:
    if isinstance(given, dict):
        return MESSAGES in given or any(map(_carries, given.values()))
    return isinstance(given, list) and any(map(_carries, given))


def _named(given: Any) -> list[str]:
    if isinstance(given, dict):
        own = given.get("case_id")
        return [
            *([own] if isinstance(own, str) else []),
            *(n for value in given.values() for n in _named(value)),
        ]
    return [name for value in given for name in _named(value)] if isinstance(given, list) else []


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once; whatever comes after it (a disconnect) as it comes."""
    left = [body]

    async def once() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return once
