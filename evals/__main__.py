"""Runs the decks: ``python -m evals [--live] [--deck NAME] [--quick] [--to FILE]``; writes ``build/eval.json``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from evals.decks import DECKS, Deck
from evals.endpoint import SCRIPTED, NoEndpoint, go_live
from evals.show import show

FOLDER = Path("build")
QUICK = "quick run on a small part of each deck: shows that the decks work, its figures are not for quoting"


def measure(decks: Sequence[Deck], report: dict[str, Any], file: Path) -> None:
    """Puts every deck's figures into the report with its label; what is measured is written at once."""
    say = Console(stderr=True).print
    for deck in decks:
        figures = asyncio.run(deck.measure(say, report["quick"]))
        report["decks"][deck.NAME] = {"label": report["label"], **figures}
        file.write_text(json.dumps(report, indent=1), encoding="utf-8")


def main(given: Sequence[str] | None = None) -> int:
    """Measure, show, keep."""
    asked = _parser().parse_args(given)
    try:
        label = go_live() if asked.live else SCRIPTED
    except NoEndpoint as error:
        Console(stderr=True).print(f"eval-live: {error}", markup=False, soft_wrap=True)
        return 2
    label = f"{label}; {QUICK}" if asked.quick else label
    chosen = [deck for deck in DECKS if asked.deck in (None, deck.NAME)]
    file: Path = asked.to or FOLDER / _name(asked)
    file.parent.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {"label": label, "quick": asked.quick, "decks": {}}
    measure(chosen, report, file)
    show(report, Console())
    Console().print(f"written to {file}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    parser.add_argument("--live", action="store_true", help="on the configured endpoint")
    parser.add_argument("--deck", choices=[deck.NAME for deck in DECKS], help="one deck only")
    parser.add_argument(
        "--quick", action="store_true", help="a small part of each deck, to see that all of it works"
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="where to write the report")
    return parser


def _name(asked: argparse.Namespace) -> str:
    """A quick run never takes the place of a full one, nor a live one of a scripted one."""
    return f"eval{'-live' if asked.live else ''}{'-quick' if asked.quick else ''}.json"


if __name__ == "__main__":
    sys.exit(main())
