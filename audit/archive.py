"""One case as one archive that proves itself: what is in it and how each file is written. Pure.

Everything is text; the same record and key give the same bytes. ``audit/verify.py`` goes into the archive as it
stands and checks it without this project. Holds no plain journal and no key: what is encrypted stays so.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from audit import verify
from audit.chain import Entry
from audit.leaf import Leaf
from audit.merkle import consistency_proof, inclusion_proof
from audit.tree import Tree
from domain.canonical import canonical

FORM = "export/2"
README = """\
The record of case {case}, as one archive that can be verified without the system that made it.

  python -m pip install cryptography==50.0.2
  python verify.py {case}.tar --key '<the bank's verifier key>'

Take the key from the bank by another way than this archive (`countersign verifier` prints it), and compare the
SHA-256 of verify.py with the published one before you trust it: {verifier}

  ledger.jsonl   every event in order: its SHA-256, a space, the event as it was hashed (RFC 8785)
  rows.jsonl     every row of the other stores: key, tab, the row as it was hashed; events hold the hash ("stamps")
  secrets.jsonl  what models and tools were asked and answered, encrypted with the key of the case: key, tab, base64
  book.yaml      the policy that decided: the version that the case is pinned to, as it was written
  tree.json      where the chain is anchored: leaves, inclusion proofs, the signed root, consistency proofs
  dossier.md     the case in words
  manifest.note  the SHA-256 of each file, signed

Dates are UTC, amounts are cents, identity stands as tokens.
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into an archive.

    Args:
        entries: the ledger of the case, in order.
        rows: rows of the other stores by key, as they are hashed.
        secrets: ciphertexts of the journal by the key of their row.
        dossier: the case in words.
        book: the policy that it is pinned to, as it was written.
        tree: that its chain is anchored in.
    """

    entries: Sequence[Entry]
    rows: Mapping[str, str]
    secrets: Mapping[str, bytes]
    dossier: str
    book: str
    tree: Tree

    @property
    def case_id(self) -> str:
        """Of which case."""
        return self.entries[0].stream


def verifier_source() -> bytes:
    """``verify.py`` as it stands."""
    return Path(verify.__file__).read_bytes()


def archive(record: Contents, vouch: Callable[[str], str]) -> bytes:
    """The archive; ``vouch`` signs its manifest."""
    source = verifier_source()
    readme = README.format(case=record.case_id, verifier=sha256(source).hexdigest())
    contents = (
        readme.encode(),
        source,
        record.dossier.encode(),
        record.book.encode(),
        b"".join(_event(entry) for entry in record.entries),
        _listed(record.rows),
        _listed({key: base64.b64encode(each).decode() for key, each in record.secrets.items()}),
        canonical(_anchoring(record)),
    )
    files = dict(zip(verify.FILES, contents, strict=True))
    return verify.pack(files | {verify.MANIFEST: vouch(_manifest(record, files)).encode()})


def _manifest(record: Contents, files: Mapping[str, bytes]) -> str:
    said = {
        "case": record.case_id,
        "events": str(len(record.entries)),
        "head": record.entries[-1].hash,
        **{f"sha256/{name}": sha256(content).hexdigest() for name, content in files.items()},
    }
    return "\n".join([f"{record.tree.key.name}/{FORM}", *(f"{k} {v}" for k, v in said.items())]) + "\n"


def _event(entry: Entry) -> bytes:
    return entry.hash.encode() + b" " + canonical(entry.unsealed()) + b"\n"


def _listed(rows: Mapping[str, str]) -> bytes:
    return "".join(f"{key}\t{line}\n" for key, line in rows.items()).encode()


def _anchoring(record: Contents) -> dict[str, object]:
    """The leaves of the case under the newest root, and the earlier roots that first covered one of them."""
    tree, size = record.tree, record.tree.signed
    hashes = [leaf.hash for leaf in tree.leaves[:size]]
    mine = [leaf for leaf in tree.by_stream.get(record.case_id, ()) if leaf.position < size]
    earlier = sorted({_first_root(tree, leaf) for leaf in mine} - {size})
    return {
        "note": tree.kept[size].note,
        "leaves": [
            {
                "position": leaf.position,
                "content": leaf.content.decode(),
                "proof": _hex(inclusion_proof(hashes, leaf.position)),
            }
            for leaf in mine
        ],
        "earlier": [
            {"note": tree.kept[each].note, "proof": _hex(consistency_proof(hashes, each))} for each in earlier
        ],
    }


def _first_root(tree: Tree, leaf: Leaf) -> int:
    return min(size for size in tree.kept if size > leaf.position)


def _hex(proof: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in proof]
