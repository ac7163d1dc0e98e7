"""A small synthetic register, and the same with some values changed."""

from __future__ import annotations

from pathlib import Path

from tools.hmda.fields import FIELDS

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "register_synthetic.txt"
NAMES = [field.name for field in FIELDS]


def synthetic() -> bytes:
    """Eight made-up loan rows that fail no edit; row 3 is denied, with two specific reasons, due 2026-03-18."""
    return FILE.read_bytes()


def changed(row: int, content: bytes | None = None, /, **values: str) -> bytes:
    """The register with values of one loan row replaced, by name of the field."""
    lines = (content or synthetic()).decode().split("\n")
    record = lines[row].split("|")
    for name, value in values.items():
        record[NAMES.index(name)] = value
    lines[row] = "|".join(record)
    return "\n".join(lines).encode()


def everywhere(name: str, value: str) -> bytes:
    """The register with one field replaced in every loan row."""
    content = synthetic()
    for row in range(1, content.count(b"\n")):
        content = changed(row, content, **{name: value})
    return content
