"""Breaks every part in turn and counts: ``python -m evals.chaos [WHAT …]``; writes ``build/chaos.json``.

Exit code 1 when a case did not end as it should.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.bench.stage import stage
from evals.chaos.breaks import EVERY, Broken

FILE = Path("build/chaos.json")


async def measured(say: Console, what: Sequence[str]) -> list[Broken]:
    """Every break of these sorts, told as it happens."""
    started, found = time.perf_counter(), list[Broken]()
    async with stage() as services:
        for source in what:
            async for each in EVERY[source](services):
                found.append(each)
                ended = (
                    f"{each.ended.decided or ('waits' if each.ended.stopped else '?')}, then {each.at_last}"
                )
                mark = "" if each.recovered else "  NOT RECOVERED"
                told = f"{each.workflow}: {each.kind} {each.part}, {each.way}: {ended}{mark}"
                say.print(f"{time.perf_counter() - started:6.0f} s  {told}")
    return found


def main() -> int:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("what", nargs="*", default=list(EVERY), help=f"of {', '.join(EVERY)}; all without")
    what = parser.parse_args().what
    if unknown := set(what) - EVERY.keys():
        parser.error(f"nothing is called {', '.join(sorted(unknown))}; there are {', '.join(EVERY)}")
    found = asyncio.run(measured(Console(stderr=True, highlight=False, soft_wrap=True), what))
    table = Table("workflow", "broken", "cases", "recovered", title="recovery success rate")
    groups = defaultdict[tuple[str, str], list[bool]](list)
    for each in found:
        groups[each.workflow, each.kind].append(each.recovered)
    for (workflow, kind), recovered in groups.items():
        table.add_row(workflow, kind, str(len(recovered)), f"{sum(recovered)}/{len(recovered)}")
    whole = [each.recovered for each in found]
    table.add_row("all", "", str(len(whole)), f"{sum(whole)}/{len(whole)}", style="bold")
    Console().print(table)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(each) | {"recovered": each.recovered} for each in found]
    FILE.write_text(json.dumps({"recovered": sum(whole), "n": len(whole), "cases": rows}, indent=1))
    return 0 if all(whole) else 1


raise SystemExit(main())
