"""Somebody with the whole database in their hands: seeded random changes to what is on record, triggers asleep.

Each change happens in a savepoint of the caller's transaction. Everything that a row says may be changed: every
column of every table of ``TABLES``, whole rows removed or added, events exchanged, cut off or written anew with
all their hashes and the head made to fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from psycopg.types.json import Jsonb

from audit.chain import Entry
from checkpoints.database import Connection
from checkpoints.stamps import entries_of

TABLES = {  # table: column that says whose it is
    "countersign.ledger": "stream",
    "countersign.ledger_heads": "stream",
    "countersign.journal": "case_id",
    "countersign.approvals": "case_id",
    "countersign.approval_decisions": "approval_id",
    "countersign.effects": "case_id",
    "countersign.notices": "case_id",
    "countersign.quarantine": "case_id",
    "countersign.cases": "id",
    "countersign.register_entries": "case_id",
    "source.records": "case_id",
    "public.checkpoints": "thread_id",
    "public.checkpoint_blobs": "thread_id",
    "public.checkpoint_writes": "thread_id",
    "countersign.log_leaves": "stream",
    "countersign.log_notes": "size",
}
ONCE = (  # another row of these is another case, not this one
    "countersign.ledger_heads",
    "countersign.cases",
    "countersign.register_entries",
)
OTHERWISE = {  # another value of a column of this type
    "text": "coalesce({0}, '') || 'x'",
    "bigint": "coalesce({0}, 0) + 1000",
    "integer": "coalesce({0}, 0) + 1000",
    "boolean": "not coalesce({0}, false)",
    "date": "coalesce({0}, '2026-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, '2026-01-01') + interval '1 microsecond'",
    "jsonb": "jsonb_build_object('forged', {0})",
    "ARRAY": "{0} || array['x']",
    "bytea": (
        "case when length({0}) > 0 then set_byte({0}, length({0}) / 2, get_byte({0}, length({0}) / 2) # 1) "
        "else '\\x00' end"
    ),
}
COLUMNS = """
select column_name, data_type, is_identity = 'YES' as identity from information_schema.columns
where table_schema || '.' || table_name = %s and is_generated = 'NEVER' order by ordinal_position
"""
KEYS = """
select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
where i.indrelid = %s::regclass and (i.indisprimary or i.indisunique)
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    identity: bool


class Tamperer:
    """One seeded hand."""

    def __init__(self, connection: Connection, seed: int, tables: Mapping[str, str] = TABLES) -> None:
        self.connection = connection
        self.tables = tables
        self.random = Random(seed)
        self.columns: dict[str, list[Column]] = {}
        self.keys: dict[str, set[str]] = {}

    async def prepare(self) -> None:
        """Put the triggers to sleep and learn what the tables look like."""
        await self.connection.execute("set local session_replication_role = replica")
        for table in self.tables:
            found = await self._rows(COLUMNS, (table,))
            self.columns[table] = [Column(r["column_name"], r["data_type"], r["identity"]) for r in found]
            self.keys[table] = {row["name"] for row in await self._rows(KEYS, (table,))}

    async def once(self, case_id: str) -> str:
        """One change to what is on record of a case; what it was."""
        chosen = self.random.choices(("change", "remove", "add", "chain"), (70, 12, 10, 8))[0]
        if chosen == "chain" and "countersign.ledger" in self.tables:
            return await self._chain(case_id)
        table = self.random.choice([each for each in self.tables if chosen != "add" or each not in ONCE])
        row = await self._one_of(table, case_id)
        if row is None:
            return await self.once(case_id)
        if chosen == "remove":
            await self._run(f"delete from {table} where ctid = %s", (row,))
            return f"remove from {table}"
        return await (self._add(table, row) if chosen == "add" else self._change(table, row))

    async def _change(self, table: str, row: Any) -> str:
        column = self.random.choice([each for each in self.columns[table] if not each.identity])
        await self._run(f"update {table} set {column.name} = {_other(column)} where ctid = %s", (row,))
        return f"change {table}.{column.name}"

    async def _add(self, table: str, row: Any) -> str:
        """The same row once more under another key."""
        columns = [each for each in self.columns[table] if not each.identity]
        keyed = self.keys[table] - {self.tables[table]} if len(self.keys[table]) > 1 else self.keys[table]
        values = [_other(each) if each.name in keyed else each.name for each in columns]
        names = ", ".join(each.name for each in columns)
        await self._run(
            f"insert into {table} ({names}) select {', '.join(values)} from {table} where ctid = %s", (row,)
        )
        return f"add to {table}"

    async def _chain(self, case_id: str) -> str:
        entries = await entries_of(self.connection, case_id)
        at = self.random.randrange(len(entries) - 1)
        how = self.random.choice(("exchange", "cut", "rewrite", "insert"))
        if how == "exchange":
            pair = [replace(entries[at + 1], seq=at + 1), replace(entries[at], seq=at + 2)]
            entries = [*entries[:at], *pair, *entries[at + 2 :]]
        elif how == "cut":
            entries = entries[: at + 1]
        elif how == "rewrite":
            entries = resealed(entries, at, replace(entries[at], actor="forger"))
        else:
            entries = resealed(
                [*entries[:at], entries[at], *entries[at:]], at, replace(entries[at], key="forged")
            )
        await self._write(case_id, entries)
        return f"chain: {how}"

    async def _write(self, case_id: str, entries: list[Entry]) -> None:
        await self._run("delete from countersign.ledger where stream = %s", (case_id,))
        for e in entries:
            values = (
                e.stream,
                e.seq,
                e.key,
                e.kind,
                e.schema_version,
                e.at,
                e.actor,
                Jsonb(e.body),
                e.prev,
                e.hash,
            )
            await self._run(
                "insert into countersign.ledger values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", values
            )
        head = (len(entries), entries[-1].hash, case_id)
        await self._run("update countersign.ledger_heads set seq = %s, hash = %s where stream = %s", head)

    async def _one_of(self, table: str, case_id: str) -> Any:
        owner = self.tables[table]
        if owner == "size":
            where, given = "true", ()
        elif owner == "approval_id":
            where, given = (
                "approval_id in (select id from countersign.approvals where case_id = %s)",
                (case_id,),
            )
        else:
            where, given = f"{owner} = %s", (case_id,)
        rows = await self._rows(f"select ctid::text as row from {table} where {where} order by ctid", given)
        return self.random.choice(rows)["row"] if rows else None

    async def _rows(self, query: Any, given: tuple[Any, ...]) -> list[dict[str, Any]]:
        return await (await self.connection.execute(query, given)).fetchall()

    async def _run(self, query: Any, given: tuple[Any, ...]) -> None:
        assert (await self.connection.execute(query, given)).rowcount, query


def resealed(entries: list[Entry], at: int, forged: Entry) -> list[Entry]:
    """The chain with another event at a place, numbered and hashed anew from there on."""
    made = entries[:at]
    for n, each in enumerate([forged, *entries[at + 1 :]], at + 1):
        prev = made[-1].hash if made else entries[0].prev
        made.append(replace(each, seq=n, prev=prev, hash="").sealed())
    return made


def _other(column: Column) -> str:
    return OTHERWISE[column.type].format(column.name)
