"""Legal holds, and the destruction of a case's key: the only way in which anything of a case is ever erased.

Owns the refusals that hold in the transaction itself: a legal hold, a runner at work, one person alone, a case that
went on since it was weighed. What may be erased when is the book's matter; who weighs that is ``graphs/retaining``.
Chains, stamps and exports hold digests of what is encrypted: all of them verify afterwards as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from psycopg.rows import DictRow

from audit.retention import CaseErased, ErasureAsked, LegalHoldLifted, LegalHoldPlaced, RelationshipEnded
from checkpoints.answers import require_reason
from checkpoints.database import Connection, Database
from checkpoints.ledger import OPS, Ledger
from checkpoints.ledger import SQL as LEDGER
from checkpoints.queries import load
from domain.clock import Clock
from domain.errors import BadInput, Conflict, Forbidden, NotFound
from domain.person import Person
from policies.authority import Authority, Keeping
from policies.authority import Person as Principal

SQL = load("retention")
CASE = "case:"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found about a case before it is erased.

    Args:
        case_id: which.
        events: how many its record had then.
        erasable_from: the first day on which no duty keeps it.
        duties: ``class:row``, each that was weighed.
    """

    case_id: str
    events: int
    erasable_from: date
    duties: tuple[str, ...]


class Retention:
    """Holds, and erases with two people; every act is on record."""

    def __init__(self, database: Database, ledger: Ledger, authority: Authority, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._authority = authority
        self._clock = clock

    def require(self, person: Person, action: Keeping, what: str, *, by: str = "") -> None:
        """Pass if this person may; ``Forbidden`` says why not. ``by``: who placed the hold or asked."""
        ruling = self._authority.may_keep(Principal(person.id, person.groups), action, by)
        if not ruling.allowed:
            raise Forbidden(f"you may not {action.replace('_', ' ')} {what}: {ruling.reason}")

    async def hold(self, person: Person, target: str, matter: str, reason: str) -> None:
        """Let nothing of a target be erased, for the sake of a matter.

        Raises:
            Forbidden: this person may not.
            Conflict: the matter holds it already.
        """
        require_reason(reason)
        self.require(person, Keeping.HOLD, target)
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await connection.execute(SQL["one_at_a_time"])
            values = (target, matter, person.id, reason, now)
            if not (await connection.execute(SQL["place"], values)).rowcount:
                raise Conflict(f"{matter} holds {target} already")
            event = LegalHoldPlaced(target=target, matter=matter, at=now.isoformat(), reason=reason)
            await self._ledger.append(
                connection, OPS, f"hold/{target}/{matter}/{now.isoformat()}", event, person.id
            )

    async def lift(self, person: Person, target: str, matter: str, reason: str) -> None:
        """The matter holds the target no more; never by the person who placed the hold.

        Raises:
            NotFound: there is no such hold in force.
            Forbidden: this person may not, or placed it.
        """
        require_reason(reason)
        self.require(person, Keeping.LIFT, target)
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await connection.execute(SQL["one_at_a_time"])
            row = await (await connection.execute(SQL["placed"], (target, matter))).fetchone()
            if row is None:
                raise NotFound(f"no hold of {matter} on {target} is in force")
            self.require(person, Keeping.LIFT, target, by=row["by"])
            await connection.execute(SQL["lift"], (person.id, reason, now, target, matter))
            placed = row["at"].astimezone(UTC).isoformat()
            event = LegalHoldLifted(target=target, matter=matter, at=placed, reason=reason)
            await self._ledger.append(connection, OPS, f"hold/{target}/{matter}/{placed}", event, person.id)

    async def holds(self) -> list[DictRow]:
        """Every hold, those in force first."""
        return await self._database.rows(SQL["holds"])

    async def over(self, case_id: str) -> list[DictRow]:
        """Holds in force over a case or a copy of it."""
        async with self._database.transaction() as connection:
            family = await _family(connection, case_id)
            return await (await connection.execute(SQL["in_force"], (family,))).fetchall()

    async def erasure(self, case_id: str) -> DictRow | None:
        """What was asked and done about a case."""
        return await self._database.row(SQL["asked"], case_id)

    async def readable(self, case_id: str) -> bool:
        """Whether a case has its key."""
        row = await self._database.row(SQL["has_key"], case_id)
        return row is not None and bool(row["has_key"])

    async def candidates(self, before: date, most: int) -> list[str]:
        """Cases that ended before a day and still have a key, oldest first."""
        return [row["id"] for row in await self._database.rows(SQL["candidates"], before, most)]

    async def relationship_ended(self, person: Person, case_id: str, on: date, reason: str) -> None:
        """Put on record that the account was closed or the loan repaid.

        Raises:
            BadInput: the day lies ahead.
            Forbidden: this person may not.
        """
        require_reason(reason)
        self.require(person, Keeping.END_RELATIONSHIP, case_id)
        if on > self._clock.now().date():
            raise BadInput("the day lies in the future", field="on", remedy="tell it when it has come")
        event = RelationshipEnded(on=on.isoformat(), reason=reason)
        await self._ledger.record(case_id, f"relationship/{self._clock.now().isoformat()}", event, person.id)

    async def ask(self, person: Person, weighed: Weighed, reason: str) -> None:
        """Ask that a case be erased; another person carries it out. Refused as ``erase`` would be.

        Raises:
            Forbidden: this person may not.
            Conflict: a hold is in force, or the case was erased before.
        """
        require_reason(reason)
        self.require(person, Keeping.ASK_ERASURE, weighed.case_id)
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await self._require_free(connection, weighed, await _family(connection, weighed.case_id))
            values = (weighed.case_id, person.id, reason, now, weighed.erasable_from)
            await connection.execute(SQL["ask"], values)
            event = ErasureAsked(
                reason=reason, erasable_from=weighed.erasable_from.isoformat(), duties=weighed.duties
            )
            await self._ledger.append(
                connection, weighed.case_id, f"erasure/{now.isoformat()}", event, person.id
            )

    async def erase(self, person: Person, weighed: Weighed) -> tuple[str, ...]:
        """Destroy the key of a case and of every copy of it; the cases whose keys are gone.

        Raises:
            Forbidden: this person may not, or asked for it.
            Conflict: nobody asked, a hold is in force, a runner is at work, the case went on or was erased before.
        """
        self.require(person, Keeping.ERASE, weighed.case_id)
        async with self._database.transaction() as connection:
            family = await _family(connection, weighed.case_id)
            asked = await self._require_free(connection, weighed, family)
            if asked is None:
                remedy = "ask with a reason; another person carries it out"
                raise Conflict(f"nobody asked to erase {weighed.case_id}", remedy=remedy)
            self.require(person, Keeping.ERASE, weighed.case_id, by=asked["asked_by"])
            await connection.execute(SQL["destroy_keys"], (family,))
            marks = (await connection.execute(SQL["forget_marks"], (family,))).rowcount
            await connection.execute(SQL["erased"], (person.id, self._clock.now(), weighed.case_id))
            copies = tuple(each for each in family if each != weighed.case_id)
            for each in family:
                event = CaseErased(asked_by=asked["asked_by"], with_copies=copies, marks=marks)
                await self._ledger.append(connection, each, "erased", event, person.id)
        return tuple(family)

    async def _require_free(
        self, connection: Connection, weighed: Weighed, family: Sequence[str]
    ) -> DictRow | None:
        """Pass if nothing stands in the way now; what was asked about the case."""
        await connection.execute(SQL["one_at_a_time"])
        held = await (await connection.execute(SQL["in_force"], (list(family),))).fetchone()
        if held is not None:
            raise Conflict(
                f"{weighed.case_id} is under legal hold: {held['matter']} holds {held['target']}",
                remedy="it is kept until every hold over it is lifted",
            )
        busy = await (await connection.execute(SQL["busy"], {"cases": list(family)})).fetchone()
        head = await (await connection.execute(LEDGER["lock_head"], (weighed.case_id,))).fetchone()
        if busy is None or busy["busy"] or head is None or head["seq"] != weighed.events:
            remedy = "look at it again when it stands still"
            raise Conflict(f"{weighed.case_id} went on since it was weighed", remedy=remedy)
        asked = await (await connection.execute(SQL["asked"], (weighed.case_id,))).fetchone()
        if asked is not None and asked["erased_at"] is not None:
            raise Conflict(f"{weighed.case_id} was erased on {asked['erased_at']:%Y-%m-%d} already")
        return asked


async def _family(connection: Connection, case_id: str) -> list[str]:
    """A case and every copy of it."""
    cursor = await connection.execute(SQL["family"], (case_id,))
    return [row["id"] for row in await cursor.fetchall()]
