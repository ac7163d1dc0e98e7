"""Canonical JSON (RFC 8785) and digests over it: the one form that is hashed and signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

Json = Any  # a JSON value: null, bool, int, float, str, list, object


def canonical(value: Json) -> bytes:
    """RFC 8785 bytes of a JSON value; raises ``ValueError`` for what JSON cannot carry exactly."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def settled(value: Json) -> Json:
    """The value as it reads back from its canonical form: what is used first equals what is recalled."""
    return json.loads(canonical(value))


def digest(value: Json) -> str:
    """SHA-256 of the canonical form, lower-case hexadecimal (64 characters)."""
    return hashlib.sha256(canonical(value)).hexdigest()
