"""The shipped books with one of them changed: what another bank's policy would be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checkpoints.books import BookShelf
from graphs.catalog import VOCABULARY
from graphs.services import Services, install
from policies.loader import parse_book, shipped


def rewritten(services: Services, kind: str, old: str, new: str) -> Services:
    """The same services under a book whose text reads otherwise in every place where ``old`` stands.

    It is not judged: cases go on under books from before the loader knew what it refuses today.
    """
    books = services.books.seed(kind)
    assert old in books.source
    changed = parse_book(books.source.replace(old, new), kind)
    equipped = replace(services, books=BookShelf(services.database, VOCABULARY, (changed,)))
    install(equipped)
    return equipped


def under_book(services: Services, kind: str, **rules: Any) -> Services:
    """The same services under a book in which these rules are others; its version says so."""
    books = tuple(
        replace(each, version=f"{each.version}+test", rules=each.rules.model_copy(update=rules))
        if each.rules.kind == kind
        else each
        for each in shipped(VOCABULARY)
    )
    changed = replace(services, books=BookShelf(services.database, VOCABULARY, books))
    install(changed)
    return changed
