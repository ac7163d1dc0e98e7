"""The output gate: everything that leaves passes here, and nothing leaves that one guardrail does not pass.

Owns what guardrails may look at (the vaults of the cases that are spoken of, what is sealed, who has a right to
it) and the record of each verdict with rule and version. Runs the guardrails that it is told, in that order, each
over the kinds that the catalogue gives it; a name that it does not know is refused. Never rules itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.events import Event, GuardrailRuled
from checkpoints.database import Connection, Database, Lease
from checkpoints.ledger import Ledger, Told
from checkpoints.vault import Kept, Vault
from domain.errors import Refused
from domain.finding import Finding
from domain.guard import Guardrail, Passage, Verdict, verdict_of
from domain.identity import normalise
from domain.leaving import HeldValue, Kind, Leaving, require_pass
from domain.person import Person
from policies.authority import Authority
from policies.authority import Person as Principal

NOBODY = Person("nobody")  # outside the bank, or a system: it has no right to any value
Verdicts = Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Door:
    """Through which something leaves.

    Args:
        guardrails: in the book's order.
        stream: of the ledger, on which the verdicts are.
        key: of the events; the same thing to the same recipient is on record once.
        cases: whose values it may not hold; besides its own case's.
        person: who gets it, where that is a person of the bank.
        purpose: of the values in it, for policy.
    """

    guardrails: tuple[str, ...]
    stream: str
    key: str
    cases: tuple[str, ...] = ()
    person: Person = NOBODY
    purpose: str = "reading"


@dataclass(frozen=True, slots=True)
class Released:
    """A text that passed the gate. Made here and nowhere else: whoever writes what leaves takes one of these."""

    text: str


class OutputGate:
    """Asks guardrails about what is about to leave."""

    def __init__(
        self,
        ledger: Ledger,
        vault: Vault,
        authority: Authority,
        guardrails: Sequence[Guardrail],
        over: Mapping[str, frozenset[Kind]],
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._authority = authority
        self._guardrails = {each.name: each for each in guardrails}
        self._over = over

    async def verdicts(self, connection: Connection, leaving: Leaving, door: Door) -> Verdicts:
        """What each guardrail says that looks at this kind, by name; each verdict is on record in this transaction.

        Raises:
            Refused: one is named that is not here.
        """
        found, told = await self.ruled(connection, leaving, door)
        await self.tell(connection, door.stream, told, door.person)
        return found

    async def tell(self, connection: Connection, stream: str, told: Told, to: Person = NOBODY) -> None:
        """Put verdicts on record."""
        await self._ledger.append_all(connection, stream, told, to.id)

    async def ruled(self, connection: Connection, leaving: Leaving, door: Door) -> tuple[Verdicts, Told]:
        """The same for a caller that puts the verdicts on record, in this transaction, with what it tells itself."""
        known = await self._looked_up(connection, leaving, door)
        prose = leaving.text if leaving.words is None else leaving.words
        passage = Passage(leaving.case_id, prose, {"leaving": known})
        found: dict[str, Verdict] = {}
        told = list[tuple[str, Event]]()
        for name in door.guardrails:
            if name not in self._guardrails or name not in self._over:
                raise Refused(f"no guardrail over what leaves is called {name}", control="output.guardrails")
            if leaving.kind not in self._over[name]:
                continue
            guardrail = self._guardrails[name]
            found[name] = await verdict_of(guardrail, passage)
            event = GuardrailRuled.of(guardrail, found[name])
            told.append((f"{door.key}/{name}/{event.ruling}/{event.rule}", event))
        return found, told

    async def release(
        self, database: Database, lease: Lease | None, leaving: Leaving, door: Door
    ) -> Released:
        """The text, when everything passes; the verdicts are on record in a transaction of their own either way.

        Raises:
            Refused: something does not pass, or there is nothing that looks at it.
        """
        async with database.transaction(lease) as connection:
            found = await self.verdicts(connection, leaving, door)
        return passed(leaving, found)

    async def _looked_up(self, connection: Connection, leaving: Leaving, door: Door) -> Leaving:
        """With the values of the vaults that it speaks of, and what is sealed there."""
        cases = tuple(dict.fromkeys((leaving.case_id, *door.cases)))
        kept = await self._vault.kept(connection, cases)
        values = tuple(self._held(each, kept, door) for each in kept if not each.sealed)
        sealed = tuple(piece for each in kept if each.sealed for piece in _pieces(each.value))
        return replace(leaving, held=values, sealed=sealed)

    def _held(self, each: Kept, kept: Sequence[Kept], door: Door) -> HeldValue:
        """A value with the question whether it may be received, asked of policy only when it stands somewhere."""

        def may_receive() -> bool:
            typed = frozenset(same.typed_by for same in kept if same.typed_by and _same(same, each))
            principal = Principal(door.person.id, door.person.groups)
            kind = "quarantined_text" if each.quarantined else each.kind.value
            return self._authority.may_receive(principal, kind, door.purpose, typed).allowed

        return HeldValue(each.kind, each.value, may_receive)


def passed(leaving: Leaving, verdicts: Verdicts) -> Released:
    """The text, when every verdict over it is a pass.

    Raises:
        Refused: one is not, or there is none.
    """
    if not verdicts:
        raise Refused("nothing looks at what leaves", control="output.guardrails")
    require_pass(verdicts)
    return Released(leaving.text)


def _same(one: Kept, other: Kept) -> bool:
    """Whether two vaults hold the same value, however it was written."""
    return normalise(other.kind, one.value) == normalise(other.kind, other.value)


def _pieces(sealed: str) -> tuple[str, ...]:
    """What a sealed finding says, piece by piece."""
    finding = Finding.model_validate_json(sealed)
    judged = (text for each in finding.judgements for text in (each.quote, each.counter))
    told = (*(each.detail for each in finding.flags), finding.narrative, *judged)
    return tuple(each for each in told if each)
