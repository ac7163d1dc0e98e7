"""Keys: the key file that wraps case keys, and the cipher of one case (AES-256-GCM)."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Misconfigured, NotFound

NONCE = 12


class Cipher:
    """Encrypts and authenticates; the context (where a value belongs) is bound into it."""

    def __init__(self, key: bytes) -> None:
        self._gcm = AESGCM(key)

    def encrypt(self, plain: bytes, context: str) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(NONCE)
        return nonce + self._gcm.encrypt(nonce, plain, context.encode())

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """The value; ``NotFound`` when it was sealed with another key or for another place."""
        try:
            return self._gcm.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
        except InvalidTag as error:
            raise NotFound("this value cannot be read: its key was destroyed or it was moved") from error


class KeyRing:
    """The key-encryption key. Reads a file of 32 bytes that only its owner may read."""

    def __init__(self, key: bytes) -> None:
        self._wrap = Cipher(_derived(key, b"wrap"))
        self._blind = _derived(key, b"blind-index")

    @classmethod
    def read(cls, file: Path) -> KeyRing:
        """From a key file; refuses one that others can read."""
        return cls(read_secret(file))

    def new_case_key(self, case_id: str) -> bytes:
        """A fresh case key, wrapped."""
        return self._wrap.encrypt(AESGCM.generate_key(256), f"case-key:{case_id}")

    def open_case_key(self, case_id: str, wrapped: bytes) -> Cipher:
        """The cipher of one case."""
        return Cipher(self._wrap.decrypt(wrapped, f"case-key:{case_id}"))

    def mark(self, kind: str, normalised: str) -> bytes:
        """Keyed hash for the blind index (HMAC-SHA-256)."""
        return hmac.new(self._blind, f"{kind}\0{normalised}".encode(), hashlib.sha256).digest()


def read_secret(file: Path) -> bytes:
    """The 32 bytes of a key file; ``Misconfigured`` when it is missing, others can read it or it is cut."""
    if not file.is_file():
        raise Misconfigured(f"no key file at {file}; create it with `countersign keygen`")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Misconfigured(f"{file} can be read by others; run `chmod 600 {file}`")
    key = file.read_bytes()
    if len(key) != 32:
        raise Misconfigured(f"{file} must hold exactly 32 bytes; create it with `countersign keygen`")
    return key


def generate(file: Path) -> None:
    """Write a new key file with mode 0600; an existing one is left alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as opened:
        opened.write(AESGCM.generate_key(256))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, b"countersign/" + purpose, hashlib.sha256).digest()
