"""The advisor chat over HTTP: say something and read the answer as it comes, or read a thread.

Progress streams at once. Text comes only when the whole answer was checked, segment by segment. Tokens of what the
person typed themselves are shown to them as they typed it; all others stay tokens.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.chatting import MOST_CHARACTERS, Said, Saying, own_thread, say
from api.http.access import Id, Visiting, governed
from audit.chain import Entry
from domain.chat import CHAT, ChatAnswer, Citation, Lead, Segment, Turn
from domain.errors import NotFound
from domain.identity import Record
from graphs.services import Services

router = governed("chat")
LOOK_AGAIN = 0.15  # seconds between looks at a thread
MEDIA_TYPE = "text/event-stream"
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$")]
STEPS = {  # event of the ledger -> what is told of it
    "question_asked": "reading the question",
    "model_called": "asking the model",
    "specialist_fell_back": "the model's answer could not be used; using the certified questions",
}


class Message(Record):
    """Something said, in a thread or to begin one."""

    message: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]
    thread: Annotated[str | None, Field(pattern=r"^advisor-[0-9a-f]{12}$")] = None


class TurnView(Record):
    """One message with its answer, if it has one by now."""

    n: int
    message: str
    asked_at: datetime
    segments: tuple[Segment, ...] = ()
    citations: tuple[Citation, ...] = ()
    leads: tuple[Lead, ...] = ()
    refused: str | None = None
    produced_by: str | None = None
    degraded: bool = False


class Thread(Record):
    """A thread, oldest message first."""

    thread: str
    turns: tuple[TurnView, ...]


@router.post(
    "/chat",
    summary="Ask the advisor chat",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def ask(body: Message, visiting: Visiting, key: Key = None) -> StreamingResponse:
    """Events: `progress`, then `segment`, `citation` and `action`, then `done` (or `problem`).

    Without `thread` a new one begins; `done` names it. 409 while the message before is being answered. The same
    `Idempotency-Key` again gives the same turn. When the answer takes too long, `problem` says where to read it.
    """
    services = visiting.services
    try:
        said = await say(services, visiting.person, Saying(body.message, body.thread, key))
    except NotFound as error:
        await visiting.refuse(body.thread or "thread", error)
    return StreamingResponse(told(services, said, await _looks(services)), media_type=MEDIA_TYPE)


@router.get("/chat/{thread}", summary="Read a thread")
async def read_thread(thread: Id, visiting: Visiting) -> Thread:
    """For the person who opened it, and nobody else."""
    try:
        case = await own_thread(visiting.services, visiting.person, thread)
    except NotFound as error:
        await visiting.refuse(thread, error)
    own = await _own_words(visiting.services, case.id)
    turns = await visiting.services.chats.of_thread(case.id)
    return Thread(thread=case.id, turns=tuple(_view(turn, own) for turn in turns))


async def told(services: Services, said: Said, looks: int) -> AsyncIterator[bytes]:
    """What happens to a message until its answer was released, or this many looks found none."""
    seen, steps = said.after, set[str]()
    for _ in range(looks):
        for entry in await services.ledger.after(said.thread, seen):
            seen = entry.seq
            step = _step(entry)
            if step and step not in steps:
                steps.add(step)
                yield _event("progress", {"step": step})
        turn = await services.chats.turn(said.thread, said.turn)
        if turn is not None and turn.answer is not None:
            for part in _released(said, turn.answer, await _own_words(services, said.thread)):
                yield part
            return
        await asyncio.sleep(LOOK_AGAIN)
    detail = "the answer takes longer; it will stand in the thread"
    body = {"status": 503, "code": "unavailable", "detail": detail, "read": f"/v1/chat/{said.thread}"}
    yield _event("problem", body)


async def _looks(services: Services) -> int:
    """How often a thread is looked at before its reader is sent away, by the book."""
    book = (await services.books.current(CHAT)).on(services.clock.now().date())
    return int(int(str(book.parameters["answer_seconds"])) / LOOK_AGAIN)


def _released(said: Said, answer: ChatAnswer, own: Mapping[str, str]) -> list[bytes]:
    parts = [
        _event("segment", {"text": _shown(each.text, own), "cites": each.cites}) for each in answer.segments
    ]
    parts += [_event("citation", each.model_dump(mode="json")) for each in answer.citations]
    parts += [_event("action", each.model_dump(mode="json")) for each in answer.leads]
    ended = {"thread": said.thread, "turn": said.turn, "refused": answer.refused}
    return [*parts, _event("done", ended | {"produced_by": answer.produced_by, "degraded": answer.degraded})]


def _step(entry: Entry) -> str | None:
    if entry.kind == "tool_called":
        return f"looking up: {str(entry.body['tool']).replace('_', ' ')}"
    return STEPS.get(entry.kind)


def _event(name: str, body: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


def _view(turn: Turn, own: Mapping[str, str]) -> TurnView:
    view = TurnView(n=turn.n, message=_shown(turn.message, own), asked_at=turn.asked_at)
    if turn.answer is None:
        return view
    found = turn.answer
    segments = tuple(Segment(text=_shown(each.text, own), cites=each.cites) for each in found.segments)
    return view.model_copy(
        update={
            "segments": segments,
            "citations": found.citations,
            "leads": found.leads,
            "refused": found.refused,
            "produced_by": found.produced_by,
            "degraded": found.degraded,
        }
    )


async def _own_words(services: Services, thread: str) -> dict[str, str]:
    """What the person typed in this thread, by token."""
    return {token: value for token, (_, value) in (await services.vault.values(thread)).items()}


def _shown(text: str, own: Mapping[str, str]) -> str:
    for token, value in own.items():
        text = text.replace(token, value)
    return text
