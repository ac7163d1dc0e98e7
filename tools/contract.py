"""What a tool is: typed arguments and result, a manifest of what it touches, and the context it runs in.

Arguments are references (``party:1``), never values: identity is resolved inside the tool.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from domain.clearance import Clearance
from domain.errors import Misconfigured
from domain.finding import Fact
from domain.identity import Record
from tools.scope import CaseScope


class Warehouse(Protocol):
    """Reads source records of the case at hand."""

    async def records(self, kind: str, party: str | None = None) -> list[dict[str, Any]]:
        """Records of one kind that had arrived when the assignment was made, oldest first."""
        ...


class CoreBank(Protocol):
    """Reads the bank's own customer file."""

    async def customer(self, number: str) -> dict[str, Any] | None:
        """One customer's profile, or nothing."""
        ...


class Clearances(Protocol):
    """Reads what compliance cleared in earlier cases."""

    def mark(self, identity: str) -> str:
        """Keyed hash of a normalised identity, hexadecimal."""
        ...

    async def of(self, subject: str, list_name: str) -> tuple[Clearance, ...]:
        """What was cleared for one subject on one list."""
        ...


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a running tool may look at.

    Args:
        case_id: of the case at hand.
        as_of: "now" for every calculation.
        application: what was asked, tokenised; evidence never comes from here.
        inputs: facts that the assignment carries.
        parameters: rows of the book, as the mandate carries them.
        warehouse: source records.
        reveal: a value from the vault by token; its result never leaves the tool.
        lists: reference lists by name (``sanctions``, ``pep``, ``adverse_media``).
        bank: the core banking system, for reading.
        clearances: hits that compliance cleared before; without it none is known.
        scope: cases in the reach of the person who asks; in a chat only.
    """

    case_id: str
    as_of: datetime
    application: Mapping[str, Any]
    inputs: Mapping[str, Fact]
    parameters: Mapping[str, Any]
    warehouse: Warehouse
    reveal: Callable[[str], Awaitable[str]]
    lists: Mapping[str, Any] = field(default_factory=dict)
    bank: CoreBank | None = None
    clearances: Clearances | None = None
    scope: CaseScope | None = None


class NoArguments(Record):
    """For tools that look at the case as a whole."""


class PartyArguments(Record):
    """For tools that look at one party."""

    party: str  # party:1 …


class Declared(Mapping[str, Any]):
    """The rows of the book that a tool's manifest names, and no others: what rests on a row must be known."""

    def __init__(self, tool: str, names: frozenset[str], rows: Mapping[str, Any]) -> None:
        self._tool = tool
        self._names = names
        self._rows = {name: rows[name] for name in sorted(names) if name in rows}

    def __getitem__(self, name: str) -> Any:
        """``KeyError`` where the book has none; ``Misconfigured`` where the manifest does not name it."""
        self._require(name)
        return self._rows[name]

    def __contains__(self, name: object) -> bool:
        """The same for a question whether there is one."""
        self._require(name)
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        """The names that the book has."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many the book has."""
        return len(self._rows)

    def _require(self, name: object) -> None:
        if name not in self._names:
            remedy = "name it in the tool's `parameters`"
            raise Misconfigured(f"{self._tool} reads the parameter {name} undeclared", remedy=remedy)


@dataclass(frozen=True, slots=True)
class Tool:
    """One read-only tool.

    Args:
        name: as models and mandates call it.
        description: one sentence for a model and for ``countersign tool list``.
        args: schema of the arguments.
        result: schema of the result.
        run: ``(args, context) -> result``.
        records: kinds of source record it reads; the mandate must allow each.
        facts: facts of the assignment it reads; it sees no others, and the journal remembers them.
        parameters: rows of the book it reads; it sees no others, so that whoever changes one knows what rests on it.
        versions: fields of its result, at any depth, that say which version of a reference list it read.
        region: where the system that it reads stands.
        identity: it resolves vault values while it runs; the gateway keeps them from every other tool.
        foreign: paths of texts in its result that somebody outside may have written, ``*`` for each of a list; the
            rest is worded by the bank and not ruled on as if it came from outside. ``None``: every text may be.
    """

    name: str
    description: str
    args: type[Record]
    result: type[Record]
    run: Callable[[Any, ToolContext], Awaitable[Record]]
    records: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    parameters: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    region: str = "US"
    identity: bool = False
    foreign: tuple[str, ...] | None = None
