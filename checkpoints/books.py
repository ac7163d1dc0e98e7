"""Books as rows: every version that a case was ever pinned to can be read again."""

from __future__ import annotations

from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.clock import Clock
from domain.errors import NotFound
from policies.book import Book
from policies.loader import Vocabulary, parse_book, read_book

SQL = load("books")


class BookShelf:
    """The current book of each kind, and old versions for cases in flight."""

    def __init__(self, database: Database, vocabulary: Vocabulary, books: tuple[Book, ...]) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._current = {book.rules.kind: book for book in books}
        self._known = {book.version: book for book in books}

    async def keep(self, connection: Connection, clock: Clock) -> None:
        """Write down the current versions, at start."""
        for book in self._current.values():
            await connection.execute(SQL["insert"], (book.version, book.rules.kind, book.source, clock.now()))

    def all(self) -> tuple[Book, ...]:
        """The current book of every kind, by kind."""
        return tuple(self._current[kind] for kind in sorted(self._current))

    def current(self, kind: str) -> Book:
        """The book that new cases of a kind are pinned to; ``NotFound`` names the kinds there are."""
        if kind not in self._current:
            raise NotFound(f"no book for {kind!r}; there are {', '.join(sorted(self._current))}")
        return self._current[kind]

    def all_current(self) -> tuple[Book, ...]:
        """The book of every kind."""
        return tuple(self._current.values())

    async def pinned(self, version: str) -> Book:
        """The book of a case in flight; ``NotFound`` when that version was never kept."""
        if version not in self._known:
            row = await self._database.row(SQL["get"], version)
            if row is None:
                raise NotFound(f"policy version {version} is not known here")
            self._known[version] = parse_book(row["source"], version)
        return self._known[version]

    def read(self, text: str, name: str = "book") -> Book:
        """A candidate; ``InvalidPolicy`` names everything that keeps it from coming into force."""
        return read_book(text, self._vocabulary, name)
