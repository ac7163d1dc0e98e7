"""Texts kept from agents: the original under the case's key in the vault, a row that says where it stood and why.

Never judges a text and never gives an original to an agent: what the vault holds is also blocked in prompts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime

from audit.events import Event, GuardrailRuled, TextQuarantined
from checkpoints.database import Connection, Database
from checkpoints.ledger import Told
from checkpoints.queries import load
from checkpoints.vault import QUARANTINED, Vault
from domain.quarantine import Ruled

SQL = load("quarantine")


@dataclass(frozen=True, slots=True)
class Kept:
    """One text that agents did not get."""

    case_id: str
    token: str  # of the original in the vault
    place: str  # ``letter_of_explanation``, ``bureau_file key_factors.0``, ``tool adverse_media hits.0.text``
    guardrail: str
    version: str
    rule: str
    event: str  # key of the ruling in the ledger
    at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Where a body came from.

    Args:
        case_id: whose it is.
        place: how that is told: kind of record, or tool.
        key: under which its events stand.
        held: tokens of texts that lie in the vault already, by path.
    """

    case_id: str
    place: str
    key: str
    held: Mapping[str, str] = field(default_factory=dict)

    def token(self, path: str) -> str:
        """Under which the vault keeps the text of a path."""
        return self.held.get(path) or re.sub(r"\W", "_", f"{QUARANTINED}{self.key}_{path}")


class Quarantine:
    """Writes and reads ``countersign.quarantine``; the ledger vouches for each row."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    async def keep(self, connection: Connection, source: Source, ruled: Ruled, at: datetime) -> Told:
        """Put the originals away; the same again changes nothing.

        Gives what is to be told of it: the caller appends it in this transaction, with what it tells itself.
        """
        told: list[tuple[str, Event]] = []
        for path, guardrail, verdict in ruled.verdicts:
            told.append((_key(source, guardrail.name, path), GuardrailRuled.of(guardrail, verdict)))
        for each in ruled.taken:
            token, key = source.token(each.path), _key(source, each.guardrail, each.path)
            if each.path not in source.held:
                await self._vault.seal(connection, source.case_id, token, each.text)
            place, said = f"{source.place} {each.path}", (each.guardrail, each.version, each.rule)
            row = Kept(source.case_id, token, place, *said, key, at)
            await connection.execute(SQL["keep"], astuple(row))
            told.append((key, TextQuarantined(token=token, rule=each.rule)))
        return told

    async def of_cases(self, cases: Sequence[str]) -> tuple[Kept, ...]:
        """What was kept from agents in these cases, oldest first."""
        return tuple(Kept(**row) for row in await self._database.rows(SQL["of_cases"], list(cases)))


def _key(source: Source, guardrail: str, path: str) -> str:
    """Under which the events of one text stand; an empty path is the body as a whole."""
    return f"{source.key}/{guardrail}" + (f"/{path}" if path else "")
