"""Anchors heads of streams in the Merkle tree, and signs its roots inside and outside the database.

Leaves are committed before their root is signed, so a note never vouches for what was rolled back. Nobody who
appends to the ledger waits for this. What is signed must grow from what was signed before, or nothing is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from psycopg.rows import DictRow

from audit.leaf import Leaf
from audit.merkle import Frontier
from audit.note import opened
from audit.tree import Kept, Tree
from checkpoints.database import Connection, Database
from checkpoints.queries import load
from checkpoints.signing import NoteFolder, Signer
from domain.clock import Clock
from domain.errors import BadInput, Refused

SQL = load("anchors")
MOST = 10_000  # leaves of one round; the next one takes the rest


class Anchors:
    """The tree over all streams of this database."""

    def __init__(
        self, database: Database, clock: Clock, signer: Signer, folder: NoteFolder, every: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._signer = signer
        self._every = every
        self.folder = folder
        self.key = signer.key

    async def sweep(self) -> bool:
        """Anchor every stream that moved, once in each interval; whether something was signed."""
        last = await self._database.row(SQL["last_note"])
        if last is not None and self._clock.now() < datetime.fromisoformat(last["anchored_at"]) + self._every:
            return False
        return await self.anchor()

    async def anchor(self, streams: Sequence[str] | None = None) -> bool:
        """Anchor these streams (or all) as they stand now, and sign; ``False`` when there was nothing new."""
        asked = None if streams is None else list(streams)
        async with self._database.transaction() as connection:
            await connection.execute(SQL["one_at_a_time"])
            given = {
                "streams": asked,
                "most": MOST,
                "at": self._clock.now().isoformat(timespec="milliseconds"),
            }
            await connection.execute(SQL["add_leaves"], given)
        async with self._database.transaction() as connection:
            await connection.execute(SQL["one_at_a_time"])
            return await self._sign(connection)

    def vouch(self, text: str) -> str:
        """The signed note of a text that ends with a newline."""
        return self._signer.vouch(text)

    async def tree(self, connection: Connection) -> Tree:
        """Everything that is known of the tree, as the caller's transaction sees it.

        What stands outside is read first, while nobody signs: whatever stands there is kept here by then.
        """
        async with self._database.transaction() as waiting:
            await waiting.execute(SQL["one_at_a_time"])
            written = await asyncio.to_thread(self.folder.all)
        rows = await (await connection.execute(SQL["leaves"], (0,))).fetchall()
        notes = await (await connection.execute(SQL["notes"])).fetchall()
        kept = {row["size"]: Kept(row["note"], tuple(row["peaks"])) for row in notes}
        return Tree([_leaf(row) for row in rows], kept, written, self.key)

    async def _sign(self, connection: Connection) -> bool:
        last = await (await connection.execute(SQL["last_note"])).fetchone()
        tree = self._signed_before(last)
        rows = await (await connection.execute(SQL["leaves"], (tree.size,))).fetchall()
        for leaf in map(_leaf, rows):
            if leaf.position != tree.size:
                raise Refused(f"leaf {tree.size} of the tree is missing", control="anchors.leaves")
            tree = tree.grown(leaf.hash)
            await self._adopt(connection, tree)
        if not rows:
            return False
        note = self._signer.note(tree.size, tree.root)
        await asyncio.to_thread(self.folder.keep, tree.size, note)
        await _keep(connection, tree, note)
        return True

    async def _adopt(self, connection: Connection, tree: Frontier) -> None:
        """Keep what was signed and written outside by a process that died before it could keep it here."""
        note = await asyncio.to_thread(self.folder.of, tree.size)
        if note is None:
            return
        try:
            said = opened(note, self.key)
        except BadInput as error:
            raise Refused(f"a note outside does not hold: {error.message}", control="anchors.note") from error
        if said.root != tree.root:
            raise Refused("another tree was signed outside", control="anchors.adopted")
        await _keep(connection, tree, note)

    def _signed_before(self, last: DictRow | None) -> Frontier:
        """The tree of the last note; ``Refused`` when it is not what that note says."""
        if last is None:
            return Frontier()
        tree = Frontier(last["size"], tuple(bytes.fromhex(peak) for peak in last["peaks"]))
        try:
            said = opened(last["note"], self.key)
        except BadInput as error:
            raise Refused(f"the last note does not hold: {error.message}", control="anchors.note") from error
        if (said.size, said.root) != (tree.size, tree.root):
            raise Refused("the tree is not the one that was signed last", control="anchors.frontier")
        return tree


async def _keep(connection: Connection, tree: Frontier, note: str) -> None:
    peaks = [peak.hex() for peak in tree.peaks]
    await connection.execute(SQL["keep_note"], (tree.size, note, peaks))


def _leaf(row: DictRow) -> Leaf:
    return Leaf(row["position"], row["stream"], row["seq"], row["head"], row["anchored_at"])
