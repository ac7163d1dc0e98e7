"""The journal: every request and response of the model and tool gateways, encrypted with the case key.

Written before a result is used, so a runner that dies repeats nothing that was answered. Replay
and time travel read it; a fork reads through to its parent's. It never decides anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from checkpoints.database import Connection, Database
from checkpoints.keys import Cipher
from checkpoints.queries import load
from checkpoints.vault import Vault
from domain.canonical import canonical, digest
from domain.clock import Clock

SQL = load("journal")
Gateway = Literal["model", "tool"]


@dataclass(frozen=True, slots=True)
class CallKey:
    """Which call: ``n`` counts equal requests within one attempt of one assignment."""

    assignment: str
    attempt: int
    digest: str
    n: int

    @property
    def entry(self) -> str:
        """The reference that figures carry: ``r2.mortgage.pricing_analyst/1/9f86d081884c7d65/0``."""
        return f"{self.assignment}/{self.attempt}/{self.digest[:16]}/{self.n}"


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked through which gateway."""

    gateway: Gateway
    target: str
    request: Any


class Journal:
    """The journal of one case, opened for one run of it."""

    def __init__(self, database: Database, clock: Clock, sources: tuple[tuple[str, Cipher], ...]) -> None:
        """``sources``: this case first, then its ancestors, each with its cipher (see ``open_journal``)."""
        self._database = database
        self._clock = clock
        self._sources = sources

    async def recall(self, key: CallKey) -> Any | None:
        """The answer that is on record here or in an ancestor, or nothing."""
        for case_id, cipher in self._sources:
            row = await self._database.row(
                SQL["recall"], case_id, key.assignment, key.attempt, key.digest, key.n
            )
            if row is not None and row["response"] is not None:
                return json.loads(cipher.decrypt(row["response"], _place(case_id, key)))
        return None

    async def ask(self, connection: Connection, key: CallKey, call: Call) -> None:
        """Write the request; nothing was sent yet.

        The commit does not wait for the disk. Every runner sees the request at once; when the database itself
        dies, the last fraction of a second of requests without an answer is lost and they are asked again. An
        answer waits for the disk, and with it everything written before.
        """
        case_id, cipher = self._sources[0]
        sealed = cipher.encrypt(canonical(call.request), _place(case_id, key))
        values = (key.assignment, key.attempt, key.digest, key.n, call.gateway, call.target)
        await connection.execute(SQL["without_waiting"])
        await connection.execute(SQL["ask"], (case_id, *values, sealed, self._clock.now()))

    async def answer(self, connection: Connection, key: CallKey, response: Any) -> None:
        """Write the response; it may be used once this transaction is committed."""
        case_id, cipher = self._sources[0]
        sealed = cipher.encrypt(canonical(response), _place(case_id, key))
        values = (key.assignment, key.attempt, key.digest, key.n)
        await connection.execute(SQL["answer"], (sealed, self._clock.now(), case_id, *values))


async def open_journal(database: Database, vault: Vault, clock: Clock, cases: tuple[str, ...]) -> Journal:
    """The journal of ``cases[0]``; its ancestors follow, nearest first, and are read through to."""
    sources = [(case_id, await vault.cipher(case_id)) for case_id in cases]
    return Journal(database, clock, tuple(sources))


async def read_calls(database: Database, vault: Vault, case_id: str) -> list[dict[str, Any]]:
    """Every call of a case in plain form, for the evidence behind a decision."""
    cipher = await vault.cipher(case_id)
    calls = []
    for row in await database.rows(SQL["calls"], case_id):
        key = CallKey(row["assignment"], row["attempt"], row["digest"], row["n"])
        bodies = {
            name: json.loads(cipher.decrypt(row[name], _place(case_id, key))) if row[name] else None
            for name in ("request", "response")
        }
        named = {"key": key, "entry": key.entry, "gateway": row["gateway"], "target": row["target"]}
        calls.append(named | bodies)
    return calls


async def count_calls(database: Database, case_id: str, gateway: Gateway) -> int:
    """How many calls a case made through one gateway."""
    row = await database.row(SQL["count"], case_id, gateway)
    return int(row["calls"]) if row else 0


class CallCounter:
    """Gives each call of one assignment its key; equal requests are counted apart."""

    def __init__(self, assignment: str, attempt: int) -> None:
        self._assignment = assignment
        self._attempt = attempt
        self._seen: dict[str, int] = {}

    def key(self, request: Any) -> CallKey:
        """The key of the next call with this request."""
        of = digest(request)
        n = self._seen.get(of, 0)
        self._seen[of] = n + 1
        return CallKey(self._assignment, self._attempt, of, n)

    def give_back(self, key: CallKey) -> None:
        """The call of this key, the newest with its request, was not made: the next one gets the key."""
        self._seen[key.digest] = key.n


def _place(case_id: str, key: CallKey) -> str:
    return f"{case_id}:{key.entry}"
