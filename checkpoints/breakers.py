"""Circuit breakers shared by all runners, by compare-and-set: an open one lets exactly one probe through."""

from __future__ import annotations

from datetime import timedelta

from audit.failures import BreakerClosed, BreakerProbed, BreakerTripped
from checkpoints.database import Connection, Database
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.clock import Clock
from domain.errors import Unavailable

SQL = load("breakers")


class Breakers:
    """Opens after ``threshold`` failures in a row, probes after ``pause``."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        clock: Clock,
        threshold: int = 5,
        pause: timedelta = timedelta(seconds=30),
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._threshold = threshold
        self._pause = pause

    async def enter(self, name: str, lasts: float = 0) -> None:
        """Ask before a call that may last so many seconds; ``Unavailable`` while it is open.

        A probe of which nothing was heard counts as given up once it cannot be under way any more.
        """
        state = await self._database.row(SQL["state"], name)
        if state is not None and not state["open"]:
            return  # no write: the row is shared by every runner
        now = self._clock.now()
        given_up = now - max(self._pause, timedelta(seconds=lasts))
        values = {"name": name, "now": now, "since": now - self._pause, "given_up": given_up}
        async with self._database.transaction() as connection:
            await connection.execute(SQL["ensure"], (name,))
            let_in = await (await connection.execute(SQL["enter"], values)).fetchone()
            if let_in is None:
                raise Unavailable(f"{name} failed too often and is left alone for now", control="breaker")
            if let_in["opened_at"] is not None:
                await self._tell(connection, name, BreakerProbed(breaker=name))

    async def failed(self, name: str) -> None:
        """Say that the call failed."""
        values = {"name": name, "now": self._clock.now(), "threshold": self._threshold}
        async with self._database.transaction() as connection:
            row = await (await connection.execute(SQL["fail"], values)).fetchone()
            if row is not None and (row["opened"] or row["probed"]):
                await self._tell(connection, name, BreakerTripped(breaker=name, failures=row["failures"]))

    async def succeeded(self, name: str) -> None:
        """Say that it worked."""
        state = await self._database.row(SQL["state"], name)
        if state is not None and not state["open"] and not state["failures"]:
            return
        async with self._database.transaction() as connection:
            row = await (await connection.execute(SQL["succeed"], (name,))).fetchone()
            if row is not None and row["open"]:
                await self._tell(connection, name, BreakerClosed(breaker=name))

    async def states(self) -> dict[str, bool]:
        """Which are open."""
        return {row["name"]: row["open"] for row in await self._database.rows(SQL["states"])}

    async def _tell(
        self, connection: Connection, name: str, event: BreakerTripped | BreakerProbed | BreakerClosed
    ) -> None:
        """A transition: opened (also by a failed probe), half open, closed."""
        await self._ledger.append(connection, OPS, f"{name}/{self._clock.now().isoformat()}", event)
