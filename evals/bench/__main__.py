"""Runs every measurement: ``python -m evals.bench [--cases N]``."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from rich.console import Console

from evals.bench.inbox import inbox, start_up
from evals.bench.overhead import overhead
from evals.bench.report import Figure, keep
from evals.bench.stage import stage
from evals.bench.throughput import burst, cost_of_a_step, rates

FILE = Path("build/bench.json")


async def measure(cases: int) -> list[Figure]:
    """Everything, in one run on one database."""
    say = Console(stderr=True).print
    figures = start_up()
    async with stage() as services:
        say("governed against direct …")
        figures += await overhead(services)
        say("cases per second …")
        figures += await rates(services)
        figures += await cost_of_a_step(services)
        say(f"a burst of {cases} cases …")
        figures += await burst(services, cases)
        say("the inbox …")
        figures += await inbox(services)
    return figures


def main() -> None:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="size of the burst")
    keep(asyncio.run(measure(parser.parse_args().cases)), FILE)


main()
