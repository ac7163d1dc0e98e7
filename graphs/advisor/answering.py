"""Steps that answer: look it up, turn it away, and release what passes the book's table a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from langgraph.errors import NodeError
from langgraph.types import Command

from agents.advisor.advisor import JOB, PROMPT, TOOLS, Asking, answer
from agents.advisor.certified import Spoken
from agents.advisor.reading import Message as Said
from agents.advisor.reading import read_message
from agents.prompt import read_prompt
from audit.events import LeadOffered, QuestionAnswered, QuestionRefused
from audit.model_level import AnswerWithheld
from checkpoints.cases import Cases
from checkpoints.database import Connection
from checkpoints.leaving import Verdicts, passed
from domain.assignment import Assignment
from domain.canonical import digest
from domain.case import CaseStatus
from domain.chat import ChatAnswer, Lead, Segment
from domain.errors import NotFound
from domain.finding import Fact
from domain.person import Person
from graphs.advisor.hearing import HUMAN, turn_of
from graphs.advisor.holding import HOLDS, Held, hold, is_held, leaving, refused, verdicts_over
from graphs.advisor.ruling import refusal, ruled
from graphs.advisor.scope import PersonScope
from graphs.advisor.state import ChatState, Ruled
from graphs.autonomy import unheard
from graphs.failure import pass_on
from graphs.lease import lease_for
from graphs.mandates import for_advisor
from graphs.services import services
from graphs.sessions import open_session
from graphs.worker import book_of
from policies.book import InForce
from tools.scope import reference

RATES = ("rate_base", "rate_adjustments", "rate_traits")  # rows of the home-loan book that a quote looks at
BEFORE = 6  # messages of the conversation that a model is told
SHORT = 400  # characters of each
WORDINGS = ("denial", "filing", "advice")
FAMILIES = {  # rules of one guardrail, by what stands before the first underscore
    "identity": "identity",
    "vault": "identity",
    "basis": "basis",
    "tone": "tone",
    "filing": "filing",
    "sealed": "filing",
}


async def look_up(state: ChatState) -> dict[str, Any]:
    """Answers through both gateways, within the person's scope; the journal makes a re-run free."""
    asked, case_id = state["asked"], state["case_id"]
    book = await book_of(case_id)
    said = read_message(asked["text"])
    given = await _assignment(state, book, said)
    opened = await open_session(given, JOB)
    named = tuple(
        dict.fromkeys(each for each in (*asked["cases"].values(), state.get("spoken_of", "")) if each)
    )
    scope = PersonScope(services(), Person(asked["person"], groups=frozenset(asked["groups"])), named)
    asking = Asking(
        session=opened.session,
        context=replace(opened.context, scope=scope),
        blocked=opened.blocked | await _values(scope, named),
        spoken=Spoken(said, asked["cases"], asked["before"]),
        text=asked["text"],
        before=_before(state),
        match_bps=int(str(book.parameters["match_bps"])),
    )
    found = await _heard(book, asking)
    return {"answer": found.model_copy(update={"leads": _forks(found)}).model_dump(mode="json")}


async def _heard(book: InForce, asking: Asking) -> ChatAnswer:
    """The model's answer where its level and its golden set let it speak; otherwise the certified questions'."""
    crew, session = services().crew, asking.session
    without = crew.unmodelled()
    if because := await unheard(book, JOB):
        await session.record("unheard", AnswerWithheld(because=because))
        return await answer(without, asking)
    found = await answer(crew, asking)
    models = session.answered_by.get(read_prompt(PROMPT).digest, ())
    if found.produced_by == "model" and (because := await unheard(book, JOB, models)):
        await session.record("unheard", AnswerWithheld(because=because))
        session.spent.tool_calls = 0  # what the model used is not taken from the certified questions
        return await answer(without, asking)
    return found


async def turn_away(state: ChatState) -> dict[str, Any]:
    """Refuses in the book's words. May run again."""
    book = await book_of(state["case_id"])
    return {"answer": refusal(book, state["ruled"]["reason"] or "evasion").model_dump(mode="json")}


async def release(state: ChatState) -> dict[str, Any]:
    """Lets the output gate and the book judge the answer and writes it to its turn with its events. May run again.

    Regulated advice is held: the turn says so, and a request waits for somebody licensed for it.
    """
    book, turn = await book_of(state["case_id"]), await turn_of(state)
    state = {**state, "turn": turn.n}
    drafted, here = ChatAnswer.model_validate(state["answer"]), services()
    case = await here.cases.get(turn.thread)
    async with here.database.transaction(await lease_for(turn.thread)) as connection:
        said = await verdicts_over(connection, book, turn, drafted)
        judged = _judged(book, drafted, said)
        final = drafted if judged["outcome"] == "approve" else refusal(book, judged["reason"] or "untraced")
        if judged["outcome"] == "approve" and is_held(said):
            final = await hold(connection, book, turn, Held(case, drafted, said["licensed_advice"]))
        if final is not drafted:
            said = await verdicts_over(connection, book, turn, final)
        released = passed(leaving(turn, final), said)
        await _recorded(connection, state, final, judged)
        if here.mode != "sandbox":
            await here.chats.answer(connection, turn, released)
        await Cases.set_status(connection, turn.thread, CaseStatus.WAITING_EVENT)
    message = {"type": "ai", "id": f"t{turn.n}.a", "content": final.text, "answer": _shown(final)}
    return {"messages": [message], "answer": final.model_dump(mode="json")}


