"""Deck: labelled pairs of names (the part to develop on); the matcher agrees when it would report the pair."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from typing import Any

from evals.scores import rate, score
from evals.screening.lists import PAIRS
from tools.screening.match import MATCH_FLOOR
from tools.screening.names import NameKind, compare_names, read_name

NAME = "screening_pairs"
LABEL = "no model: code against published names"
KINDS = {"Person": NameKind.PERSON, "Vessel": NameKind.CRAFT}


async def measure(progress: Callable[[str], None], quick: bool = False) -> dict[str, Any]:
    """Accuracy, precision, recall and F1 at the matcher's floor; nothing without the pairs. All of them, always."""
    if not PAIRS.is_file():
        return score(0, 0, 0, 0) | {"label": LABEL, "note": "the pairs are not here"}
    progress(f"{NAME} …")
    rows = list(csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines()))
    told = Counter((reported(row), row["is_match"] == "true") for row in rows)
    hits, false, missed = told[(True, True)], told[(True, False)], told[(False, True)]
    return score(hits + told[(False, False)], len(rows), 0, 0) | {
        "label": LABEL,
        "precision": rate(hits, hits + false),
        "recall": rate(hits, hits + missed),
        "f1": rate(2 * hits, 2 * hits + false + missed),
    }


def reported(row: dict[str, str]) -> bool:
    """Whether the matcher would report the two names of a pair."""
    kind = KINDS.get(row["schema"], NameKind.ORGANISATION)
    left, right = read_name(row["name1"], kind), read_name(row["name2"], kind)
    return left is not None and right is not None and compare_names(left, right, kind).score >= MATCH_FLOOR
