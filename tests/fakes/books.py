"""The shipped books with one of them changed: what another bank's policy would be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checkpoints.books import BookShelf
from graphs.catalog import VOCABULARY
from graphs.services import Services, install
from policies.loader import read_book, shipped


def rewritten(services: Services, kind: str, old: str, new: str) -> Services:
    """The same services under a book whose text reads otherwise in every place where ``old`` stands."""
    books = services.books.seed(kind)
    assert old in books.source
    changed = read_book(books.source.replace(old, new), VOCABULARY, kind)
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
