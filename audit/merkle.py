"""The Merkle tree of RFC 6962 (and RFC 9162): roots, inclusion proofs, consistency proofs, and their verification.

Leaves are given as their hashes. Pure: no storage, no keys. A tree that only grows is kept as its ``Frontier``,
so that adding a leaf costs the logarithm of the size and not the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"  # RFC 6962 section 2.1: a leaf can never pass for a node
EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 over 0x00 and the content."""
    return sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and both children."""
    return sha256(NODE + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree of which only the roots of its perfect subtrees are kept, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaf: bytes) -> Frontier:
        """The tree with one more leaf."""
        peaks, size, last = list(self.peaks), self.size, leaf
        while size & 1:
            last, size = node_hash(peaks.pop(), last), size >> 1
        return Frontier(self.size + 1, (*peaks, last))

    @property
    def root(self) -> bytes:
        """The root hash; of a tree without leaves the hash of nothing."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1."""
    tree = Frontier()
    for leaf in leaves:
        tree = tree.grown(leaf)
    return tree.root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """PATH of RFC 6962 section 2.1.1 for the leaf at ``index`` (from 0), the lowest sibling first.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"leaf {index} of a tree of {len(leaves)}")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return (*inclusion_proof(left, index), root_hash(right))
    return (*inclusion_proof(right, index - split), root_hash(left))


def consistency_proof(leaves: Sequence[bytes], older: int) -> tuple[bytes, ...]:
    """PROOF of RFC 6962 section 2.1.2: that the tree of the first ``older`` leaves is where this one came from.

    Raises:
        ValueError: ``older`` is 0 or larger than the tree.
    """
    if not 0 < older <= len(leaves):
        raise ValueError(f"from size {older} to {len(leaves)}")
    return _subproof(leaves, older, whole=True)


def _subproof(leaves: Sequence[bytes], older: int, *, whole: bool) -> tuple[bytes, ...]:
    if older == len(leaves):
        return () if whole else (root_hash(leaves),)
    split = _split(len(leaves))
    if older <= split:
        return (*_subproof(leaves[:split], older, whole=whole), root_hash(leaves[split:]))
    return (*_subproof(leaves[split:], older - split, whole=False), root_hash(leaves[:split]))


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``leaf`` stands at ``index`` in the tree of this root: RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if not last:
            return False
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    return not last and found == root


def extends(older: tuple[int, bytes], newer: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether the newer (size, root) holds all leaves of the older one, first: RFC 9162 section 2.1.4.2."""
    (first, old_root), (second, new_root) = older, newer
    if first == second:
        return old_root == new_root and not proof
    path = [old_root, *proof] if first and not first & (first - 1) else list(proof)
    if not 0 < first < second or not path:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old, new = path[0], path[0]
    for each in path[1:]:
        if not last:
            return False
        if here & 1 or here == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, each)
        here, last = here >> 1, last >> 1
    return not last and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1
