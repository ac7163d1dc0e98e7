"""Verifies what is on record: chains, stamps, leaves, roots and notes, in one view of the database.

Reads only. What is found wrong is named: the first bad event of a chain, each row that is not as its event says,
each leaf, root or note that does not fit the others. Nothing is repaired.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from audit.chain import GENESIS, verify
from audit.stamps import Flaw, compare, newest
from audit.tree import Tree, anchored, stream_flaws, tree_flaws
from checkpoints.anchors import SQL as ANCHORS
from checkpoints.anchors import Anchors
from checkpoints.database import Connection, Database
from checkpoints.ledger import OPS
from checkpoints.ledger import SQL as LEDGER
from checkpoints.queries import load
from checkpoints.rows import lines_of
from checkpoints.stamps import entries_of, rests

SQL = load("proofs")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was verified of one stream.

    Args:
        stream: the case, or ``ops``.
        events: how many there are.
        rows: rows of other stores that were compared with their stamps.
        anchored: up to which event a signed root covers the chain.
        open: rows without a stamp yet, because a runner is at work on the case or died there.
        flaws: what is wrong; empty when all of it holds.
    """

    stream: str
    events: int
    rows: int
    anchored: int
    open: tuple[str, ...]
    flaws: tuple[Flaw, ...]

    @property
    def verified(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


@dataclass(frozen=True, slots=True)
class TreeProof:
    """What was verified of the tree over all streams."""

    leaves: int
    signed: int  # leaves that the newest note covers
    notes: int
    flaws: tuple[Flaw, ...]


class Proofs:
    """Verifies one stream or all of them."""

    def __init__(self, database: Database, anchors: Anchors) -> None:
        self._database = database
        self._anchors = anchors

    async def of_case(self, case_id: str) -> Proof:
        """One case, and the tree that it is anchored in."""
        async with self.view() as connection:
            tree = await self._anchors.tree(connection)
            return await examine(connection, case_id, tree, tree_flaws(tree))

    async def of_all(self) -> tuple[TreeProof, list[Proof]]:
        """The tree once, and every stream."""
        async with self.view() as connection:
            tree = await self._anchors.tree(connection)
            flaws = (*tree_flaws(tree), *await _marks(connection, tree))
            streams = [
                row["stream"] for row in await (await connection.execute(ANCHORS["streams"])).fetchall()
            ]
            proofs = [await examine(connection, stream, tree, []) for stream in streams]
        return TreeProof(len(tree.leaves), tree.signed, len(tree.kept), flaws), proofs

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Connection]:
        """A transaction that sees one moment and writes nothing."""
        async with self._database.transaction() as connection:
            await connection.execute(SQL["one_moment"])
            yield connection


async def examine(connection: Connection, stream: str, tree: Tree, found: list[Flaw]) -> Proof:
    """Everything about one stream, in the caller's view; ``found`` is what is known to be wrong already."""
    entries = await entries_of(connection, stream)
    head = await (await connection.execute(LEDGER["head"], (stream,))).fetchone()
    chain = verify(entries, (head["seq"], head["hash"]) if head else (0, GENESIS))
    flaws = [] if chain.verified else [Flaw(f"event {chain.first_bad}", chain.reason, chain.first_bad)]
    lines = await lines_of(connection, stream)
    rows = compare(newest(entries), lines, at_rest=stream == OPS or await rests(connection, stream))
    flaws += [*rows.flaws, *stream_flaws(tree, stream, entries), *found]
    return Proof(stream, len(entries), len(lines), anchored(tree, stream), rows.open, tuple(flaws))


async def _marks(connection: Connection, tree: Tree) -> list[Flaw]:
    """What counts as anchored and is not, or the other way round."""
    marks = {
        row["stream"]: row["seq"] for row in await (await connection.execute(ANCHORS["marks"])).fetchall()
    }
    reached = {stream: max(leaf.seq for leaf in leaves) for stream, leaves in tree.by_stream.items()}
    wrong = sorted(each for each in {*marks, *reached} if marks.get(each) != reached.get(each))
    return [Flaw(f"mark of {each}", "it does not say how far the stream is anchored") for each in wrong]
