"""Where the claim holds and where it breaks: outcomes under other rates, by the loop's rules over many items. Pure.

Calculated, not run: the deck shows on its own items that the rules (``Item.predicted``) are what the loop does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

from evals.judgements.items import WHOLE, Item, Loop, Rates
from evals.scores import rate, wilson

DECLARED = Rates(recall=0.9, specificity=0.98, common=0.1, mend=0.9)
AXES: dict[str, tuple[float, ...]] = {
    "recall": (1.0, 0.9, 0.7, 0.5, 0.0),
    "specificity": (1.0, 0.98, 0.95),
    "common": (0.0, 0.1, 0.2, 0.5),
    "mend": (0.9, 0.7, 0.5),
}
N = 6_000  # items per cell
AIM, MOST_REFERRED = 0.95, 0.05


def claim(correct: int, referred: int, n: int) -> dict[str, bool]:
    """Whether the claim holds: on the shares as they are, and on the lower bound of accuracy as well."""
    little = referred <= MOST_REFERRED * n
    return {
        "holds": correct >= AIM * n and little,
        "holds_at_wilson_low": wilson(correct, n)[0] >= AIM and little,
    }


def calculated(all_items: Sequence[Item], rates: Rates, loop: Loop = WHOLE) -> dict[str, Any]:
    """Accuracy with its lower bound, shares of referred and wrong, and whether the claim holds."""
    ended, n = Counter(each.predicted(rates, loop) for each in all_items), len(all_items)
    return {
        "n": n,
        "accuracy": round(ended["correct"] / n, 4),
        "wilson_low": wilson(ended["correct"], n)[0],
        "referred": rate(ended["referred"], n),
        "wrong": rate(ended["wrong"], n),
        **claim(ended["correct"], ended["referred"], n),
    }


def sweep(all_items: Sequence[Item]) -> list[dict[str, Any]]:
    """Every cell of recall, specificity, common share and share mended; one of them is the declared one."""
    cells = (Rates(*rates) for rates in product(*AXES.values()))
    return [asdict(rates) | calculated(all_items, rates) | {"declared": rates == DECLARED} for rates in cells]


def edges(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The declared cell with one rate changed at a time: along which of them the claim breaks, and where."""
    declared = asdict(DECLARED)
    return [
        {"rate": axis, "value": cell[axis], **{name: cell[name] for name in cell if name not in declared}}
        for axis in AXES
        for cell in cells
        if all(cell[other] == value for other, value in declared.items() if other != axis)
    ]
