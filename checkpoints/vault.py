"""The vault: identity values under a per-case key, tokens for everybody else, blind indexes across cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from checkpoints.database import Connection, Database
from checkpoints.keys import Cipher, KeyRing
from checkpoints.queries import load
from domain.errors import NotFound
from domain.identity import IdentityKind, identity_fields, normalise

SQL = load("vault")
SEALED = "tok_sealed_"  # before the tokens of findings that only compliance may read
HELD = "tok_held_"  # before those of answers that wait for a licensed person: no values of identity
QUARANTINED = (
    "tok_quarantined_"  # before those of texts that agents do not get; identity stands in them as tokens
)
SAID = "tok_said_"  # before those of what somebody typed in a chat
LONGEST_VALUE = 600  # bytes as encrypted; a longer value is a document that stands in no sentence
LETTERS = str.maketrans("0123456789", "ghijklmnop")  # a token never looks like a number


@dataclass(frozen=True, slots=True)
class Kept:
    """One value of a vault, for the gate that keeps it in.

    Args:
        sealed: it is a finding for compliance alone, not a value of identity.
        quarantined: it is a text that agents do not get.
        typed_by: who typed it to the bank themselves, in a chat.
    """

    kind: IdentityKind
    value: str
    sealed: bool = False
    typed_by: str | None = None
    quarantined: bool = False


class Vault:
    """Keeps values; never logs one, never returns one but to ``reveal``."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    async def open_case(self, connection: Connection, case_id: str, key_of: str | None = None) -> None:
        """Make the key of a new case; a fork (``key_of`` its parent) gets a key of its own too."""
        await connection.execute(SQL["put_key"], (case_id, self._keys.new_case_key(case_id)))
        if key_of is not None:
            for token, (kind, value) in (await self.values(key_of)).items():
                await self._put(connection, case_id, token, kind, value)

    async def tokenise(
        self, connection: Connection, case_id: str, model: BaseModel, scope: str
    ) -> dict[str, Any]:
        """The model as plain JSON with every marked value moved here and its token left in place.

        ``scope`` (``application``, ``record:7``) makes tokens stable: ``tok_<scope>_<path>``.
        """
        plain = model.model_dump(mode="json")
        for path, kind, value in identity_fields(model):
            token = f"tok_{scope}_{path}".replace(".", "_")
            await self._put(connection, case_id, token, kind, value)
            _replace(plain, path.split("."), token)
        return plain

    async def reveal(self, case_id: str, token: str) -> str:
        """One value, for a tool inside the tool gateway."""
        values = await self.values(case_id)
        if token not in values:
            raise NotFound(f"the vault holds nothing under {token}")
        return values[token][1]

    async def values(self, case_id: str) -> dict[str, tuple[IdentityKind, str]]:
        """Every value of a case by token (to block them in prompts and outputs)."""
        cipher = await self.cipher(case_id)
        rows = await self._database.rows(SQL["values"], case_id)
        return {
            row["token"]: (
                IdentityKind(row["kind"]),
                cipher.decrypt(row["value"], f"{case_id}:{row['token']}").decode(),
            )
            for row in rows
        }

    async def cipher(self, case_id: str) -> Cipher:
        """The cipher of a case; ``NotFound`` after its key was destroyed."""
        row = await self._database.row(SQL["get_key"], case_id)
        if row is None:
            raise NotFound(f"case {case_id} has no key: it never had one or it was erased")
        return self._keys.open_case_key(case_id, row["wrapped"])

    async def cipher_in(self, connection: Connection, case_id: str) -> Cipher:
        """The same as the caller's transaction sees it (a case that is being opened)."""
        row = await (await connection.execute(SQL["get_key"], (case_id,))).fetchone()
        if row is None:
            raise NotFound(f"case {case_id} has no key")
        return self._keys.open_case_key(case_id, row["wrapped"])

    def mark_of(self, case_id: str, content: str) -> bytes:
        """A keyed hash that tells whether something sent to a case is what was sent before; it finds nobody."""
        return self._keys.mark("sent", f"{case_id}\0{content}")

    async def keep(self, connection: Connection, case_id: str, kind: IdentityKind, value: str) -> str:
        """Keep a value that somebody typed; its token, the same for the same value all over a case.

        It is not marked in the blind index: that somebody spoke of a person makes no case theirs.
        """
        letters = self._keys.mark(kind, f"{case_id}\0{normalise(kind, value)}").hex()[:12].translate(LETTERS)
        token = f"{SAID}{kind.value}_{letters}"
        await self._put(connection, case_id, token, kind, value, marked=False)
        return token

    async def values_of(self, cases: Sequence[str], longest: int = 512) -> dict[IdentityKind, set[str]]:
        """Values of several cases by kind (to find them in what somebody typed); long documents are left out."""
        found: dict[IdentityKind, set[str]] = {kind: set() for kind in IdentityKind}
        ciphers: dict[str, Cipher] = {}
        for row in await self._database.rows(SQL["values_of"], list(cases), longest):
            case_id = row["case_id"]
            if case_id not in ciphers:
                ciphers[case_id] = self._keys.open_case_key(case_id, row["wrapped"])
            plain = ciphers[case_id].decrypt(row["value"], f"{case_id}:{row['token']}")
            found[IdentityKind(row["kind"])].add(plain.decode())
        return found

    async def kept(self, connection: Connection, cases: Sequence[str]) -> tuple[Kept, ...]:
        """Everything of several cases that something about to leave could hold; an erased case has nothing.

        Read on the caller's connection: who holds a transaction and waits for another connection may wait for ever.
        """
        found: list[Kept] = []
        ciphers: dict[str, Cipher] = {}
        cursor = await connection.execute(SQL["kept"], (list(cases), LONGEST_VALUE))
        for row in await cursor.fetchall():
            case_id, token = row["case_id"], row["token"]
            if token.startswith(HELD):
                continue
            if case_id not in ciphers:
                ciphers[case_id] = self._keys.open_case_key(case_id, row["wrapped"])
            value = ciphers[case_id].decrypt(row["value"], f"{case_id}:{token}").decode()
            typed_by = row["maker"] if token.startswith(SAID) else None
            apart = token.startswith(SEALED), token.startswith(QUARANTINED)
            found.append(Kept(IdentityKind(row["kind"]), value, apart[0], typed_by, apart[1]))
        return tuple(found)

    async def held(self, candidates: Sequence[tuple[IdentityKind, str]]) -> set[tuple[IdentityKind, str]]:
        """Which of these any case of the bank holds; nothing else is learned about them."""
        marks = {self._keys.mark(kind, normalise(kind, text)): (kind, text) for kind, text in candidates}
        rows = await self._database.rows(SQL["marked"], list(marks))
        return {marks[bytes(row["mark"])] for row in rows}

    async def cases_with(self, kind: IdentityKind, value: str) -> list[str]:
        """Cases that hold the same value (normalised), found by keyed hash."""
        mark = self._keys.mark(kind, normalise(kind, value))
        return [row["case_id"] for row in await self._database.rows(SQL["cases_with"], kind, mark)]

    async def seal(self, connection: Connection, case_id: str, token: str, text: str) -> None:
        """Keep text that only one boundary may open; it is in no blind index."""
        await self._put(connection, case_id, token, IdentityKind.DOCUMENT, text, marked=False)

    async def forget(self, connection: Connection, case_id: str, token: str) -> None:
        """Keep something no longer that was sealed for a while."""
        await connection.execute(SQL["forget"], (case_id, token))

    async def _put(
        self,
        connection: Connection,
        case_id: str,
        token: str,
        kind: IdentityKind,
        value: str,
        *,
        marked: bool = True,
    ) -> None:
        cipher = await self.cipher_in(connection, case_id)
        sealed = cipher.encrypt(value.encode(), f"{case_id}:{token}")
        await connection.execute(SQL["put_value"], (case_id, token, kind, sealed))
        if not marked:
            return
        mark = self._keys.mark(kind, normalise(kind, value))
        await connection.execute(SQL["put_mark"], (kind, mark, case_id, token))


def _replace(plain: Any, path: list[str], token: str) -> None:
    for step in path[:-1]:
        plain = plain[int(step)] if isinstance(plain, list) else plain[step]
    plain[path[-1]] = token
