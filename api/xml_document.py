"""Reads hostile XML: what is refused before anything of it is believed, and a view that names every path.

Owns the refusal of document types, entities, external references, excess size, depth and count, and of
text that is not well-formed. Never resolves anything outside the text and knows no vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from domain.errors import BadInput

MOST_BYTES = 10_000_000
MOST_DEPTH = 60
MOST_ELEMENTS = 200_000
LONGEST_SHOWN = 120  # of a name in an error
RESEND = "send the file as the system exported it, complete"


@dataclass(frozen=True, slots=True)
class Node:
    """One element with its namespace, its path from the top and the file that it stands in."""

    element: Element
    namespace: str
    path: str
    file: str | None = None

    def all(self, path: str) -> tuple[Node, ...]:
        """Elements below this one, by a path of names of this namespace (``LOANS/LOAN``)."""
        steps = "/".join(f"{{{self.namespace}}}{name}" for name in path.split("/"))
        below = f"{self.path}/{path}"
        return tuple(Node(found, self.namespace, below, self.file) for found in self.element.iterfind(steps))

    def one(self, path: str, what: str) -> Node:
        """The only element of a path; ``BadInput`` when there is none, or more than one."""
        found = self.all(path)
        if not found:
            raise self.refused(f"{what} is missing", path, "export it with this element and send it again")
        if len(found) > 1:
            raise self.refused(f"{what} is there {len(found)} times", path, "send one file for each")
        return found[0]

    def text(self, path: str) -> str | None:
        """The first text of a path that is not blank, or nothing."""
        texts = ((each.element.text or "").strip() for each in self.all(path))
        return next((text for text in texts if text), None)

    def required(self, path: str, what: str) -> str:
        """The text of a path; ``BadInput`` names the path that is missing."""
        text = self.text(path)
        if text is None:
            raise self.refused(f"{what} is missing", path, "export it with this element and send it again")
        return text

    def cents(self, path: str, what: str) -> int:
        """A required amount in dollars as cents; no fraction of a cent is rounded away."""
        text = self.required(path, what)
        try:
            cents = Decimal(text) * 100
        except InvalidOperation as error:
            raise self.refused(f"{what} is no amount", path, "write 250000.00") from error
        if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > 10**13:
            raise self.refused(f"{what} is no amount in whole cents", path, "write 250000.00")
        return int(cents)

    def day(self, path: str, what: str) -> date:
        """A required date, ISO 8601; a time of day is left off."""
        try:
            return date.fromisoformat(self.required(path, what)[:10])
        except ValueError as error:
            raise self.refused(f"{what} is no date", path, "write 2026-03-02") from error

    def says(self, path: str) -> bool:
        """Whether an indicator is there and true."""
        return self.text(path) in ("true", "1")

    def refused(self, message: str, path: str, remedy: str) -> BadInput:
        """The error for something at or below this element."""
        return BadInput(message, file=self.file, field=f"{self.path}/{path}", remedy=remedy)


def read_xml(content: bytes, file: str | None = None) -> Element:
    """The root of a well-formed document without a document type.

    Raises:
        BadInput: it is empty, too large, too deep, has too many elements, is not well-formed, or brings a
            document type, an entity or an external reference; names file, line and remedy.
    """
    if not content.strip():
        raise BadInput("the file is empty", file=file, remedy=RESEND)
    if len(content) > MOST_BYTES:
        raise BadInput(f"the file is larger than {MOST_BYTES} bytes", file=file, remedy="send one deal alone")
    try:
        root = _bounded(iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True), file)
    except ParseError as error:
        row, column = error.position
        raise BadInput(
            f"not well-formed XML, or cut off, at column {column}", file=file, row=row, remedy=RESEND
        ) from error
    except DefusedXmlException as error:
        raise BadInput(
            "a document type, an entity or an external reference is not taken",
            file=file,
            remedy="export it without a DOCTYPE: a MISMO message needs none",
        ) from error
    except (LookupError, ValueError) as error:
        raise BadInput("its encoding is not known", file=file, remedy="save it as UTF-8") from error
    return root


def shown(name: str) -> str:
    """A name from the file, short enough for an error."""
    return name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN] + "…"


def _bounded(events: Iterator[tuple[str, Element]], file: str | None) -> Element:
    depth = count = 0
    root: Element | None = None
    for event, element in events:
        if event == "end":
            depth -= 1
            continue
        root = element if root is None else root
        depth, count = depth + 1, count + 1
        if depth > MOST_DEPTH or count > MOST_ELEMENTS:
            limits = f"{MOST_DEPTH} levels or {MOST_ELEMENTS} elements"
            raise BadInput(f"the file has more than {limits}", file=file, remedy="send one deal alone")
    if root is None:
        raise BadInput("the file holds no element", file=file, remedy=RESEND)
    return root
