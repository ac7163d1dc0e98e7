"""The tree over all streams against its signed notes, in the database and outside, and a stream against its leaves.

Pure: gets what was read, names what does not fit. Every note is a root of the same leaves, so that each later
one is proven to hold all earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.chain import Entry
from audit.leaf import Leaf
from audit.merkle import Frontier
from audit.note import VerifierKey, opened
from audit.stamps import Flaw
from domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Kept:
    """One note as the database holds it, with the roots of its perfect subtrees."""

    note: str
    peaks: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """Everything that is known of the tree.

    Args:
        leaves: in order of position.
        kept: notes of the database by size.
        written: notes outside the database by size.
        key: whose signature counts.
    """

    leaves: Sequence[Leaf]
    kept: Mapping[int, Kept]
    written: Mapping[int, str]
    key: VerifierKey

    @property
    def signed(self) -> int:
        """How many leaves the newest note covers."""
        return max(self.kept, default=0)

    @cached_property
    def by_stream(self) -> Mapping[str, Sequence[Leaf]]:
        """The leaves of each stream, in order."""
        found: dict[str, list[Leaf]] = {}
        for leaf in self.leaves:
            found.setdefault(leaf.stream, []).append(leaf)
        return found


def tree_flaws(tree: Tree) -> list[Flaw]:
    """What is wrong with leaves and notes; empty when all of it fits."""
    holes = [leaf for n, leaf in enumerate(tree.leaves) if leaf.position != n]
    if holes:
        return [Flaw(f"leaf {holes[0].position}", "a leaf before it is missing")]
    flaws, grown = list(_places(tree)), Frontier()
    due = sorted({*tree.kept, *tree.written})
    for size in due:
        if size > len(tree.leaves):
            flaws.append(Flaw(f"note {size}", f"of its leaves only {len(tree.leaves)} are there"))
            break
        for leaf in tree.leaves[grown.size : size]:
            grown = grown.grown(leaf.hash)
        flaws += _roots(tree, grown)
    return flaws


def _places(tree: Tree) -> Iterator[Flaw]:
    """A note stands in both places, the same."""
    for size in sorted({*tree.kept, *tree.written}):
        kept, written = tree.kept.get(size), tree.written.get(size)
        if written is None:
            yield Flaw(f"note {size}", "it is gone from outside the database")
        elif kept is None:
            yield Flaw(
                f"note {size}", "it is gone from the database, or its signer died; then the next one keeps it"
            )
        elif kept.note != written:
            yield Flaw(f"note {size}", "the database holds another note than stands outside")


def _roots(tree: Tree, grown: Frontier) -> Iterator[Flaw]:
    """What the notes of this size say against the leaves."""
    where, kept = f"note {grown.size}", tree.kept.get(grown.size)
    texts = {kept.note if kept else None, tree.written.get(grown.size)} - {None}
    for text in sorted(each for each in texts if each is not None):
        try:
            said = opened(text, tree.key)
        except BadInput as error:
            yield Flaw(where, error.message)
            continue
        if (said.size, said.root) != (grown.size, grown.root):
            yield Flaw(where, "the leaves are not those whose root was signed")
    if kept is not None and kept.peaks != tuple(peak.hex() for peak in grown.peaks):
        yield Flaw(where, "its subtrees are not those of the leaves")


def stream_flaws(tree: Tree, stream: str, entries: Sequence[Entry]) -> list[Flaw]:
    """Leaves of a stream that say another history than its chain does."""
    flaws = []
    for leaf in tree.by_stream.get(stream, ()):
        where = f"leaf {leaf.position}"
        if leaf.seq > len(entries):
            reason = f"{leaf.seq} events were anchored on {leaf.at[:19]}, {len(entries)} are there"
            flaws.append(Flaw(where, reason, len(entries) + 1))
        elif entries[leaf.seq - 1].hash != leaf.head:
            flaws.append(Flaw(where, f"event {leaf.seq} is not the one that was anchored", leaf.seq))
    return flaws


def anchored(tree: Tree, stream: str) -> int:
    """Up to which event a stream is under a signed root; 0 when no part of it is."""
    leaves = (leaf.seq for leaf in tree.by_stream.get(stream, ()) if leaf.position < tree.signed)
    return max(leaves, default=0)
