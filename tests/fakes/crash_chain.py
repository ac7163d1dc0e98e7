"""Kills a runner (SIGKILL) as soon as it has changed anything; the next one goes on from there, and dies as soon.

Run as ``python -m tests.fakes.crash_chain <database-url> <home> <bank-url> <case-id> <now>``: prints what each runner
had changed when it was killed, one JSON line each, until one comes through alive because nothing was left to do. So a
case is killed after each of its commits and each change of the bank, and finished from every one of them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from api.assembly import require_sound
from api.settings import Settings
from checkpoints.database import Database
from checkpoints.saver import CaseSaver
from graphs.catalog import VOCABULARY
from policies.loader import shipped
from tests.fakes.crash_lab import attempt
from tools.core_bank import CoreBankClient

MOMENT = """select json_build_object(
    'told', (select max(seq) from countersign.ledger where stream = %(case)s),
    'effects', (select json_agg(status order by step) from countersign.effects where case_id = %(case)s),
    'checkpoints', (select count(*) from public.checkpoints where thread_id = %(case)s),
    'writes', (select count(*) from public.checkpoint_writes where thread_id = %(case)s),
    'status', (select status from countersign.cases where id = %(case)s)) as moment"""
MOST = 60  # runners; a case that needs more goes round in circles


def kill() -> None:
    """``kill -9`` of this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def lay_fuses(case_id: str, before: dict[str, Any]) -> None:
    """Die after the first commit that leaves the case otherwise than before, or the first change of the bank."""
    Database.transaction = _fused(Database.transaction, case_id, before)  # type: ignore[method-assign]
    CaseSaver._cursor = _fused(CaseSaver._cursor, case_id, before)  # type: ignore[method-assign]
    CoreBankClient.post = _fused_call(CoreBankClient.post)  # type: ignore[method-assign]


def _fused(original: Callable[..., Any], case_id: str, before: dict[str, Any]) -> Callable[..., Any]:
    @asynccontextmanager
    async def fused(self: object, *args: object, **more: object) -> AsyncIterator[Any]:
        async with original(self, *args, **more) as opened:
            yield opened
            row = await (await opened.execute(MOMENT, {"case": case_id})).fetchone()
        if row["moment"] != before:
            kill()

    return fused


def _fused_call(original: Callable[..., Any]) -> Callable[..., Any]:
    async def fused(self: object, *args: object, **more: object) -> Any:
        await original(self, *args, **more)
        kill()

    return fused


def moment(url: str, case_id: str) -> dict[str, Any]:
    """Where the case stands."""
    with psycopg.connect(url) as connection:
        found = connection.execute(MOMENT, {"case": case_id}).fetchone()
    return dict(found[0]) if found else {}


def main(arguments: list[str]) -> None:
    """Runner after runner, until nothing is left to do."""
    url, home, bank, case_id, at = arguments
    settings = Settings(_env_file=None, home=Path(home), DATABASE_URL=url, bank_url=bank)  # type: ignore[call-arg]
    require_sound()  # once, before any child; so are the books read
    shipped(VOCABULARY)
    before = moment(url, case_id)
    for _ in range(MOST):
        ended = attempt(
            settings, case_id, datetime.fromisoformat(at), lambda then=before: lay_fuses(case_id, then)
        )
        after = moment(url, case_id)
        changed = {name: value for name, value in after.items() if value != before[name]}
        print(json.dumps({"ended": ended, "changed": changed}), flush=True)
        if ended != signal.SIGKILL:
            return
        before = after


if __name__ == "__main__":
    main(sys.argv[1:])
