"""A document in Markdown: links to anchors inside the document, tables as GitHub and most readers know them.

Owns escaping: no text of the case can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.document import Block, Cell, Document, Line, Paragraph, Points, Table, Text, anchors, cell

MARKUP = re.compile(r"([\\`*\[\]|~#])")
HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def markdown(document: Document) -> str:
    """The whole document, ending in one line break."""
    known = anchors(document)
    parts = [
        f"# {document.title}",
        "\n".join(f"- {label}: {_text(text, known)}" for label, text in document.facts),
    ]
    parts.append(f"> {_line(document.verdict, known)}")
    for section in document.sections:
        parts.append(f"## {section.title}")
        parts += [_block(block, known) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def _block(block: Block, known: frozenset[str]) -> str:
    if isinstance(block, Paragraph):
        return _line(block.line, known)
    if isinstance(block, Points):
        return "\n".join(f"- {_line(line, known)}" for line in block.lines) or f"*{block.empty}*"
    return "\n".join(_table(block, known))


def _table(table: Table, known: frozenset[str]) -> Iterable[str]:
    yield _row(_escaped(name) for name in table.head)
    yield _row("---:" if n >= table.numbers_from else "---" for n in range(len(table.head)))
    for row in table.rows:
        yield _row(_cell(each, known) for each in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(given: Cell, known: frozenset[str]) -> str:
    return _line(cell(given), known)


def _line(line: Line, known: frozenset[str]) -> str:
    return "".join(_text(each, known) for each in line)


def _text(each: Text, known: frozenset[str]) -> str:
    inner = each.text.strip()
    before, after = (each.text[:1] == " ") * " ", (each.text[-1:] == " ") * " "
    shown = _escaped(inner)
    if each.to in known:
        shown = f"[{shown}](#{each.to})"
    if each.strong and inner:
        shown = f"**{shown}**"
    mark = f'<a id="{each.anchor}"></a>' if each.anchor else ""
    return f"{mark}{before}{shown}{after}" if inner else mark + before


def _escaped(text: str) -> str:
    quiet = "".join(HTML.get(letter, letter) for letter in " ".join(text.split()))
    return MARKUP.sub(r"\\\1", quiet)
