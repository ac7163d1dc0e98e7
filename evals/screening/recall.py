"""Deck: every primary name and alias of the full list, screened as it stands, must find its own entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evals.scores import score
from evals.screening.lists import TREASURY, names_of
from tools.screening.match import ScreeningSubject, screen
from tools.screening.ofac_list import SanctionsList

NAME = "screening_recall"
LABEL = "no model: code against published names"
EVERY = 2_000  # names between two words of progress
QUICK = 200  # of so many names one is screened in a quick run


async def measure(progress: Callable[[str], None], quick: bool = False) -> dict[str, Any]:
    """Share of names that find their entry, and those that do not; nothing without the list."""
    if not TREASURY.is_dir():
        return score(0, 0, 0, 0) | {"label": LABEL, "note": "the full list is not here"}
    sanctions = SanctionsList.load(TREASURY)
    names = list(names_of(sanctions))[:: QUICK if quick else 1]
    lost: list[str] = []
    for at, (number, name) in enumerate(names):
        if at % EVERY == 0:
            progress(f"{NAME}: {at} of {len(names)}, {len(lost)} lost")
        if not found(sanctions, number, name):
            lost.append(number)
    return score(len(names) - len(lost), len(names), 0, 0) | {
        "label": LABEL,
        "lost": sorted(set(lost), key=int),
    }


def found(sanctions: SanctionsList, number: str, name: str) -> bool:
    """Whether a listed name, screened without date of birth, country and kind, finds its own entry."""
    return any(hit.entry_number == number for hit in screen(sanctions, ScreeningSubject(name)))
