"""Where the claim holds and where it breaks: outcomes under other rates, by the loop's rules over many items. Pure.

Calculated, not run: the deck shows on its own items that the rules (``Item.predicted``) are what the loop does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from itertools import product
from typing import Any, get_args

from evals.judgements.items import WHOLE, Item, Loop, Outcome, Rates
from evals.judgements.kinds import FoundBy
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


def sorts(all_items: Sequence[Item]) -> list[dict[str, Any]]:
    """What the whole loop comes to if every error were of one sort: found by code, by a judge only, by nobody.

    Formula: shares of the answers without error and of the errors of that sort, in the proportion in which the
    items err. Rounding: four places. The mix of sorts is the deck's own, and the claim rests on it as on a rate.
    """
    right = [each for each in all_items if each.error is None]
    errs = Fraction(len(all_items) - len(right), len(all_items))
    found = []
    for sort in get_args(FoundBy):
        of_sort = [each for each in all_items if each.error is not None and each.error.found_by == sort]
        shares = {
            end: (1 - errs) * _share(end, right) + errs * _share(end, of_sort) for end in get_args(Outcome)
        }
        holds = shares["correct"] >= AIM and shares["referred"] <= MOST_REFERRED
        rounded = {end: round(float(share), 4) for end, share in shares.items()}
        found.append({"every_error_found_by": sort, **rounded, "errors": len(of_sort), "holds": holds})
    return found


def _share(end: str, given: Sequence[Item]) -> Fraction:
    ended = sum(each.predicted(DECLARED) == end for each in given)
    return Fraction(ended, len(given)) if given else Fraction(0)
