"""A document as PDF/A-2a, set by typst from what is installed: no network, no system fonts, no time of day.

Owns the look. The same document gives the same bytes: the document bears the day of its case and nothing else.
Source: ISO 19005-2 (PDF/A-2), conformance level A.
"""

from __future__ import annotations

import re
from datetime import date
from importlib import import_module

from domain.document import Block, Cell, Document, Line, Paragraph, Points, Table, Text, anchors, cell
from domain.errors import Misconfigured

STANDARD = "a-2a"
KEPT_TOGETHER = 9  # rows of a table that is not broken over pages
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LOOK = """#set document(title: {title}, date: datetime(year: {year}, month: {month}, day: {day}))
#set page(
  paper: "us-letter",
  margin: (x: 19mm, top: 20mm, bottom: 18mm),
  footer: context [
    #set text(size: 7.5pt, fill: luma(90))
    #grid(columns: (1fr, auto), [#{running}], [#counter(page).display("1 of 1", both: true)])
  ],
)
#set text(font: "Libertinus Serif", size: 9.5pt, lang: "en", hyphenate: false, number-width: "tabular")
#set par(leading: 0.55em, spacing: 0.75em)
#set list(indent: 2pt, spacing: 0.55em)
#show heading.where(level: 1): set text(size: 19pt)
#show heading.where(level: 2): it => block(above: 1.35em, below: 0.65em, sticky: true, width: 100%,
  stroke: (bottom: 0.6pt + rgb("#1f3a5f")), inset: (bottom: 3pt), text(size: 11.5pt, fill: rgb("#1f3a5f"), it.body))
#show link: set text(fill: rgb("#1f4e8c"))
#show table.cell.where(y: 0): set text(weight: "semibold", size: 8.3pt)
#show table: set text(size: 8.6pt)
#set table(stroke: (x, y) => (bottom: if y == 0 {{ 0.7pt + luma(70) }} else {{ 0.3pt + luma(190) }}),
  inset: (x: 4pt, y: 3.2pt))
#show table: set par(leading: 0.45em)
= #{title}
"""
FACTS = """#block(fill: rgb("#f3f5f9"), inset: 8pt, radius: 3pt, width: 100%,
  grid(columns: (auto, 1fr), column-gutter: 12pt, row-gutter: 6pt, {cells}))
"""
VERDICT = """#block(stroke: (left: 3pt + rgb("#1f3a5f")), inset: (left: 9pt, y: 5pt), above: 1em,
  text(size: 11.5pt)[{line}])
"""


def pdf(document: Document) -> bytes:
    """The document; ``Misconfigured`` when the extra that sets it is not installed."""
    try:
        typst = import_module("typst")  # a heavy extra: loaded only when a document is set
    except ImportError as error:
        raise Misconfigured(
            "a PDF needs typst", remedy="install the extra: countersign[documents]"
        ) from error
    written = source(document).encode()
    return bytes(typst.compile(written, format="pdf", pdf_standards=[STANDARD], ignore_system_fonts=True))


def source(document: Document) -> str:
    """The document as typst source; every text of the case stands in a string, so none can become code."""
    known, day = anchors(document), date.fromisoformat(document.dated)
    case = dict(document.facts).get("Case")
    running = (
        document.title
        if case is None or case.text in document.title
        else f"{document.title}, case {case.text}"
    )
    look = LOOK.format(
        title=_string(document.title), running=_string(running), year=day.year, month=day.month, day=day.day
    )
    facts = ", ".join(f"[*#{_string(label)}*], [{_text(text, known)}]" for label, text in document.facts)
    parts = [look, FACTS.format(cells=facts), VERDICT.format(line=_line(document.verdict, known))]
    for section in document.sections:
        parts.append(f"== #{_string(section.title)}\n")
        parts += [_block(block, known) for block in section.blocks]
    return "\n".join(parts)


def _block(block: Block, known: frozenset[str]) -> str:
    if isinstance(block, Paragraph):
        return f"{_line(block.line, known)}\n"
    if isinstance(block, Points):
        listed = "\n".join(f"- {_line(line, known)}" for line in block.lines)
        return f"{listed or f'#emph({_string(block.empty)})'}\n"
    return _table(block, known)


def _table(table: Table, known: frozenset[str]) -> str:
    count = len(table.head)
    shares = table.widths or (0,) * count
    columns = ", ".join(
        f"{share}fr" if share else ("1fr" if n == 0 else "auto") for n, share in enumerate(shares)
    )
    align = ", ".join("right" if n >= table.numbers_from else "left" for n in range(count))
    head = ", ".join(f"[#{_string(name)}]" for name in table.head)
    rows = ",\n  ".join(", ".join(_cell(each, known) for each in row) for row in table.rows)
    drawn = f"#table(columns: ({columns}), align: ({align}),\n  table.header({head}),\n  {rows})"
    return f"#block(breakable: false)[{drawn}]\n" if len(table.rows) <= KEPT_TOGETHER else f"{drawn}\n"


def _cell(given: Cell, known: frozenset[str]) -> str:
    return f"[{_line(cell(given), known)}]"


def _line(line: Line, known: frozenset[str]) -> str:
    return "".join(_text(each, known) for each in line)


def _text(each: Text, known: frozenset[str]) -> str:
    shown = f"#text({_string(each.text)})"
    if each.strong:
        shown = f"#strong[{shown}]"
    if each.to in known:
        shown = f"#link(label({_string(str(each.to))}))[{shown}]"
    return f"#[{shown}#label({_string(each.anchor)})]" if each.anchor else shown


def _string(text: str) -> str:
    quiet = CONTROL.sub(" ", text).replace(" %", "\u00a0%").replace("USD ", "USD\u00a0")
    quiet = quiet.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quiet}"'
