"""Signed notes as C2SP writes them (signed-note, tlog-checkpoint): the text that vouches for a root.

Owns the bytes: what a checkpoint of the tree says, what is signed, how a signature line and a verifier key
read. Never holds a private key: whoever signs hands in a function.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.errors import BadInput

ED25519 = b"\x01"  # algorithm byte of signed-note
DASH = "\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whose signature counts: ``<name>+<key hash>+<base64 of algorithm and key>``."""

    name: str
    public: bytes  # Ed25519, 32 bytes

    @property
    def hash(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, algorithm and key."""
        return hashlib.sha256(f"{self.name}\n".encode() + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read one; ``BadInput`` when its parts do not fit each other."""
        name, _, rest = text.strip().partition("+")
        named, _, encoded = rest.partition("+")
        raw = _bytes(encoded)
        key = cls(name, raw[1:])
        if not _named(name) or len(raw) != 33 or raw[:1] != ED25519 or key.hash.hex() != named:
            raise BadInput("not an Ed25519 verifier key", field="key", remedy="copy the whole line")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note says of the tree."""

    origin: str  # which log
    size: int  # leaves
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def signed(text: str, key: VerifierKey, sign: Callable[[bytes], bytes]) -> str:
    """The note of a text that ends with a newline: text, blank line, signature line."""
    line = _base64(key.hash + sign(text.encode()))
    return f"{text}\n{DASH} {key.name} {line}\n"


def opened(note: str, key: VerifierKey) -> Checkpoint:
    """What a note says, once this key's signature on it holds; ``BadInput`` names what is wrong."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadInput("a note is text, a blank line and signatures", field="note")
    text += "\n"
    if not any(_holds(line, text, key) for line in lines.splitlines()):
        raise BadInput(f"no signature of {key.name} holds", field="note", remedy="compare the verifier keys")
    checkpoint = _checkpoint(text)
    if note != f"{text}\n{lines}" or checkpoint.text != text or checkpoint.origin != key.name:
        raise BadInput("signed, but no checkpoint of this log", field="note")
    return checkpoint


def _checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or not lines[1].isdecimal() or not lines[1].isascii():
        raise BadInput("a checkpoint has three lines: origin, size, root", field="note")
    return Checkpoint(lines[0], int(lines[1]), _bytes(lines[2]))


def _holds(line: str, text: str, key: VerifierKey) -> bool:
    start = f"{DASH} {key.name} "
    if not line.startswith(start):
        return False
    raw = _bytes(line.removeprefix(start))
    if raw[:4] != key.hash or line != start + _base64(raw):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _named(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
