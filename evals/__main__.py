"""Runs the decks: ``python -m evals [--live] [--deck NAME]``; writes ``build/eval.json``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.decks import DECKS, Deck
from evals.endpoint import SCRIPTED, NoEndpoint, go_live

FILE = Path("build/eval.json")
LIVE_FILE = Path("build/eval-live.json")
COLUMNS = ("n", "accuracy", "wilson_low", "wilson_high", "referred", "calls_per_case")


async def measured(decks: Sequence[Deck], label: str) -> dict[str, Any]:
    """Every deck's figures under its name, with the label that says what they are worth."""
    say = Console(stderr=True).print
    return {deck.NAME: {"label": label, **await deck.measure(say)} for deck in decks}


def show(report: dict[str, Any]) -> None:
    """A table for people; shares as fractions with their parts."""
    table = Table("deck", *COLUMNS, title=report["label"])
    for name, deck in report["decks"].items():
        table.add_row(name, *(_cell(deck[column]) for column in COLUMNS))
    Console().print(table)
    for name, deck in report["decks"].items():
        _show_rest(name, deck)


def _show_rest(name: str, deck: dict[str, Any]) -> None:
    """What a deck has beyond the shared columns: shares with their parts, and a sweep where it has one."""
    more = [(key, _cell(value)) for key, value in deck.items() if key not in COLUMNS and _is_share(value)]
    if more:
        table = Table("figure", "value", title=name)
        for row in more:
            table.add_row(*row)
        Console().print(table)
    if sweep := deck.get("sweep"):
        table = Table(*sweep[0], title=f"{name}: where the claim holds, calculated from the loop's rules")
        for row in sweep:
            table.add_row(*(str(value) for value in row.values()), style="" if row["holds"] else "dim")
        Console().print(table)


def _is_share(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"of", "n", "share"}


def _cell(value: Any) -> str:
    return f"{value['share']} ({value['n']}/{value['of']})" if isinstance(value, dict) else str(value)


def main() -> int:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    parser.add_argument("--live", action="store_true", help="on the configured endpoint")
    parser.add_argument("--deck", choices=[deck.NAME for deck in DECKS], help="one deck only")
    asked = parser.parse_args()
    try:
        label = go_live() if asked.live else SCRIPTED
    except NoEndpoint as error:
        Console(stderr=True).print(f"eval-live: {error}", markup=False, soft_wrap=True)
        return 2
    chosen = [deck for deck in DECKS if asked.deck in (None, deck.NAME)]
    report = {"label": label, "decks": asyncio.run(measured(chosen, label))}
    file = LIVE_FILE if asked.live else FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=1), encoding="utf-8")
    show(report)
    Console().print(f"written to {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
