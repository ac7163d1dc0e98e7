"""A document without a look: sections of paragraphs, points and tables whose texts may link to one another.

Owns the parts that memos, dossiers and letters are made of. Whoever writes one fills them; ``api.documents`` gives
them a look. No figure is worked out in any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text.

    Args:
        text: as people read it.
        to: anchor of the computation or source that it rests on.
        anchor: its own, for others to link to.
        strong: set apart from the rest.
    """

    text: str
    to: str | None = None
    anchor: str | None = None
    strong: bool = False


Line = tuple[Text, ...]
Cell = Text | Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Points:
    """A list; ``empty`` is said when there is nothing to list."""

    lines: tuple[Line, ...]
    empty: str = "None."


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head; columns from ``numbers_from`` on are set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers_from: int = 1
    widths: tuple[int, ...] = ()  # shares of the page; empty: as wide as they need


Block = Paragraph | Points | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document under its heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole document."""

    title: str
    facts: tuple[tuple[str, Text], ...]  # label and value, at the top
    verdict: Line  # what it comes to, in one line
    sections: tuple[Section, ...]
    dated: str  # ISO date of the case's opening: the document bears no other


def cell(given: Cell) -> Line:
    """A cell as a line."""
    return given if isinstance(given, tuple) else (given,)


def texts(document: Document) -> Iterator[Text]:
    """Every text of a document, in order."""
    yield from (text for _, text in document.facts)
    yield from document.verdict
    for block in (each for section in document.sections for each in section.blocks):
        if isinstance(block, Paragraph):
            yield from block.line
        elif isinstance(block, Points):
            yield from (text for line in block.lines for text in line)
        else:
            yield from (text for row in block.rows for given in row for text in cell(given))


def anchors(document: Document) -> frozenset[str]:
    """Every anchor that a text of the document may link to."""
    return frozenset(text.anchor for text in texts(document) if text.anchor)


def plain(text: str, to: str | None = None) -> Line:
    """One line of one text."""
    return (Text(text, to),)


def words(code: str) -> str:
    """A code as people read it."""
    return code.replace("_", " ")
