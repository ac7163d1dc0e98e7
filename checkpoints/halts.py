"""The kill switch: asked before every gateway call, every effect and every advance, in every process.

A case-wide target (everything, a kind, a case) makes the case stand still where it is: nothing is lost, and it
goes on when resumed. A halted tool, model, specialist or effect is refused; the case goes round it. Who may halt and
resume is a matter of ``policies/authority.cedar``; resuming takes another person than halting.
"""

from __future__ import annotations

from psycopg.rows import DictRow

from audit.failures import Halting, Resuming
from checkpoints.answers import require_reason
from checkpoints.database import Connection, Database
from checkpoints.jobs import Jobs
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.clock import Clock
from domain.errors import Conflict, Forbidden, Halted, NotFound, Unavailable
from domain.person import Person
from policies.authority import Authority, KillSwitch, Switch
from policies.authority import Person as Principal

SQL = load("halts")
EVERYTHING, KIND, CASE = "everything", "kind:", "case:"


class Halts:
    """Halts and resumes, with authority, a reason and an event in the ``ops`` stream."""

    def __init__(
        self, database: Database, ledger: Ledger, jobs: Jobs, authority: Authority, clock: Clock
    ) -> None:
        self._database = database
        self._authority = authority
        self._ledger = ledger
        self._jobs = jobs
        self._clock = clock

    async def halt(self, person: Person, target: str, reason: str) -> None:
        """Stop a target.

        Raises:
            Forbidden: this person does not hold the kill switch.
            Conflict: it is halted already.
        """
        require_reason(reason)
        self.require(person, Switch.HALT, target)
        async with self._database.transaction() as connection:
            if not await halt(connection, target, person.id, reason, self._clock):
                raise Conflict(f"{target} is halted already")
            await self._tell(connection, target, Halting(target=target, reason=reason), person)

    async def resume(self, person: Person, target: str, reason: str) -> None:
        """Let it go on and wake what stood still; never by the person who halted it.

        Raises:
            NotFound: it is not halted.
            Forbidden: this person does not hold the kill switch, or halted it.
        """
        require_reason(reason)
        self.require(person, Switch.RESUME, target)
        async with self._database.transaction() as connection:
            row = await (await connection.execute(SQL["one"], (target,))).fetchone()
            if row is None:
                raise NotFound(f"{target} is not halted")
            self.require(person, Switch.RESUME, target, halted_by=row["by"])
            await resume(connection, target)
            await self._tell(connection, target, Resuming(target=target, reason=reason), person)
            for case in await (await connection.execute(SQL["standing_still"], _cases(target))).fetchall():
                await self._jobs.defer_advance(connection, case["id"])

    def require(self, person: Person, action: Switch, target: str, *, halted_by: str = "") -> None:
        """Pass if this person may; ``Forbidden`` says why not."""
        principal = Principal(person.id, person.groups)
        ruling = self._authority.may(principal, action, KillSwitch(target, halted_by))
        if not ruling.allowed:
            raise Forbidden(
                f"you may not {action.replace('_', ' ')} {target}: {ruling.reason}", target=target
            )

    async def of_case(self, case_id: str) -> DictRow | None:
        """The halt that makes a case stand still, if one does."""
        rows = await self._database.rows(SQL["of_call"], [EVERYTHING, f"{CASE}{case_id}"], case_id)
        return rows[0] if rows else None

    async def all(self) -> list[DictRow]:
        """What is halted, by whom, since when and why."""
        return await self._database.rows(SQL["all"])

    async def _tell(
        self, connection: Connection, target: str, event: Halting | Resuming, person: Person
    ) -> None:
        key = f"{target}/{self._clock.now().isoformat()}"
        await self._ledger.append(connection, OPS, key, event, person.id)


async def halt(connection: Connection, target: str, by: str, reason: str, clock: Clock) -> bool:
    """Stop a target; ``False`` when it was halted before."""
    return bool((await connection.execute(SQL["halt"], (target, by, reason, clock.now()))).rowcount)


async def resume(connection: Connection, target: str) -> None:
    """Let it go on."""
    await connection.execute(SQL["resume"], (target,))


async def require_running(database: Database, case_id: str, name: str = "") -> None:
    """Pass unless the case stands still (``Halted``) or what is called ``name`` is halted (``Unavailable``)."""
    rows = await database.rows(SQL["of_call"], [EVERYTHING, f"{CASE}{case_id}", name], case_id)
    for row in sorted(rows, key=lambda each: each["target"] == name):
        why = f"{row['target']} is halted: {row['reason']}"
        raise Unavailable(why, control="halt") if row["target"] == name else Halted(why, target=row["target"])


def _cases(target: str) -> dict[str, object]:
    kind, case = target.removeprefix(KIND), target.removeprefix(CASE)
    return {"all": target == EVERYTHING, "kind": kind, "case": case}
