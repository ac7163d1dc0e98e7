"""Keys: what is sealed opens only with its key and in its place; files that others can read are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkpoints.keys import KeyRing, generate
from domain.errors import Misconfigured, NotFound

RING = KeyRing(b"k" * 32)


def test_value_opens_only_in_its_place() -> None:
    cipher = RING.open_case_key("case-1", RING.new_case_key("case-1"))
    sealed = cipher.encrypt(b"secret", "case-1:tok_a")
    assert cipher.decrypt(sealed, "case-1:tok_a") == b"secret"
    with pytest.raises(NotFound):
        cipher.decrypt(sealed, "case-1:tok_b")


def test_case_key_of_another_case_does_not_open() -> None:
    with pytest.raises(NotFound):
        RING.open_case_key("case-2", RING.new_case_key("case-1"))


def test_equal_values_are_sealed_differently_and_marked_alike() -> None:
    cipher = RING.open_case_key("case-1", RING.new_case_key("case-1"))
    assert cipher.encrypt(b"x", "p") != cipher.encrypt(b"x", "p")
    assert RING.mark("name", "A B") == RING.mark("name", "A B") != KeyRing(b"j" * 32).mark("name", "A B")


def test_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    generate(tmp_path / "vault.key")
    first = (tmp_path / "vault.key").read_bytes()
    generate(tmp_path / "vault.key")
    assert (tmp_path / "vault.key").read_bytes() == first
    assert (tmp_path / "vault.key").stat().st_mode & 0o777 == 0o600


def test_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    generate(tmp_path / "vault.key")
    (tmp_path / "vault.key").chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod 600"):
        KeyRing.read(tmp_path / "vault.key")


def test_missing_key_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="keygen"):
        KeyRing.read(tmp_path / "vault.key")
