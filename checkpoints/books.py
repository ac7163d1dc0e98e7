"""Books as rows: which version is in force now, and every version that a case was ever pinned to.

A kind starts with the book that came with the software; once people published a version of it, files change nothing
any more. What is in force is asked of the database each time, so that every process pins new cases to the same
version from the moment it was published.
"""

from __future__ import annotations

from psycopg.rows import DictRow

from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.clock import Clock
from domain.errors import NotFound, RecordChanged
from policies.book import Book
from policies.loader import parse_book, read_book
from policies.vocabulary import Vocabulary

SQL = load("books")
SEED = 0  # number of the publication of a book that came with the software


class BookShelf:
    """The current book of each kind, and old versions for cases in flight."""

    def __init__(self, database: Database, vocabulary: Vocabulary, books: tuple[Book, ...]) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._seeds = {book.rules.kind: book for book in books}
        self._known = {book.version: book for book in books}

    async def keep(self, connection: Connection, clock: Clock) -> list[Book]:
        """Write down the versions that came with the software, at start; those that are new."""
        new = []
        for book in self._seeds.values():
            row = (book.version, book.rules.kind, book.source, clock.now())
            if (await connection.execute(SQL["insert"], row)).rowcount:
                new.append(book)
        return new

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that has a book."""
        return tuple(sorted(self._seeds))

    async def all(self) -> tuple[Book, ...]:
        """The current book of every kind, by kind."""
        return tuple([await self.current(kind) for kind in self.kinds])

    async def current(self, kind: str) -> Book:
        """The book that new cases of a kind are pinned to; ``NotFound`` names the kinds there are."""
        return (await self.live(kind))[0]

    async def live(self, kind: str) -> tuple[Book, int]:
        """The same with the number of its publication, ``SEED`` where nobody published one yet."""
        seed = self.seed(kind)
        row = await self._database.row(SQL["live"], kind)
        return (seed, SEED) if row is None else (await self.pinned(row["version"]), row["n"])

    def seed(self, kind: str) -> Book:
        """The book of a kind that came with the software; ``NotFound`` names the kinds there are."""
        if kind not in self._seeds:
            raise NotFound(f"no book for {kind!r}; there are {', '.join(sorted(self._seeds))}")
        return self._seeds[kind]

    async def pinned(self, version: str) -> Book:
        """The book of a case in flight.

        Raises:
            NotFound: that version was never kept.
            RecordChanged: what is kept under it does not give it.
        """
        if version not in self._known:
            row = await self._database.row(SQL["get"], version)
            if row is None:
                raise NotFound(f"policy version {version} is not known here")
            book = parse_book(row["source"], version)
            if book.version != version:
                raise RecordChanged(
                    f"the book that is kept as {version} is another one", (f"book/{version}",)
                )
            self._known[version] = book
        return self._known[version]

    def read(self, text: str, name: str = "book") -> Book:
        """A candidate; ``InvalidPolicy`` names everything that keeps it from coming into force."""
        return read_book(text, self._vocabulary, name)

    async def history(self, kind: str, limit: int = 50) -> list[DictRow]:
        """What people brought into force of a kind, newest first."""
        return await self._database.rows(SQL["history"], kind, limit)
