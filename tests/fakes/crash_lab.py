"""Advances a case in a forked child that kills itself (SIGKILL) at the n-th commit, before or after it.

Run as ``python -m tests.fakes.crash_lab <database-url> <home> <bank-url> <case-id> <first> <step>``: starts once,
forks a child per crash point until one comes through alive, and prints what happened as JSON lines.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from api.assembly import require_sound, running
from api.settings import Settings
from checkpoints.database import Database
from checkpoints.saver import CaseSaver
from domain.clock import SetClock
from graphs.advance import Runner
from graphs.catalog import VOCABULARY
from policies.loader import shipped


class Fuse:
    """Counts commits and kills the process at the n-th, before or after."""

    def __init__(self, at: int) -> None:
        self.left = at

    def burn(self) -> None:
        """One more moment at which a crash may happen."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def with_fuse(fuse: Fuse) -> None:
    """Burn around every transaction of the outer world: ours and the saver's."""
    Database.transaction = _fused(Database.transaction, fuse)  # type: ignore[method-assign]
    CaseSaver._cursor = _fused(CaseSaver._cursor, fuse)  # type: ignore[method-assign]


def _fused(original: Callable[..., object], fuse: Fuse) -> Callable[..., object]:
    @asynccontextmanager
    async def fused(self: object, *args: object, **more: object) -> AsyncIterator[object]:
        fuse.burn()
        async with original(self, *args, **more) as opened:  # type: ignore[attr-defined]
            yield opened
        fuse.burn()

    return fused


async def advance(settings: Settings, case_id: str, at: datetime) -> None:
    """One runner's attempt."""
    async with running(settings, SetClock(at)) as services:
        await Runner(services, f"runner-{os.getpid()}").advance(case_id)


def attempt(settings: Settings, case_id: str, at: datetime, lay: Callable[[], None]) -> int:
    """Fork a runner after laying a fuse; its exit signal (9) or 0."""
    child = os.fork()
    if child == 0:
        lay()
        asyncio.run(advance(settings, case_id, at))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def main(arguments: list[str]) -> None:
    """Crash at every ``step``-th moment from ``first`` on until an attempt comes through."""
    url, home, bank, case_id, at, first, step = arguments
    settings = Settings(_env_file=None, home=Path(home), DATABASE_URL=url, bank_url=bank)  # type: ignore[call-arg]
    crash_at = int(first)
    require_sound()  # once, before any child; so are the books read
    shipped(VOCABULARY)
    while (ended := attempt(settings, case_id, datetime.fromisoformat(at), _at(crash_at))) == signal.SIGKILL:
        print(json.dumps({"crashed_at": crash_at}), flush=True)
        crash_at += int(step)
    print(json.dumps({"ended": ended}), flush=True)


def _at(moment: int) -> Callable[[], None]:
    return lambda: with_fuse(Fuse(moment))


if __name__ == "__main__":
    main(sys.argv[1:])
