"""Removes each control and runs the tests that must notice: ``python -m evals.drills [WORDS]``.

Works in a copy of the tree, one control at a time, and leaves a table and ``build/drills.json``. A control
whose removal no test notices is a defect; the exit code is then 1. A test notices only if it passes with the control
in place: one that fails either way guards nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rich.console import Console

from evals.drills.removal import Drill, drills
from evals.drills.running import first_failure, prepare, reached

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "domain", "policies", "audit", "checkpoints", "tools", "guardrails", "agents", "graphs", "api", "tests",
    "evals", "pyproject.toml", "requirements.lock", "langgraph.json",
)  # fmt: skip
FILE = Path("build/drills.json")
MOST = 6  # tests that are asked first
say = Console(width=150).print


def noticed(copy: Path, drill: Drill, near: Sequence[str]) -> str:
    """The first test that fails without the control, and passes with it; empty when there is none.

    ``near``: tests that come to it; the others are asked only when these notice nothing.
    """
    file = copy / drill.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(drill.without(whole), encoding="utf-8")
    try:
        failed = first_failure(copy, near) if near else ""
        failed = failed or first_failure(copy, drill.tests)
    finally:
        file.write_text(whole, encoding="utf-8")
    if failed and (why := _fails_anyway(copy, failed.partition("[")[0])):
        say(f"    {why} fails with the control in place as well", markup=False)
        return ""
    return failed


def _near(copy: Path, chosen: Sequence[Drill]) -> dict[str, list[str]]:
    """By place the tests that come to it: found for those drills together that are noticed by the same tests."""
    found: dict[str, list[str]] = {}
    together: dict[tuple[str, ...], list[Drill]] = {}
    for each in chosen:
        if each.line is not None:
            together.setdefault(each.tests, []).append(each)
    for tests, drills_of in together.items():
        wanted: dict[str, set[int]] = {}
        for each in drills_of:
            wanted.setdefault(each.file, set()).add(each.line or 0)
        for place, names in reached(copy, tests, wanted).items():
            functions = dict.fromkeys(name.partition("[")[0] for name in names)
            found.setdefault(place, []).extend(functions)
    return found


@cache
def _fails_anyway(copy: Path, test: str) -> str:
    return first_failure(copy, (test,))


def _copied() -> Path:
    """A fresh copy, always in the same place, so that its database server is found again."""
    copy = ROOT / "build" / "drills"
    for part in PARTS:
        source, target = ROOT / part, copy / part
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return copy


def main() -> int:
    """Run the drills whose name holds one of the words (all without words), and say which control nobody guards."""
    parser = argparse.ArgumentParser(prog="make drills", description=__doc__)
    parser.add_argument("words", nargs="*", help="only drills whose name holds one of these")
    words = parser.parse_args().words
    chosen = [each for each in drills(ROOT) if not words or any(word in each.name for word in words)]
    results: dict[str, str] = {}
    copy = _copied()
    prepare(ROOT)
    near = _near(copy, chosen)
    for n, drill in enumerate(chosen, 1):
        results[drill.name] = noticed(copy, drill, near.get(drill.place, [])[:MOST])
        say(f"{n}/{len(chosen)} {drill.name}\n    {results[drill.name] or 'NOBODY NOTICED'}", markup=False)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(results, indent=1), encoding="utf-8")
    unguarded = [name for name, test in results.items() if not test]
    say(f"{len(results)} controls removed, {len(unguarded)} unnoticed", markup=False)
    return 1 if unguarded else 0


sys.exit(main())
