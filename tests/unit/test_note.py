"""Signed notes: the published example key opens, and no changed byte of a note passes."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from audit.note import Checkpoint, VerifierKey, opened, signed
from domain.errors import BadInput

NAME = "bank.example/record"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey(NAME, PRIVATE.public_key().public_bytes_raw())
ROOT = hashlib.sha256(b"root").digest()
NOTE = signed(Checkpoint(NAME, 7, ROOT).text, KEY, PRIVATE.sign)
GO_KEY = (
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"  # of Go's sumdb/note, documented
)
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def test_note_reads_as_the_format_says() -> None:
    text, _, line = NOTE.rpartition("\n\n")
    assert text == f"{NAME}\n7\n{base64.b64encode(ROOT).decode()}"
    named = hashlib.sha256(f"{NAME}\n".encode() + b"\x01" + KEY.public).digest()[:4]
    raw = base64.b64decode(line.removeprefix(f"\N{EM DASH} {NAME} "))
    assert raw == named + PRIVATE.sign(f"{text}\n".encode())


def test_published_key_and_signature_of_the_format_hold() -> None:
    key = VerifierKey.parse(GO_KEY)
    raw = base64.b64decode(GO_SIGNATURE)
    assert (str(key), raw[:4]) == (GO_KEY, key.hash)
    with pytest.raises(BadInput, match="three lines"):
        opened(f"{GO_NOTE}\n\N{EM DASH} PeterNeumann {GO_SIGNATURE}\n", key)


@pytest.mark.parametrize(
    "text",
    ["", "PeterNeumann", GO_KEY[:-4], GO_KEY.replace("c74f", "c74e"), GO_KEY.replace("Peter", "P+ter")],
)
def test_key_whose_parts_do_not_fit_each_other_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not an Ed25519 verifier key"):
        VerifierKey.parse(text)


def test_note_opens_with_its_key_and_with_no_other() -> None:
    other = VerifierKey(NAME, Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw())
    assert opened(NOTE, VerifierKey.parse(str(KEY))) == Checkpoint(NAME, 7, ROOT)
    with pytest.raises(BadInput, match="no signature"):
        opened(NOTE, other)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_changed_character_is_refused_wherever_it_stands(at: int, sign: str) -> None:
    changed = NOTE[:at] + sign + NOTE[at + 1 :]
    if changed != NOTE:
        with pytest.raises(BadInput):
            opened(changed, KEY)


@given(st.integers(0, len(NOTE) - 1))
def test_cut_note_is_refused(length: int) -> None:
    with pytest.raises(BadInput):
        opened(NOTE[:length], KEY)


def test_note_of_another_log_is_refused_though_it_is_signed() -> None:
    with pytest.raises(BadInput, match="no checkpoint of this log"):
        opened(signed(Checkpoint("another.example", 7, ROOT).text, KEY, PRIVATE.sign), KEY)
