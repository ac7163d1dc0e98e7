"""The verifier of an export: alone on a machine it accepts what is whole, and names what is not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from audit import verify
from audit.archive import archive, verifier_source
from audit.note import signed
from tests.fakes.record import KEY, PRIVATE, entries, record, tree, vouch

ROOT = Path(__file__).resolve().parents[2]
WHOLE = archive(record(), vouch)
FILES = verify.unpack(WHOLE)
Change = Callable[[list[bytes]], list[bytes]]


def told(raw: bytes, key: str = str(KEY)) -> str:
    with pytest.raises(verify.Broken) as broken:
        verify.verify(raw, key)
    return str(broken.value)


def ledger(change: Change) -> bytes:
    lines = change(FILES["ledger.jsonl"].splitlines(keepends=True))
    return verify.pack(FILES | {"ledger.jsonl": b"".join(lines)})


def test_whole_archive_is_verified_by_its_own_file_where_nothing_else_of_this_project_is(
    tmp_path: Path,
) -> None:
    (tmp_path / "case.tar").write_bytes(WHOLE)
    (tmp_path / "verify.py").write_bytes(FILES["verify.py"])
    command = [sys.executable, "-I", "verify.py", "case.tar", "--key", str(KEY)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("VERIFIED home_loan-vector: 5 events, 3 rows")


def test_verifier_imports_the_standard_library_and_the_one_package_that_it_pins() -> None:
    source = verifier_source().decode()
    imported = {
        line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import", "from"))
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    locked = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = next(line.split()[0] for line in locked if line.startswith("cryptography"))
    assert f'dependencies = ["{pinned}"]' in source
    assert len(source.splitlines()) < 300


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_found(at: int, by: int) -> None:
    told(WHOLE[:at] + bytes([WHOLE[at] ^ by]) + WHOLE[at + 1 :])


@given(st.integers(0, len(WHOLE) - 1))
def test_cut_archive_is_found(length: int) -> None:
    told(WHOLE[:length])


def test_anything_behind_the_end_is_found() -> None:
    assert told(WHOLE + b"\0" * 512) == "archive: it was not packed like this"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda e: [e[0], e[1].replace(b"system", b"nobody"), *e[2:]], "event 2: its content was changed"),
        (lambda e: [*e[:2], *e[3:]], "event 3: it is missing or out of order"),
        (lambda e: [e[0], e[2], e[1], *e[3:]], "event 2: it is missing or out of order"),
        (lambda e: e[:4], "event 5: 5 events were anchored, 4 are there"),
        (lambda e: [*e[:3], e[2], *e[3:]], "event 4: it is missing or out of order"),
    ],
)
def test_first_bad_event_is_named(change: Change, named: str) -> None:
    assert told(ledger(change)).startswith(named)


def test_rewritten_chain_is_not_the_one_that_was_anchored() -> None:
    forged = entries()
    forged[4] = replace(forged[4], body={"n": 6}).sealed()
    raw = archive(replace(record(), entries=forged), vouch)
    assert told(raw) == "event 5: it is not the one that was anchored"


def test_history_that_was_rewritten_and_signed_anew_contradicts_what_was_signed_before() -> None:
    anew = tree(entries(), "rewritten")
    mixed = replace(anew, kept=anew.kept | {3: record().tree.kept[3]})
    assert told(archive(replace(record(), tree=mixed), vouch)).endswith("two histories were signed")


def test_root_that_was_signed_with_another_key_is_refused() -> None:
    with pytest.raises(verify.Broken, match="not signed by"):
        verify.verify(WHOLE, str(replace(KEY, public=bytes(31) + b"\1")))


def test_row_that_was_exchanged_names_its_event() -> None:
    rows = FILES["rows.jsonl"].replace(b"approved", b"rejected")
    assert told(verify.pack(FILES | {"rows.jsonl": rows})) == "event 3: row approval/a-1 is not as it says"


def test_row_that_was_left_out_names_its_event() -> None:
    rows = b"".join(line for line in FILES["rows.jsonl"].splitlines(keepends=True) if b"approval" not in line)
    assert told(verify.pack(FILES | {"rows.jsonl": rows})) == "event 3: row approval/a-1 is missing"


def test_secret_that_was_exchanged_is_named() -> None:
    secrets = FILES["secrets.jsonl"].replace(b"AGFza2Vk", b"AGFza2Vl")
    assert told(verify.pack(FILES | {"secrets.jsonl": secrets})).startswith("secret request/")


def test_file_that_was_added_is_found() -> None:
    assert "does not name" in told(verify.pack(FILES | {"extra.txt": b"x"}))


def test_key_that_signs_the_vectors_is_the_published_one() -> None:
    assert PRIVATE.private_bytes_raw() == bytes(range(32))


def test_book_that_was_exchanged_is_not_the_one_that_decided_whoever_signed_the_archive() -> None:
    raw = archive(replace(record(), book="kind: vector\nversion: '2'\n"), vouch)
    assert told(raw).startswith("event 1: it names vector@1:")
    assert told(verify.pack(FILES | {"book.yaml": b"kind: other\n"})).startswith(
        "event 1: it names vector@1:"
    )


def test_an_archive_whose_events_name_no_book_is_refused() -> None:
    nameless = [{"seq": each.seq, "body": {"n": each.seq}} for each in entries()]
    with pytest.raises(verify.Broken, match="event 5: it names no book"):
        verify.check_book(b"", nameless)


def hashed(*contents: bytes) -> bytes:
    """A ledger whose lines hold what they name, whatever else is wrong with them."""
    return b"".join(sha256(each).hexdigest().encode() + b" " + each + b"\n" for each in contents)


EVENTS = [line.partition(b" ")[2] for line in FILES["ledger.jsonl"].splitlines()]


@pytest.mark.parametrize(
    ("contents", "named"),
    [
        ([EVENTS[0], EVENTS[1].replace(b'"prev":"', b'"prev":"0')], "event 2: it does not follow the event before it"),
        ([EVENTS[0], EVENTS[1].replace(b"home_loan-vector", b"home_loan-other")], "event 2: it does not follow"),
        ([EVENTS[0].replace(b'"seq":1', b'"seq":1,"seq":1')], "event 1: it says something twice"),
        ([EVENTS[0][:-1]], "event 1: it cannot be read"),
    ],
)  # fmt: skip
def test_line_that_was_hashed_anew_still_has_to_follow_and_to_say_each_thing_once(
    contents: list[bytes], named: str
) -> None:
    assert told(verify.pack(FILES | {"ledger.jsonl": hashed(*contents)})).startswith(named)


def test_secret_that_was_left_out_is_named() -> None:
    (_, asked) = FILES["secrets.jsonl"].splitlines(keepends=True)
    assert (
        told(verify.pack(FILES | {"secrets.jsonl": asked}))
        == "secret answer/r1.mortgage.x/1/ab/0: it is missing"
    )


def forged(change: Callable[[dict[str, Any]], object]) -> str:
    said = json.loads(FILES["tree.json"])
    change(said)
    return told(verify.pack(FILES | {"tree.json": json.dumps(said).encode()}))


def test_leaf_that_the_signed_root_does_not_hold_is_named() -> None:
    assert (
        forged(lambda said: said["leaves"][0].update(position=2))
        == "tree: leaf 2 is not under the signed root"
    )
    assert (
        forged(lambda said: said["leaves"][1]["proof"].pop()) == "tree: leaf 6 is not under the signed root"
    )


def test_end_of_the_record_that_nothing_anchors_is_named() -> None:
    assert forged(lambda said: said["leaves"].pop()) == "event 5: the last event is not anchored"
    assert forged(lambda said: said["leaves"].clear()) == "event 5: the last event is not anchored"


def test_what_else_the_bank_signed_is_no_root_and_no_manifest_of_this_case() -> None:
    other = vouch(f"{KEY.name}/other\n7\n{'A' * 43}=\n")
    assert "it is no root of this log" in forged(lambda said: said.update(note=other))
    lines = FILES[verify.MANIFEST].decode().partition("\n\n")[0]
    theirs = vouch(lines.replace("case home_loan-vector", "case home_loan-other") + "\n")
    assert told(verify.pack(FILES | {verify.MANIFEST: theirs.encode()})) == "manifest: it is of another case"


def test_key_that_was_not_copied_whole_is_refused() -> None:
    for key in (f"{KEY.name}+00000000+{str(KEY).split('+', 2)[2]}", str(KEY).replace("+", "x+", 1)):
        assert told(WHOLE, key) == "key: this is no Ed25519 verifier key; copy the whole line"


def test_root_and_manifest_that_somebody_else_signed_in_our_name_are_forged() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    root = json.loads(FILES["tree.json"])["note"].partition("\n\n")[0]
    manifest = FILES[verify.MANIFEST].decode().partition("\n\n")[0]
    fake = signed(f"{root}\n", KEY, stranger.sign), signed(f"{manifest}\n", KEY, stranger.sign)
    assert "the signature of" in forged(lambda said: said.update(note=fake[0]))
    assert "the signature of" in forged(lambda said: said["earlier"][0].update(note=fake[0]))
    assert "the signature of" in told(verify.pack(FILES | {verify.MANIFEST: fake[1].encode()}))


def test_archive_that_leaves_out_what_it_must_say_is_refused_and_breaks_nothing() -> None:
    assert forged(lambda said: said.pop("note")).startswith(
        "archive: it is not written as it should be: KeyError"
    )
    assert "it is not written as it should be" in told(verify.pack(FILES | {"secrets.jsonl": b"no tab\n"}))
