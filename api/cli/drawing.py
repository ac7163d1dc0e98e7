"""How tables and documents stand on a screen: what does not fit is folded, nothing is ever cut off."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.markdown import Markdown, MarkdownElement, TableElement
from rich.table import Table


def uncut(drawn: Any) -> Any:
    """The same with every column folded instead of cut; anything that is no table as it is."""
    for each in drawn.renderables if isinstance(drawn, Group) else (drawn,):
        for column in each.columns if isinstance(each, Table) else ():
            column.overflow = "fold"
    return drawn


class _Folded(TableElement):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for each in super().__rich_console__(console, options):
            yield uncut(each)


class Document(Markdown):
    """A document in Markdown whose tables are read in full."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = Markdown.elements | {"table_open": _Folded}
