"""What base64 and hexadecimal in a text say, when they say words; twice over, no deeper."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
HEXADECIMAL = re.compile(r"\b(?:[0-9a-fA-F]{2}[ :]?){12,}")
MOST = 200  # runs of a text that are looked at
DEPTH = 2


def decoded(text: str, depth: int = DEPTH) -> Iterator[str]:
    """Every decoding of a run of the text that reads as words, and what is encoded in it in turn."""
    if depth == 0:
        return
    for n, run in enumerate((*BASE64.finditer(text), *HEXADECIMAL.finditer(text))):
        if n == MOST:
            return
        for said in (_base64(run[0]), _hexadecimal(run[0])):
            if said:
                yield said
                yield from decoded(said, depth - 1)


def _base64(run: str) -> str:
    bare = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _words(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except binascii.Error:
        return ""


def _hexadecimal(run: str) -> str:
    digits = re.sub(r"[ :]", "", run)
    try:
        return _words(bytes.fromhex(digits))
    except ValueError:
        return ""


def _words(said: bytes) -> str:
    """The text, if it is one: printable, with a blank, or long enough to hold another encoding."""
    try:
        text = said.decode()
    except UnicodeDecodeError:
        return ""
    plain = text.replace("\n", " ").replace("\t", " ")
    return text if plain.isprintable() and (" " in plain or BASE64.fullmatch(plain)) else ""
