"""A small record made of fixed values: the same key and events give the same archive, byte for byte."""

from __future__ import annotations

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.archive import Contents
from audit.chain import GENESIS, Entry
from audit.leaf import Leaf
from audit.merkle import Frontier
from audit.note import Checkpoint, VerifierKey, signed
from audit.stamps import stamp_of
from audit.tree import Kept, Tree

NAME = "vectors.example/record"
SEED = bytes(range(32))  # published: it signs nothing but these vectors
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
KEY = VerifierKey(NAME, PRIVATE.public_key().public_bytes_raw())
CASE = "home_loan-vector"
AT = "2026-03-02T15:00:00.000+00:00"
BOOK = "kind: vector\nversion: '1'\n"
SECRETS = {"request/r1.mortgage.x/1/ab/0": b"\x00asked", "answer/r1.mortgage.x/1/ab/0": b"\x00answered"}


def vouch(text: str) -> str:
    """The signed note of a text."""
    return signed(text, KEY, PRIVATE.sign)


def rows() -> dict[str, str]:
    """Rows of other stores as they are hashed."""
    asked, answered = (sha256(each).hexdigest() for each in SECRETS.values())
    return {
        "answer/r1.mortgage.x/1/ab/0": f'["{answered}", "2026-03-02T15:00:00+00:00"]',
        "approval/a-1": '["a-1", "offer", {"maker": "Demo Ünderwriter"}, "approved"]',
        "request/r1.mortgage.x/1/ab/0": f'["r1.mortgage.x", 1, "{asked}"]',
    }


def entries(count: int = 5) -> list[Entry]:
    """A chain whose third event stamps every row."""
    made: list[Entry] = []
    for n in range(1, count + 1):
        body: dict[str, object] = {"n": n, "text": "€ \u20ac \n\u0007"}
        if n == 1:
            body["policy_version"] = f"vector@1:{sha256(BOOK.encode()).hexdigest()[:12]}"
        if n == 3:
            body["stamps"] = {key: stamp_of(line) for key, line in rows().items()}
        prev = made[-1].hash if made else GENESIS
        made.append(Entry(CASE, n, f"k{n}", "vector", 1, AT, "system", body, prev).sealed())
    return made


def tree(chain: list[Entry], others: str = "other") -> Tree:
    """Seven leaves under three roots; the case is anchored at its second and its last event."""
    ends = {1: 2, 6: len(chain)}
    leaves = [
        Leaf(n, CASE, ends[n], chain[ends[n] - 1].hash, AT)
        if n in ends
        else Leaf(n, f"{others}-{n}", 1, f"{n:064x}", AT)
        for n in range(7)
    ]
    kept, grown = {}, Frontier()
    for leaf in leaves:
        grown = grown.grown(leaf.hash)
        if grown.size in (3, 5, 7):
            note = vouch(Checkpoint(NAME, grown.size, grown.root).text)
            kept[grown.size] = Kept(note, tuple(peak.hex() for peak in grown.peaks))
    return Tree(leaves, kept, {size: each.note for size, each in kept.items()}, KEY)


def record() -> Contents:
    """All of it."""
    chain = entries()
    secrets = dict(sorted(SECRETS.items()))
    return Contents(chain, rows(), secrets, "# Dossier of a vector\n", BOOK, tree(chain))
