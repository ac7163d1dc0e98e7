"""Takes a chat message in: the thread as a case, identity into its vault, the job that answers it. All or nothing.

A thread belongs to the person who opened it; for everybody else it does not exist. Nothing is answered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from api.reasons import about_nobody
from api.tokenising import find, replaced
from audit.events import CaseOpened, QuestionAsked
from checkpoints.cases import Cases
from checkpoints.database import Connection
from domain.canonical import digest
from domain.case import Case, CaseStatus
from domain.chat import CHAT
from domain.errors import BadInput, NotFound
from domain.person import Person
from graphs.services import Services

MOST_CHARACTERS = 4000  # of one message


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said, in which thread (none: a new one), and the key under which it may be sent again."""

    message: str
    thread: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Where a message was put: its thread, its turn, and the last event of the ledger before it."""

    thread: str
    turn: int
    after: int


async def say(services: Services, person: Person, saying: Saying) -> Said:
    """Keep a message, tokenised, and ask for its answer; the same key again gives the same turn.

    Raises:
        BadInput: there is no message, it is too long, or the key identifies somebody.
        NotFound: no such thread, or not this person's.
        Conflict: the message before is still being answered.
    """
    text = saying.message.replace("\0", "").strip()
    if not text or len(text) > MOST_CHARACTERS:
        remedy = f"send 1 to {MOST_CHARACTERS} characters"
        raise BadInput("there is no message, or it is too long", field="message", remedy=remedy)
    key = await about_nobody(services, saying.key or uuid4().hex, "idempotency_key")
    found = await find(services, person, text)
    thread = saying.thread or f"{CHAT}-{digest([person.id, key])[:12]}"
    if saying.thread is not None:
        await own_thread(services, person, thread)
    async with services.database.transaction() as connection:
        if saying.thread is None:
            await _open(services, connection, person, thread)
        tokenised = await replaced(services, connection, thread, text, found)
        turn, new = await services.chats.say(connection, thread, person, tokenised, key)
        if new:
            event = QuestionAsked(turn=turn, question_digest=digest(tokenised))
            await services.ledger.append(connection, thread, f"turn/{turn}", event, person.id)
            await Cases.set_status(connection, thread, CaseStatus.OPEN)
            await services.jobs.defer_advance(connection, thread)
    return Said(thread, turn, await _before(services, thread, turn))


async def open_thread(services: Services, person: Person, key: str | None = None) -> Case:
    """A new thread in which nothing was said yet; the same key again gives the same one."""
    thread = f"{CHAT}-{digest([person.id, key or uuid4().hex])[:12]}"
    async with services.database.transaction() as connection:
        await _open(services, connection, person, thread)
    return await services.cases.get(thread)


async def listed(services: Services) -> tuple[str, ...]:
    """The groups that the book lets use the chat."""
    rows = (await services.books.current(CHAT)).on(services.clock.now().date()).parameters["may_ask"]
    return tuple(str(row["group"]) for row in rows) if isinstance(rows, list) else ()


async def own_thread(services: Services, person: Person, thread: str) -> Case:
    """A thread of this person; ``NotFound`` for every other."""
    case = await services.cases.get(thread)
    if case.kind != CHAT or case.maker != person.id:
        raise NotFound(f"no case {thread}")
    return case


async def _open(services: Services, connection: Connection, person: Person, thread: str) -> None:
    """Open the thread's case, once: sending the first message again finds it there."""
    await connection.execute("select pg_advisory_xact_lock(hashtext(%s))", (thread,))
    if await services.cases.exists(connection, thread):
        return
    now, book = services.clock.now(), await services.books.current(CHAT)
    application = {"kind": CHAT, "product": "chat", "application_date": now.date().isoformat()}
    case = Case(
        id=thread,
        kind=CHAT,
        status=CaseStatus.WAITING_EVENT,
        policy_version=book.version,
        workflow=services.workflows.newest(CHAT).id,
        application_date=now.date(),
        opened_at=now,
        maker=person.id,
        product="chat",
        content_digest=digest(application),
    )
    await services.vault.open_case(connection, thread)
    await services.cases.insert(connection, case, application)
    event = CaseOpened(
        case_kind=CHAT,
        policy_version=case.policy_version,
        workflow=case.workflow,
        application_date=case.application_date.isoformat(),
        content_digest=case.content_digest,
    )
    await services.ledger.append(connection, thread, "intake", event, person.id)


async def _before(services: Services, thread: str, turn: int) -> int:
    """The last event before this turn, so that a front can tell what happens from there."""
    entries = await services.ledger.entries(thread)
    mine = [entry.seq for entry in entries if entry.key.startswith(f"turn/{turn}/")]
    return min(mine) - 1 if mine else len(entries)
