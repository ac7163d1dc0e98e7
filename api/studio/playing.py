"""What is typed into the sandbox: tokenised before the dev server sees it, like on every front.

The server checkpoints raw input before any node runs, and writes it to files of its own: messages, the form's input,
resume values, edits of a state. So every body is rewritten here first: each text in it against the vault of a chat
thread of the sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from starlette.types import Message, Receive, Scope

from api.studio.lifespan import Front
from api.tokenising import found_in, names_of, replaced
from domain.case import Case
from domain.chat import CHAT
from domain.errors import NotFound
from domain.person import Person
from graphs.services import Services

WRITES = ("POST", "PUT", "PATCH")
STORY = "advisor"  # the sandbox's own thread, as its form lists it
MAKERS = frozenset({"advisors"})


async def tokenised(front: Front, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The same request with every text in its body tokenised; one without a JSON body is handed on as it is."""
    if scope["type"] != "http" or scope["method"] not in WRITES:
        return scope, receive
    body = await _read(receive)
    given = _json(body)
    if isinstance(given, dict | list):
        thread = await _thread(front, given)
        typing = _Typing(front.services, thread, await names_of(front.services, _player(thread)))
        body = json.dumps(await typing.rewritten(given)).encode()
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    return {**scope, "headers": headers}, _again(body, receive)


@dataclass(frozen=True, slots=True)
class _Typing:
    """One request: where its identity is kept, and which names are looked for in part."""

    services: Services
    thread: Case
    names: AbstractSet[str]

    async def rewritten(self, part: Any) -> Any:
        """The same with every text tokenised, names of fields too, however it is nested."""
        if isinstance(part, dict):
            return {await self._text(name): await self.rewritten(each) for name, each in part.items()}
        if isinstance(part, list):
            return [await self.rewritten(each) for each in part]
        return await self._text(part) if isinstance(part, str) else part

    async def _text(self, text: str) -> str:
        found = await found_in(self.services, text, self.names)
        if not found:
            return text
        async with self.services.database.transaction() as connection:
            return await replaced(self.services, connection, self.thread.id, text, found)


def _player(thread: Case) -> Person:
    return Person(thread.maker, groups=MAKERS)


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
