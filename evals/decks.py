"""Every deck, on one screen. A deck is a module with ``NAME`` and ``async def measure(progress, quick) -> dict``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from evals.cases import deck as cases
from evals.judgements import deck as judgements
from evals.screening import pairs, recall
from evals.supervisor import deck as supervisor

Progress = Callable[[str], None]


class Deck(Protocol):
    """A deck: what it is called, and how it is measured."""

    NAME: str

    async def measure(self, progress: Progress, quick: bool = False) -> dict[str, Any]:
        """Run it, or a small part of it; its figures have at least what ``evals.scores.score`` gives."""
        ...


DECKS: tuple[Deck, ...] = (supervisor, judgements, cases, pairs, recall)
