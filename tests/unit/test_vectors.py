"""The published vectors: this code gives them byte for byte, and the verifier accepts the archive among them."""

from __future__ import annotations

import hashlib
import json

import pytest

from audit import verify
from audit.verify import included
from tests.fakes.vectors import FOLDER, vectors, written


@pytest.mark.parametrize("name", ["record.json", "case.tar", "case.key"])
def test_published_vectors_are_what_the_code_gives(name: str) -> None:
    assert (FOLDER / name).read_bytes() == written()[name], "python -m tests.fakes.vectors writes them anew"


def test_published_archive_is_verified_with_its_published_key() -> None:
    key = (FOLDER / "case.key").read_text("utf-8").strip()
    assert "5 events, 3 rows" in verify.verify((FOLDER / "case.tar").read_bytes(), key)


def test_hashes_of_the_vectors_follow_from_their_own_text() -> None:
    given = json.loads((FOLDER / "record.json").read_text("utf-8"))
    for each in given["canonical"]:
        assert hashlib.sha256(each["canonical"].encode()).hexdigest() == each["sha256"]
        assert json.loads(each["canonical"]) == each["value"]
    for each in given["leaves"]:
        assert hashlib.sha256(b"\0" + each["content"].encode()).hexdigest() == each["sha256"]


def test_inclusion_proofs_of_the_vectors_hold_by_the_verifier_that_shares_no_code_with_their_maker() -> None:
    given = vectors()
    roots = {each["size"]: bytes.fromhex(each["sha256"]) for each in given["roots"]}
    for each in given["inclusion"]:
        leaf = given["leaves"][each["index"]]["content"].encode()
        proof = [bytes.fromhex(one) for one in each["proof"]]
        assert included(leaf, each["index"], each["size"], proof, roots[each["size"]])
