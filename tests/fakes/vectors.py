"""The published test vectors of the record: ``python -m tests.fakes.vectors`` writes them to ``docs/vectors``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audit.archive import archive
from audit.merkle import consistency_proof, inclusion_proof, root_hash
from audit.stamps import stamp_of
from domain.canonical import canonical, digest
from tests.fakes.record import AT, KEY, SEED, entries, record, rows, tree, vouch

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "vectors"
VALUES: tuple[Any, ...] = ({}, [1, -7, True, None], {"b": 1, "a": "é\n"}, {"€": [], "1": {"z": 0, "A": 1}})


def vectors() -> dict[str, Any]:
    """Inputs and what they come to, in words of JSON."""
    chain = entries()
    grown = tree(chain)
    hashes = [leaf.hash for leaf in grown.leaves]
    pairs = [(index, size) for size in (1, 3, 7) for index in range(size)]
    return {
        "about": "docs/record.md says what each of these is; SHA-256 throughout, hexadecimal",
        "canonical": [
            {"value": each, "canonical": canonical(each).decode(), "sha256": digest(each)} for each in VALUES
        ],
        "chain": [{"event": each.unsealed(), "sha256": each.hash} for each in chain],
        "stamps": [{"key": key, "row": row, "sha256": stamp_of(row)} for key, row in rows().items()],
        "leaves": [{"content": each.content.decode(), "sha256": each.hash.hex()} for each in grown.leaves],
        "roots": [{"size": size, "sha256": root_hash(hashes[:size]).hex()} for size in range(8)],
        "inclusion": [
            {"index": index, "size": size, "proof": _hex(inclusion_proof(hashes[:size], index))}
            for index, size in pairs
        ],
        "consistency": [
            {"from": older, "to": 7, "proof": _hex(consistency_proof(hashes, older))} for older in range(1, 8)
        ],
        "signing": {"seed": SEED.hex(), "key": str(KEY), "note": grown.kept[7].note, "at": AT},
    }


def written() -> dict[str, bytes]:
    """The files by name."""
    text = json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"
    return {
        "record.json": text.encode(),
        "case.tar": archive(record(), vouch),
        "case.key": f"{KEY}\n".encode(),
    }


def _hex(proof: tuple[bytes, ...]) -> list[str]:
    return [each.hex() for each in proof]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in written().items():
        (FOLDER / name).write_bytes(content)
