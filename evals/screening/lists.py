"""Where the lists and pairs for measuring screening lie, and every name of a list with the entry it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.screening.ofac_list import SanctionsList

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
TREASURY = SHARED / "data" / "kyc" / "ofac"
PAIRS = SHARED / "data" / "security" / "screening" / "name_pairs_dev.csv"


def names_of(sanctions: SanctionsList) -> Iterator[tuple[str, str]]:
    """Entry number and name: primary names, then aliases, weak ones among them."""
    yield from ((entry.number, entry.name) for entry in sanctions.entries)
    yield from ((alias.entry_number, alias.name) for alias in sanctions.aliases)
