"""Runs every measurement: ``python -m evals.bench [--cases N] [--quick]``."""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from evals.bench.appends import appends
from evals.bench.guarding import guarding
from evals.bench.inbox import inbox, start_up
from evals.bench.overhead import overhead
from evals.bench.policy import refinding, simulation
from evals.bench.report import QUICK, Figure, Say, Scale, keep
from evals.bench.screening import screening
from evals.bench.stage import stage
from evals.bench.throughput import burst, cost_of_a_step, rates

FILE = Path("build/bench.json")


async def measure(scale: Scale, say: Say) -> list[Figure]:
    """Everything, in one run on one database."""
    say("start-up …")
    figures = start_up(scale.starts)
    say("screening against the full list …")
    figures += screening(scale.parties)
    async with stage() as services:
        say("governed against direct …")
        figures += await overhead(services, scale, say)
        say("cases per second …")
        figures += await rates(services, scale, say)
        say("the cost of a step …")
        figures += await cost_of_a_step(services, scale.steps)
        say("the cost of guardrails …")
        figures += await guarding(services, scale.steps)
        say("appends by 64 writers …")
        figures += await appends(services, scale.rounds, say)
        say(f"a burst of {scale.burst} cases …")
        figures += await burst(services, scale, say)
        say(f"another parameter under {scale.refound} decided cases …")
        figures += await refinding(services, scale.refound)
        say(f"a candidate book over {scale.simulated} decided cases …")
        figures += await simulation(services, scale.simulated)
        say(f"the inbox at {scale.inbox} cases …")
        figures += await inbox(services, scale.inbox)
    return figures


def main() -> None:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cases", type=int, help="size of the burst, 10 or more")
    parser.add_argument("--quick", action="store_true", help="see that it works: all of it, at a small scale")
    parser.add_argument("--to", type=Path, default=FILE, help="the file to write")
    asked = parser.parse_args()
    scale = QUICK if asked.quick else Scale()
    if asked.cases is not None:
        scale = replace(scale, burst=max(asked.cases, 10))
    console, started = Console(stderr=True, highlight=False), time.perf_counter()
    figures = asyncio.run(
        measure(scale, lambda line: console.print(f"{time.perf_counter() - started:6.0f} s  {line}"))
    )
    keep(figures, asked.to)
    console.print(f"{time.perf_counter() - started:6.0f} s  written to {asked.to}")


main()
