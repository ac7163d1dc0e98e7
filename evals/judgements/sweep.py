"""Where the claim holds and where it breaks: outcomes under other judges, by the loop's rules over many items. Pure.

Calculated, not run: the deck shows on its own items that the rules (``Item.predicted``) are what the loop does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import product
from typing import Any

from evals.judgements.items import Item, Judge, items
from evals.scores import wilson

RECALLS, SPECIFICITIES, COMMON = (1.0, 0.9, 0.7, 0.5, 0.0), (1.0, 0.98, 0.95), (0.0, 0.2, 0.5)
N = 4_000  # items per cell
AIM, MOST_REFERRED = 0.95, 0.05


def cell(judge: Judge, all_items: Iterable[Item]) -> dict[str, Any]:
    """Accuracy with its lower bound, share referred, and whether the claim holds under this judge."""
    ended = Counter(each.predicted(judge) for each in all_items)
    n = ended.total()
    accuracy, referred = ended["correct"] / n, ended["referred"] / n
    return {
        "recall": judge.recall,
        "specificity": judge.specificity,
        "common": judge.common,
        "accuracy": round(accuracy, 4),
        "wilson_low": wilson(ended["correct"], n)[0],
        "referred": round(referred, 4),
        "holds": accuracy >= AIM and referred <= MOST_REFERRED,
    }


def sweep(family: str) -> list[dict[str, Any]]:
    """Every cell of recall, specificity and common share."""
    many = items(family, N)
    return [cell(Judge(*rates), many) for rates in product(RECALLS, SPECIFICITIES, COMMON)]
