"""Every deck, on one screen. A deck is a module with ``NAME`` and ``async def measure(progress) -> dict``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from evals.cases import deck as cases
from evals.judgements import deck as judgements
from evals.screening import pairs, recall
from evals.supervisor import deck as supervisor

Progress = Callable[[str], None]


class Deck(Protocol):
    """A deck: what it is called, and how it is measured (see ``evals.scores.score`` for what it returns)."""

    NAME: str

    async def measure(self, progress: Progress) -> dict[str, Any]:
        """Run it; its figures with at least n, accuracy, wilson_low, wilson_high, referred, calls_per_case."""
        ...


DECKS: tuple[Deck, ...] = (supervisor, judgements, cases, pairs, recall)