async def answer_failure(state: ChatState, error: NodeError) -> Command[Literal["release"]]:
    """A step that fails for good says so in the thread; what must never be treated as a failure is passed on."""
    await pass_on(state["case_id"], error)
    words = "This could not be answered: a step failed. It is on record; ask again, or read the case itself."
    failed = ChatAnswer(segments=(Segment(text=words),), refused="failed", produced_by="none")
    return Command(goto="release", update={"answer": failed.model_dump(mode="json")})


async def _assignment(state: ChatState, book: InForce, said: Said) -> Assignment:
    asked = state["asked"]
    at = datetime.fromisoformat(asked["at"])
    inputs: dict[str, Fact] = {"spoken_of": reference(state["spoken_of"])} if state.get("spoken_of") else {}
    for each in said.figures:
        inputs |= {each.reference: each.value, f"{each.reference}:unit": each.unit}
    return Assignment(
        id=f"t{state['turn']}",
        case_id=state["case_id"],
        worker="advisor",
        specialists=(JOB,),
        objective="Answer a question",
        inputs=inputs,
        parties=(),
        boundaries=("read only", "within the scope of whoever asks"),
        expected=(),
        as_of=at,
        deadline=at + timedelta(minutes=book.rules.mandate(JOB).deadline_minutes),
        mandate=for_advisor(book, TOOLS, await _sheet(at)),
    )


async def _sheet(at: datetime) -> dict[str, Any]:
    """The rows of the rate sheet in force on the day of the question, and the version that they are from."""
    try:
        lending = (await services().books.current("home_loan")).on(at.date())
    except NotFound:
        return {}
    rows = {name: lending.parameters[name] for name in RATES if name in lending.parameters}
    return rows | {"rate_book": lending.version}


async def _values(scope: PersonScope, named: tuple[str, ...]) -> frozenset[str]:
    """Vault values of the cases at hand, which no prompt may hold."""
    seen = [each for each in named if await scope.services.cases.visible(scope.person, each) is not None]
    found = await scope.services.vault.values_of(seen)
    return frozenset(value for values in found.values() for value in values)


def _before(state: ChatState) -> tuple[str, ...]:
    """The conversation so far as a model reads it; what was refused once is read by no model later either."""
    turns = pairwise(state.get("messages", [])[:-1])
    heard = [each for asked, said in turns if _was_heard(asked, said) for each in (asked, said)]
    return tuple(f"{each.get('type')}: {str(each.get('content'))[:SHORT]}" for each in heard[-BEFORE:])


def _was_heard(asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether one message is a person's and the other its answer, given or held for somebody licensed."""
    answer = said.get("answer") or {"refused": "unanswered"}
    typed = asked.get("type", asked.get("role")) in HUMAN
    return typed and said.get("type") == "ai" and answer.get("refused") in (None, HOLDS)


def _forks(found: ChatAnswer) -> tuple[Lead, ...]:
    """A what-if over one figure leads to a copy of the case, in which everything is decided anew."""
    cases = dict.fromkeys(each.case for each in found.citations if each.case)
    if "what_if" not in found.tools:
        return ()
    return tuple(
        Lead(
            kind="fork",
            what=f"simulate the whole decision in a copy of case {case}",
            case=case,
            link=f"/v1/cases/{case}/forks",
            command=f"countersign history {case}",
        )
        for case in cases
    )


def _judged(book: InForce, drafted: ChatAnswer, said: Verdicts) -> Ruled:
    """What the book concludes from what the gate said; what is held is no refusal, nor is what words it."""
    if drafted.refused is not None:
        return Ruled(outcome="approve", reason=None, rows=[])
    met = refused(said)
    known: dict[str, Fact] = {
        "asker_listed": True,
        "questions_today": 0,
        "asked_for": "answer",
        "answer_traced": drafted.traced,
        "answer_wording": _wording(met[0]) if met else "clean",
    }
    return ruled(book, known)


def _wording(rule: str) -> str:
    family = FAMILIES.get(rule.partition("_")[0], "unclear")
    return rule if rule in WORDINGS else family


async def _recorded(connection: Connection, state: ChatState, final: ChatAnswer, judged: Ruled) -> None:
    n, thread, ledger = state["turn"], state["case_id"], services().ledger
    rows = tuple(judged["rows"] or state.get("ruled", Ruled(outcome="", reason=None, rows=[]))["rows"])
    for lead in final.leads:
        offered = LeadOffered(turn=n, lead=lead.kind, what=lead.what, case=lead.case)
        await ledger.append(connection, thread, f"turn/{n}/{lead.kind}/{lead.case}", offered)
    if final.refused is not None:
        event = QuestionRefused(turn=n, reason=final.refused, rows_hit=rows)
        await ledger.append(connection, thread, f"turn/{n}", event)
        return
    answered = QuestionAnswered(
        turn=n,
        answer_digest=digest(final.model_dump(mode="json")),
        produced_by=final.produced_by,
        degraded=final.degraded,
        tools=final.tools,
        citations=tuple(each.ref for each in final.citations),
        rows_hit=rows,
    )
    await ledger.append(connection, thread, f"turn/{n}", answered)


def _shown(final: ChatAnswer) -> dict[str, Any]:
    """What a front may draw beside the text."""
    shown: dict[str, Any] = final.model_dump(
        mode="json", include={"citations", "leads", "refused", "produced_by"}
    )
    return shown
