"""Two hundred values that identify somebody, each unlike the others, and the search for them in everything written.

Each is taken once and put somewhere; what was taken is looked for as it is written, without its signs, in
hexadecimal and in base64.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from stdnum import luhn

from graphs.services import Services

MANY = 200
FIRST = ("zel", "qua", "vor", "mib", "tux", "jor", "kem", "wyl", "pax", "gri")
LAST = ("dramond", "quillen", "vasterly", "moxburn", "tirrel", "jaskow", "kentrop", "wexforde", "pellgrin")
SHORTEST = 8  # letters and digits of a value without its signs that is looked for


@dataclass
class Canaries:
    """What there is of each sort, and what was put somewhere."""

    planted: list[str] = field(default_factory=list)
    _left: dict[str, Iterator[str]] = field(default_factory=lambda: {sort: _made(sort) for sort in MAKES})

    def take(self, sort: str) -> str:
        """One that nobody had before; it counts as planted."""
        value = next(self._left[sort])
        self.planted.append(value)
        return value

    def said(self, *sorts: str) -> str:
        """A sentence with one of each sort."""
        return "I spoke to them: " + "; ".join(f"{_word(sort)} {self.take(sort)}" for sort in sorts) + "."


def hits(planted: list[str], everywhere: bytes) -> list[str]:
    """Which of them stand there, in whatever form."""
    folded = everywhere.lower()
    return [
        value
        for value in planted
        if any(form in folded for form in _forms(value)) or _alone(_bare(value), folded)
    ]


async def database(services: Services) -> bytes:
    """Every column of every row of every table, binary ones as they are."""
    tables = await services.database.rows(
        "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    )
    parts: list[bytes] = []
    for table in tables:
        rows = await services.database.rows(f"select * from {table['name']}")  # type: ignore[arg-type]
        parts += [_bytes(value) for row in rows for value in row.values()]
    return b"\n".join(parts)


def files(folder: Path, *but: str) -> bytes:
    """Every file below a folder, with its name."""
    parts: list[bytes] = []
    for where, _, names in os.walk(folder):
        parts += [name.encode() + b"\n" + Path(where, name).read_bytes() for name in names if name not in but]
    return b"\n".join(parts)


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str).encode()
    return str(value).encode()


def _forms(value: str) -> Iterator[bytes]:
    """As written, and encoded as programs encode it; in lower case."""
    plain = value.lower()
    yield plain.encode()
    for written in {value, plain, value.upper()}:
        yield written.encode().hex().encode()
        yield from (_inside(written.encode(), shift) for shift in range(3))


def _bare(value: str) -> bytes:
    """Its letters and digits; nothing where they are too few to mean it."""
    bare = re.sub(r"[\W_]", "", value.lower())
    return bare.encode() if len(bare) >= SHORTEST else b""


def _alone(bare: bytes, folded: bytes) -> bool:
    """Whether it stands there and is not a part of something longer, as digits of a digest are."""
    at = folded.find(bare) if bare else -1
    while at >= 0:
        around = folded[max(at - 1, 0) : at] + folded[at + len(bare) : at + len(bare) + 1]
        if not around.isalnum():
            return True
        at = folded.find(bare, at + 1)
    return False


def _inside(plain: bytes, shift: int) -> bytes:
    """What of its base64 stands in the base64 of anything that holds it, this many bytes into a group of three."""
    whole = b64encode(b"\0" * shift + plain)
    return whole[(shift * 8 + 5) // 6 : (shift + len(plain)) * 8 // 6].lower()


def _word(sort: str) -> str:
    return {"tax": "SSN", "street": "of", "birth": "born", "passport": "passport no."}.get(sort, sort)


def _made(sort: str) -> Iterator[str]:
    """Endless enough; made up by rule, so that every run plants the same."""
    return (MAKES[sort](n, first, last) for n, (first, last) in enumerate(product(FIRST, LAST)))


def _card(n: int, *_: str) -> str:
    digits = f"4539{(7_310_911 + 13 * n) * 1009 % 10**11:011}"
    return " ".join(re.findall("....", f"{digits}{luhn.calc_check_digit(digits)}"))


MAKES: dict[str, Callable[[int, str, str], str]] = {
    "name": lambda _, first, last: f"{first}{last[:3]}in {last}{first}".title(),
    "tax": lambda n, *_: f"{501 + n}-{11 + n % 80}-{4100 + 7 * n}",
    "card": _card,
    "email": lambda n, first, last: f"{first}.{last}.{n}@planted.example",
    "phone": lambda n, *_: f"(212) 555-{100 + n:04}",
    "street": lambda n, _, last: f"{4100 + n} {last.title()} Crescent, Demo City, IA 50309",
    "birth": lambda n, *_: f"19{50 + n % 40}-{1 + n % 12:02}-{1 + n % 28:02}",
    "passport": lambda n, *_: f"UT{7_010_020 + 97 * n}",
}
