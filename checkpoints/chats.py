"""Chat turns as rows: what was said and what was answered, tokenised and sealed with the thread's case key.

One message at a time: while one waits for its answer, no other is taken. Never sees an identity.
"""

from __future__ import annotations

from datetime import datetime

from psycopg.rows import DictRow

from checkpoints.database import Connection, Database
from checkpoints.keys import Cipher
from checkpoints.leaving import Released
from checkpoints.queries import load
from checkpoints.vault import Vault
from domain.chat import ChatAnswer, Turn
from domain.clock import Clock
from domain.errors import Conflict
from domain.person import Person

SQL = load("chats")


class Chats:
    """Reads and writes ``countersign.chat_turns``."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def say(
        self, connection: Connection, thread: str, person: Person, message: str, key: str
    ) -> tuple[int, bool]:
        """Keep a tokenised message; its number, and whether it is new (``False``: it came under this key before).

        Raises:
            Conflict: the message before waits for its answer, or the key was used for another message.
        """
        await connection.execute(SQL["lock"], (thread,))
        cipher = await self._vault.cipher_in(connection, thread)
        known = await (await connection.execute(SQL["by_key"], (thread, key))).fetchone()
        if known is not None:
            if _opened(known, cipher).message != message:
                raise Conflict("the key was used for another message", remedy="send a new key")
            return int(known["n"]), False
        last = await (await connection.execute(SQL["last"], (thread,))).fetchone()
        if last is not None and not last["answered"]:
            raise Conflict(
                "the message before is still being answered", remedy="read the thread, then ask again"
            )
        n = last["n"] + 1 if last else 1
        sealed = cipher.encrypt(message.encode(), _place(thread, n, "message"))
        row = (thread, n, person.id, sorted(person.groups), key, sealed, self._clock.now())
        await connection.execute(SQL["insert"], row)
        return n, True

    async def unanswered(self, thread: str) -> Turn | None:
        """The turn that waits for an answer, if any."""
        return await self._turn(await self._database.row(SQL["unanswered"], thread))

    async def turn(self, thread: str, n: int) -> Turn | None:
        """One turn."""
        return await self._turn(await self._database.row(SQL["turn"], thread, n))

    async def of_thread(self, thread: str, limit: int = 100) -> list[Turn]:
        """The newest turns of a thread, oldest first."""
        rows = await self._database.rows(SQL["of_thread"], thread, limit)
        cipher = await self._vault.cipher(thread)
        return [_opened(row, cipher) for row in reversed(rows)]

    async def answer(self, connection: Connection, turn: Turn, released: Released) -> None:
        """Write an answer as it passed the output gate, in the caller's fenced transaction; once."""
        await self._write(connection, turn, released, "answer")

    async def answer_instead(self, connection: Connection, turn: Turn, released: Released) -> None:
        """The same in the place of one that said that it is held."""
        await self._write(connection, turn, released, "instead")

    async def _write(self, connection: Connection, turn: Turn, released: Released, query: str) -> None:
        answer = ChatAnswer.model_validate_json(released.text)
        cipher = await self._vault.cipher_in(connection, turn.thread)
        sealed = cipher.encrypt(answer.model_dump_json().encode(), _place(turn.thread, turn.n, "answer"))
        await connection.execute(SQL[query], (sealed, self._clock.now(), turn.thread, turn.n))

    async def since(self, person: str, start: datetime, until: datetime) -> int:
        """How many messages a person sent in a span, both ends included."""
        row = await self._database.row(SQL["since"], person, start, until)
        return int(row["turns"]) if row else 0

    async def _turn(self, row: DictRow | None) -> Turn | None:
        return None if row is None else _opened(row, await self._vault.cipher(row["case_id"]))


def _opened(row: DictRow, cipher: Cipher) -> Turn:
    thread, n = row["case_id"], row["n"]
    answer = row["answer"]
    return Turn(
        thread=thread,
        n=n,
        message=cipher.decrypt(row["message"], _place(thread, n, "message")).decode(),
        person=row["person"],
        groups=tuple(row["groups"]),
        asked_at=row["asked_at"],
        answer=None
        if answer is None
        else ChatAnswer.model_validate_json(cipher.decrypt(answer, _place(thread, n, "answer"))),
    )


def _place(thread: str, n: int, what: str) -> str:
    return f"{thread}:turn/{n}/{what}"
