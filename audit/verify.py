# /// script
# requires-python = ">=3.11"
# dependencies = ["cryptography==50.0.2"]
# ///
"""Verifies one exported case offline, without the system that made it: ``python verify.py CASE.tar --key KEY``.

Needs the standard library, the package ``cryptography`` and the bank's verifier key, which you keep from elsewhere:
a key inside the archive would prove nothing. Take this file, too, from a place you trust: its SHA-256 is published.

What is checked, in this order:
  archive   packing its files again gives the same bytes, and its manifest is signed
  ledger    every event is hashed; each names the hash of the one before; none is missing, moved or cut off
  rows      every row of the other stores is hashed as it stands; an event holds that hash, the newest counts
  secrets   journal bodies, encrypted: each is hashed, and its row holds that hash
  book      the policy that decided: every event that names a version of it names the one in the archive
  tree      the chain's ends are leaves of a Merkle tree (RFC 6962) whose root is signed and holds all earlier ones

Exit code 0: all of it holds. 1: something does not; the first line names it. 2: it could not be read.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAPERS = ("README.txt", "verify.py", "dossier.md", "book.yaml")
FILES = (*PAPERS, "ledger.jsonl", "rows.jsonl", "secrets.jsonl", "tree.json")
MANIFEST = "manifest.note"
Archive = dict[str, bytes]


class Broken(Exception):
    """Something does not hold."""


# --- archive ----------------------------------------------------------------------------------------------------


def pack(files: Archive) -> bytes:
    """The archive of these files: plain ustar, nothing in a header but name and size."""
    parts = []
    for name, content in files.items():
        header = tarfile.TarInfo(name)
        header.size = len(content)
        parts += [header.tobuf(tarfile.USTAR_FORMAT), content, b"\0" * (-len(content) % 512)]
    return b"".join([*parts, b"\0" * 1024])


def unpack(raw: bytes) -> Archive:
    """Its files by name; whatever else is in the archive makes it differ from what ``pack`` gives."""
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as tar:
            files = {each.name: _content(tar, each) for each in tar}
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise Broken(f"archive: it cannot be read: {error}") from error
    missing = [name for name in (*FILES, MANIFEST) if name not in files]
    if missing or pack(files) != raw:
        raise Broken(f"archive: {missing[0] + ' is missing' if missing else 'it was not packed like this'}")
    return files


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


# --- signed notes (C2SP) ----------------------------------------------------------------------------------------


def read_note(note: bytes, key: str) -> list[str]:
    """The lines of a note, once the signature of this verifier key on it holds."""
    name, named, encoded = key.strip().split("+", 2)
    public = base64.b64decode(encoded, validate=True)
    if sha256(f"{name}\n".encode() + public).digest()[:4].hex() != named or public[:1] != b"\x01":
        raise Broken("key: this is no Ed25519 verifier key; copy the whole line")
    text, _, lines = note.decode().rpartition("\n\n")
    start = f"\N{EM DASH} {name} "
    signature = base64.b64decode(lines.strip().removeprefix(start))
    if lines != f"{start}{base64.b64encode(signature).decode()}\n" or signature[:4].hex() != named:
        raise Broken(f"note: it is not signed by {name}")
    try:
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], f"{text}\n".encode())
    except InvalidSignature as error:
        raise Broken(f"note: the signature of {name} does not hold") from error
    return text.split("\n")


def read_root(note: str, key: str) -> tuple[int, bytes]:
    """Size and root of the tree that a note vouches for."""
    lines = read_note(note.encode(), key)
    if len(lines) != 3 or lines[0] != key.partition("+")[0]:
        raise Broken("tree: a note is signed, but it is no root of this log")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def check_manifest(files: Archive, key: str) -> dict[str, str]:
    """What the manifest says of the case; each file must be the one that it names."""
    said = dict(line.split(" ", 1) for line in read_note(files[MANIFEST], key)[1:])
    for name in FILES:
        if said.get(f"sha256/{name}") != sha256(files[name]).hexdigest():
            raise Broken(f"manifest: {name} is not the file that was signed")
    if [*files] != [*FILES, MANIFEST]:
        raise Broken("manifest: there are files in the archive that it does not name")
    return said


# --- ledger -----------------------------------------------------------------------------------------------------


def read_events(ledger: bytes) -> list[dict[str, Any]]:
    """Every event; each line is its SHA-256, a space, and the event as it was hashed (RFC 8785)."""
    events: list[dict[str, Any]] = []
    prev = "0" * 64
    for n, line in enumerate(ledger.split(b"\n")[:-1], 1):
        named, _, content = line.partition(b" ")
        if sha256(content).hexdigest() != named.decode("ascii", "replace"):
            raise Broken(f"event {n}: its content was changed")
        event = _json(content, f"event {n}")
        if event["seq"] != n:
            raise Broken(f"event {n}: it is missing or out of order; here stands event {event['seq']}")
        if event["prev"] != prev or (events and event["stream"] != events[0]["stream"]):
            raise Broken(f"event {n}: it does not follow the event before it")
        prev = named.decode()
        events.append({**event, "hash": prev})
    return events


def _json(content: bytes, where: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise Broken(f"{where}: it says something twice")
        return dict(pairs)

    try:
        found: dict[str, Any] = json.loads(content, object_pairs_hook=once)
    except ValueError as error:
        raise Broken(f"{where}: it cannot be read") from error
    return found


# --- rows and secrets -------------------------------------------------------------------------------------------


def check_rows(rows: bytes, events: list[dict[str, Any]]) -> dict[str, str]:
    """Every row by its key; each line is the key, a tab, and the row as it was hashed."""
    stamps = {key: (stamp, e["seq"]) for e in events for key, stamp in e["body"].get("stamps", {}).items()}
    found = dict(line.split("\t", 1) for line in rows.decode().split("\n")[:-1])
    for key, row in found.items():
        stamp, event = stamps.get(key, ("", 0))
        if sha256(row.encode()).hexdigest() != stamp:
            raise Broken(
                f"event {event}: row {key} is not as it says" if event else f"row {key}: no event knows it"
            )
    for key, (_, event) in stamps.items():
        if key not in found:
            raise Broken(f"event {event}: row {key} is missing")
    return found


def check_secrets(secrets: bytes, rows: dict[str, str]) -> None:
    """Every encrypted body; each line is the key of its row, a tab, and the ciphertext in base64."""
    found = dict(line.split("\t", 1) for line in secrets.decode().split("\n")[:-1])
    for key, encoded in found.items():
        if sha256(base64.b64decode(encoded, validate=True)).hexdigest() not in rows.get(key, ""):
            raise Broken(f"secret {key}: its row says another one")
    for key in rows:
        if key.startswith(("request/", "answer/")) and key not in found:
            raise Broken(f"secret {key}: it is missing")


def check_book(book: bytes, events: list[dict[str, Any]]) -> None:
    """The book that the case is pinned to: versions are written ``kind@version:digest``, 12 signs of its SHA-256."""
    named = {e["seq"]: e["body"]["policy_version"] for e in events if "policy_version" in e["body"]}
    for event, version in named.items() or [(len(events), "no book")]:
        if version.rpartition(":")[2] != sha256(book).hexdigest()[:12]:
            raise Broken(f"event {event}: it names {version}, and book.yaml is another one")


# --- tree (RFC 6962, RFC 9162) ----------------------------------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2."""
    here, last, found = index, size - 1, sha256(b"\x00" + leaf).digest()
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node(sibling, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node(found, sibling)
        here, last = here >> 1, last >> 1
    return 0 <= index < size and last == 0 and found == root


def consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2."""
    if old[0] == new[0]:
        return old[1] == new[1] and not proof
    path = proof if old[0] & (old[0] - 1) else [old[1], *proof]
    if not path or not 0 < old[0] < new[0]:
        return False
    here, last = old[0] - 1, new[0] - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node(each, first), node(each, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node(second, each)
        here, last = here >> 1, last >> 1
    return last == 0 and (first, second) == (old[1], new[1])


def check_tree(tree: dict[str, Any], events: list[dict[str, Any]], key: str) -> None:
    """Every leaf of the case under the newest signed root, the last one at the last event; no root contradicts it."""
    size, root = read_root(tree["note"], key)
    for leaf in tree["leaves"]:
        proof = [bytes.fromhex(each) for each in leaf["proof"]]
        if not included(leaf["content"].encode(), leaf["position"], size, proof, root):
            raise Broken(f"tree: leaf {leaf['position']} is not under the signed root")
        said = _json(leaf["content"].encode(), f"leaf {leaf['position']}")
        if said["stream"] != events[0]["stream"] or not 0 < said["seq"] <= len(events):
            raise Broken(
                f"event {len(events) + 1}: {said['seq']} events were anchored, {len(events)} are there"
            )
        if events[said["seq"] - 1]["hash"] != said["head"]:
            raise Broken(f"event {said['seq']}: it is not the one that was anchored")
    if not tree["leaves"] or said["seq"] != len(events):
        raise Broken(f"event {len(events)}: the last event is not anchored")
    for earlier in tree["earlier"]:
        proof = [bytes.fromhex(each) for each in earlier["proof"]]
        if not consistent(read_root(earlier["note"], key), (size, root), proof):
            raise Broken("tree: an earlier signed root is not part of the newest: two histories were signed")


def verify(raw: bytes, key: str) -> str:
    """What was verified, in one line; ``Broken`` names the first thing that does not hold."""
    try:
        files = unpack(raw)
        events = read_events(files["ledger.jsonl"])
        rows = check_rows(files["rows.jsonl"], events)
        check_secrets(files["secrets.jsonl"], rows)
        check_book(files["book.yaml"], events)
        check_tree(_json(files["tree.json"], "tree"), events, key)
        said = check_manifest(files, key)
        if (said["case"], said["events"]) != (events[0]["stream"], str(len(events))):
            raise Broken("manifest: it is of another case")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Broken(
            f"archive: it is not written as it should be: {type(error).__name__}: {error}"
        ) from error
    return f"{said['case']}: {len(events)} events, {len(rows)} rows, all of it as signed by {key.partition('+')[0]}"


def main(arguments: list[str] | None = None) -> int:
    """Say what was verified: 0; 1 when something does not hold, 2 when there is nothing to read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--key", required=True, help="the bank's verifier key, or a file that holds it")
    given = parser.parse_args(arguments)
    try:
        raw = given.archive.read_bytes()
        key = given.key if "+" in given.key else Path(given.key).read_text("utf-8")
    except OSError as error:
        print(f"it cannot be read: {error}")
        return 2
    try:
        print(f"VERIFIED {verify(raw, key.strip())}")
    except Broken as broken:
        print(f"NOT VERIFIED {broken}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
