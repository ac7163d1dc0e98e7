"""The loop with its judge or code's checks taken away, so that the value of each can be seen.

The judge is taken away by the book, as a bank could. Code's checks have no switch in the product, on purpose:
here, as in a drill, the function that runs them is replaced for the length of a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from agents import by_model
from checkpoints.books import BookShelf
from evals.judgements.items import Item, Loop, Rates
from evals.judgements.sweep import calculated
from graphs.catalog import VOCABULARY
from graphs.services import Services
from policies.book import Book
from policies.loader import shipped

LOOPS: dict[str, Loop] = {
    "whole": Loop(),
    "without_judge": Loop(judge=False),
    "without_code_checks": Loop(checks=False),
    "without_both": Loop(checks=False, judge=False),
}


@contextmanager
def under(services: Services, loop: Loop) -> Iterator[Services]:
    """The services with this much of the loop."""
    given = services if loop.judge else replace(services, books=_without_judge(services))
    if loop.checks:
        yield given
        return
    with patch.object(by_model, "problems", lambda *_: ()):
        yield given


def by_rules(all_items: Sequence[Item], rates: Rates) -> dict[str, dict[str, Any]]:
    """What each loop comes to by its rules, over many items."""
    return {name: calculated(all_items, rates, loop) for name, loop in LOOPS.items()}


def _without_judge(services: Services) -> BookShelf:
    books = tuple(_unjudged(each) for each in shipped(VOCABULARY))
    return BookShelf(services.database, VOCABULARY, books)


def _unjudged(book: Book) -> Book:
    rules = book.rules.judgements.model_copy(update={"judge": False})
    version = f"{book.version}+no-judge"
    return replace(book, version=version, rules=book.rules.model_copy(update={"judgements": rules}))
