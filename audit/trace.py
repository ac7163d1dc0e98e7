"""The one trace id of a case, worked out from the case alone: logs, spans and traces of all processes share it.

Owns the arithmetic only; nothing is stored and nothing is random.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID


def trace_id(case_id: str, opened_at: datetime) -> UUID:
    """RFC 9562 version 7 layout: 48 bits of Unix milliseconds, the rest from SHA-256 of the case id."""
    milliseconds = int(opened_at.timestamp() * 1000)
    tail = int.from_bytes(sha256(case_id.encode()).digest()[:10])
    whole = (milliseconds << 80) | tail
    versioned = (whole & ~(0xF << 76)) | (0x7 << 76)
    return UUID(int=(versioned & ~(0x3 << 62)) | (0x2 << 62))


def root_span(case_id: str) -> int:
    """The id of the span that every advance of a case hangs under: 64 bits, never 0."""
    return int.from_bytes(sha256(case_id.encode()).digest()[-8:]) or 1
