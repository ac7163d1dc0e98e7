"""Breaks every part once and counts: ``python -m evals.chaos``; writes ``build/chaos.json``, exit code 1 on a miss."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.bench.stage import stage
from evals.chaos.breaks import Broken, jobs, model_turns, tools

FILE = Path("build/chaos.json")


async def measured(say: Console) -> list[Broken]:
    """Every break, told as it happens."""
    started, found = time.perf_counter(), list[Broken]()
    async with stage() as services:
        for source in (tools, jobs, model_turns):
            async for each in source(services):
                found.append(each)
                ended = each.ended.decided or ("waits" if each.ended.stopped else "?")
                mark = "" if each.recovered else "  NOT RECOVERED"
                told = f"{each.workflow}: {each.kind} {each.part}, {each.way}: {ended}{mark}"
                say.print(f"{time.perf_counter() - started:6.0f} s  {told}")
    return found


def main() -> int:
    """Measure, show, keep."""
    found = asyncio.run(measured(Console(stderr=True, highlight=False, soft_wrap=True)))
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
