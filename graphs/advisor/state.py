"""State of a chat thread: tokenised messages and what the newest one means, as plain JSON; never identity."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

MOST_MESSAGES = 40  # of a thread that are kept in its state; every turn stays readable in its row
Message = dict[str, Any]  # {type: human or ai, content, id}, as LangGraph's front ends draw it


def recent(left: list[Message], right: list[Message]) -> list[Message]:
    """Reducer: the newest messages, one per id; what has no id is numbered in order."""
    merged = {each["id"]: each for each in left}
    for n, each in enumerate(right, len(left) + 1):
        merged[str(each.get("id") or f"m{n}")] = {**each, "id": str(each.get("id") or f"m{n}")}
    return list(merged.values())[-MOST_MESSAGES:]


class Asked(TypedDict):
    """What the newest message means in its thread."""

    text: str  # tokenised
    person: str
    groups: list[str]
    at: str  # when it was asked, ISO 8601; "now" of everything it looks up
    cases: dict[str, str]  # as mentioned -> case id, or as it was said when it is nobody's
    before: str  # case spoken of before
    wish: dict[str, Any] | None  # what it asks to have done


class Ruled(TypedDict):
    """What the book concluded on a message or an answer."""

    outcome: str
    reason: str | None
    rows: list[str]


class ChatInput(TypedDict):
    """A thread, and what was said in it; a runner names the turn, whose person stands in its row."""

    case_id: str
    messages: NotRequired[Annotated[list[Message], recent]]
    turn: NotRequired[int]


class ChatState(ChatInput, total=False):
    """Everything a thread keeps between messages."""

    asked: Asked
    spoken_of: str  # the case that the thread is about
    ruled: Ruled
    answer: dict[str, Any]  # ChatAnswer
