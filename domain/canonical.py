"""Canonical JSON (RFC 8785) and digests over it: the one form that is hashed and signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson
import rfc8785

Json = Any  # a JSON value: null, bool, int, float, str, list, object
SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical(value: Json) -> bytes:
    """RFC 8785 bytes of a JSON value; raises ``ValueError`` for what JSON cannot carry exactly.

    What has no floats and only ASCII keys is written by orjson, whose bytes are then the same, several times faster.
    """
    try:
        return orjson.dumps(value, option=SORTED) if _plain(value) else rfc8785.dumps(value)
    except (orjson.JSONEncodeError, rfc8785.CanonicalizationError) as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def _plain(value: Json) -> bool:
    """Whether each part of it is written in one way only, and the order of its keys is that of their bytes."""
    if isinstance(value, dict):
        return all(type(key) is str and key.isascii() and _plain(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return value is None or isinstance(value, str | int)


def settled(value: Json) -> Json:
    """The value as it reads back from its canonical form: what is used first equals what is recalled."""
    return json.loads(canonical(value))


def digest(value: Json) -> str:
    """SHA-256 of the canonical form, lower-case hexadecimal (64 characters)."""
    return hashlib.sha256(canonical(value)).hexdigest()
