"""Steps before an answer: hear what was said, and let the book say whether it may be answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from agents.advisor.reading import read_message
from agents.advisor.wishes import read_wish
from audit.events import Event, GuardrailRuled, QuestionAsked
from domain.canonical import digest
from domain.chat import Turn
from domain.clock import parse_time
from domain.errors import Conflict
from domain.finding import Fact
from domain.guard import FAILED, Passage, Ruling, verdict_of
from domain.person import Person
from graphs.advisor.ruling import ruled
from graphs.advisor.scope import PersonScope
from graphs.advisor.state import Asked, ChatState
from graphs.recording import record, record_all
from graphs.services import services
from graphs.worker import book_of

HUMAN = ("human", "user")  # as front ends name who types
SANDBOX_GROUPS = ("advisors",)  # whoever plays in the sandbox asks as the thread's maker, an advisor


async def hear(state: ChatState) -> dict[str, Any]:
    """Reads the newest message in its thread; records that it was asked, by digest. May run again."""
    turn = await turn_of(state)
    message = read_message(turn.message)
    person = Person(turn.person, groups=frozenset(turn.groups))
    scope = PersonScope(services(), person)
    cases = {each: await scope.resolved(each) for each in message.mentions}
    wish = read_wish(message)
    asked = Asked(
        text=turn.message,
        person=turn.person,
        groups=list(turn.groups),
        at=turn.asked_at.isoformat(),
        cases=cases,
        before=state.get("spoken_of", ""),
        wish=wish.model_dump() if wish else None,
    )
    event = QuestionAsked(turn=turn.n, question_digest=digest(turn.message))
    await record(turn.thread, f"turn/{turn.n}", event)
    spoken_of = await _about(scope, tuple(cases.values())) or state.get("spoken_of", "")
    return {"turn": turn.n, "asked": asked, "spoken_of": spoken_of, "answer": {}}


async def admit(state: ChatState) -> dict[str, Any]:
    """Runs the input guardrails in the book's order and evaluates its table; records each ruling. May run again."""
    asked = state["asked"]
    book = await book_of(state["case_id"])
    known: dict[str, Fact] = {
        "asker_listed": bool(set(asked["groups"]) & _listed(book.parameters.get("may_ask"))),
        "questions_today": await _today(asked),
        "asked_for": "answer",
        "answer_traced": True,
        "answer_wording": "clean",
    }
    for met in await guarded(state, book.rules.guardrails.get("input", ()), asked["text"]):
        if met is not None and known["asked_for"] == "answer":
            known["asked_for"] = "unclear" if met == FAILED else met
    return {"ruled": ruled(book, known)}


def route_after_admit(state: ChatState) -> Literal["turn_away", "offer_lead", "look_up"]:
    """Refused, asked to do something, or a question."""
    if state["ruled"]["outcome"] != "approve":
        return "turn_away"
    return "offer_lead" if state["asked"]["wish"] else "look_up"


async def turn_of(state: ChatState) -> Turn:
    """The turn at hand: its row; in the sandbox, where anybody plays, the newest message of the state."""
    case_id, here = state["case_id"], services()
    if here.mode != "sandbox":
        found = await here.chats.turn(case_id, state.get("turn", 0))
        if found is None:
            raise Conflict("nothing was said in this thread")
        return found
    said = [
        each for each in state.get("messages", ()) if each.get("type", each.get("role")) in ("human", "user")
    ]
    case = await here.cases.get(case_id)
    return Turn(
        thread=case_id,
        n=max(len(said), 1),
        message=as_text(said[-1].get("content")) if said else "",
        person=case.maker,
        groups=SANDBOX_GROUPS,
        asked_at=here.clock.now(),
    )


async def guarded(state: ChatState, names: Iterable[str], text: str) -> list[str | None]:
    """The rule of each guardrail that refuses a text, or nothing; one that fails has refused. All on record at once.

    A message of which something would be taken away is refused as a whole, under the guardrail's name.
    """
    passage, told, met = Passage(state["case_id"], text, {}), list[tuple[str, Event]](), list[str | None]()
    for name in names:
        guardrail = services().guardrails[name]
        verdict = await verdict_of(guardrail, passage)
        told.append((f"turn/{state['turn']}/{name}", GuardrailRuled.of(guardrail, verdict)))
        refused = name if verdict.ruling is Ruling.REDACT else verdict.rule
        met.append(None if verdict.ruling is Ruling.PASS else refused)
    await record_all(state["case_id"], told)
    return met


def as_text(content: Any) -> str:
    """The text of a message's content, plain or in blocks."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "\n".join(str(each["text"]) for each in blocks if isinstance(each, dict) and "text" in each)


async def _about(scope: PersonScope, cases: tuple[str, ...]) -> str:
    """The first case of the message that is in reach: what the thread is about from here on."""
    for each in cases:
        if await scope.services.cases.visible(scope.person, each) is not None:
            return each
    return ""


def _listed(rows: Any) -> set[str]:
    return {str(row["group"]) for row in rows} if isinstance(rows, list) else set()


async def _today(asked: Asked) -> int:
    """How many messages this person sent today, this one included."""
    at = parse_time(asked["at"])
    start = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return await services().chats.since(asked["person"], start, at)
