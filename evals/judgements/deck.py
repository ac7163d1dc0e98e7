"""Deck: a worker of component accuracy 0.90 behind code's checks and an independent judge; the aim is 0.95.

Errors are injected by a script and the judge errs at declared rates: this measures the loop, never a model.
Both families run for real; the headline is the test family, whose kinds of error the checks were not developed
on. The loop without its judge and without code's checks runs for real as well, on the first of the test items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.bench.stage import stage
from evals.endpoint import is_live
from evals.judgements.ablation import LOOPS, by_rules, under
from evals.judgements.items import ROUND, WHOLE, Item, Loop, items, without_errors
from evals.judgements.loop import run
from evals.judgements.subjects import BY_CODE
from evals.judgements.sweep import AIM, DECLARED, MOST_REFERRED, N, claim, edges, sorts, sweep
from evals.scores import per, rate, score
from graphs.services import Services

NAME = "judgements"
FULL = {"test": 20 * ROUND, "development": 2 * ROUND, "loops": 4 * ROUND}  # loops: each without one part
QUICK = {"test": ROUND // 3, "development": ROUND // 6, "loops": ROUND // 6}
Rows = Sequence[dict[str, Any]]
Progress = Callable[[str], None]


async def measure(progress: Progress, quick: bool = False) -> dict[str, Any]:
    """The test family's figures; beside them development, the loop without its parts, and the sweep."""
    sizes = QUICK if quick else FULL
    given, learnt = (_given(family, sizes[family]) for family in ("test", "development"))
    async with stage() as services:
        bench = Bench(services, progress)
        rows = await bench.run(given, "test")
        found = described(given, rows)
        found["development"] = described(learnt, await bench.run(learnt, "development"))
        if is_live():
            return found
        return found | await _declared(bench, rows[: sizes["loops"]])


@dataclass(frozen=True, slots=True)
class Bench:
    """What items run on."""

    services: Services
    progress: Progress

    async def run(self, given: tuple[Item, ...], what: str, loop: Loop = WHOLE) -> list[dict[str, Any]]:
        """Items through the real loop, or what is left of it."""
        self.progress(f"{NAME}, {what}: {len(given)} items …")
        with under(self.services, loop) as left:
            return await run(left, given, DECLARED, self.progress, what)


def _given(family: str, n: int) -> tuple[Item, ...]:
    return without_errors(items(family, n)) if is_live() else items(family, n)


async def _declared(bench: Bench, rows: Rows) -> dict[str, Any]:
    """What rests on declared rates: the loop without its parts, and where the claim breaks."""
    many = items("test", N)
    cells = sweep(many)
    aims = {"accuracy": AIM, "referred_at_most": MOST_REFERRED}
    return {
        "declared": asdict(DECLARED) | aims,
        "loops": await _loops(bench, rows, many),
        "breaks": edges(cells),
        "errors_of_one_sort": sorts(many),
        "sweep": cells,
    }


def described(given: Sequence[Item], rows: Rows) -> dict[str, Any]:
    """One family: the shared figures, by specialist and judgement too; and what was injected, if anything was."""
    cost, found = sum(row["came"]["cost_microusd"] for row in rows), figures(given, rows)
    found |= {
        "cost_per_success_microusd": per(cost, found["correct"]),
        "by_specialist": _grouped(given, rows, lambda item: BY_CODE[item.code].job),
        "by_judgement": _grouped(given, rows, lambda item: item.code),
    }
    return found if is_live() else found | _injected(given, rows)


def _injected(given: Sequence[Item], rows: Rows) -> dict[str, Any]:
    errors = [each.error for each in given if each.error is not None]
    return {
        "component_accuracy": rate(len(given) - len(errors), len(given)),
        "judgement_errors": rate(sum(each.found_by == "judge" for each in errors), len(errors)),
        "as_the_rules_say": _as_ruled(given, rows),
        "by_kind_of_error": _by_kind(given, rows),
    }


def figures(given: Sequence[Item], rows: Rows) -> dict[str, Any]:
    """The shared figures of these items, what was accepted and is wrong, and whether the claim holds."""
    came = Counter(row["came"]["ended"] for row in rows)
    calls, n = sum(row["came"]["calls"] for row in rows), len(given)
    return score(came["correct"], n, came["referred"], calls) | {
        "wrong": rate(came["wrong"], n),
        **claim(came["correct"], came["referred"], n),
    }


def _as_ruled(given: Sequence[Item], rows: Rows, loop: Loop = WHOLE) -> dict[str, Any]:
    pairs = zip(given, rows, strict=True)
    ruled = sum(row["came"]["ended"] == each.predicted(DECLARED, loop) for each, row in pairs)
    return rate(ruled, len(given))


def _grouped(given: Sequence[Item], rows: Rows, group: Callable[[Item], str]) -> dict[str, dict[str, Any]]:
    """The same figures for each group of items."""
    groups: dict[str, list[tuple[Item, dict[str, Any]]]] = {}
    for each, row in zip(given, rows, strict=True):
        groups.setdefault(group(each), []).append((each, row))
    return {
        name: figures([each for each, _ in pairs], [row for _, row in pairs])
        for name, pairs in groups.items()
    }


def _by_kind(given: Sequence[Item], rows: Rows) -> dict[str, dict[str, Any]]:
    """Per kind of error: how many, what sent the first answer back, and how they ended."""
    kinds: dict[str, Counter[str]] = {}
    for each, row in zip(given, rows, strict=True):
        if each.error is not None:
            told = kinds.setdefault(each.error.name, Counter())
            told.update(
                ("n", f"sent_back_by_{row['came']['sent_back_by'] or 'nobody'}", row["came"]["ended"])
            )
    parts = (
        "n",
        "sent_back_by_code",
        "sent_back_by_judge",
        "sent_back_by_nobody",
        "correct",
        "referred",
        "wrong",
    )
    return {name: {part: told[part] for part in parts} for name, told in sorted(kinds.items())}


async def _loops(bench: Bench, rows: Rows, many: Sequence[Item]) -> dict[str, dict[str, Any]]:
    """Each loop on the same first items as measured, and over many items as calculated."""
    given = items("test", len(rows))
    ran = {"whole": rows}
    for name in ("without_judge", "without_code_checks"):
        ran[name] = await bench.run(given, name, LOOPS[name])
    found: dict[str, dict[str, Any]] = {
        name: {"calculated": ruled} for name, ruled in by_rules(many, DECLARED).items()
    }
    for name, came in ran.items():
        as_ruled = {"as_the_rules_say": _as_ruled(given, came, LOOPS[name])}
        found[name]["measured"] = figures(given, came) | as_ruled
    return found
