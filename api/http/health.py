"""Is the process alive, and can it work: for load balancers. Open to all, and says nothing else."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Literal

import psycopg
from fastapi import APIRouter, Request

from api.http.problems import documented
from checkpoints.revision import newest
from domain.errors import Unavailable
from domain.identity import Record
from graphs.services import Services

PATIENCE_SECONDS = 5.0
revision_needed = cache(newest)
router = APIRouter(tags=["health"])


class Health(Record):
    """How it is."""

    status: Literal["alive", "ready"]


@router.get("/healthz", summary="Is the process alive?")
async def alive() -> Health:
    """Asks nobody."""
    return Health(status="alive")


@router.get("/readyz", summary="Can it work?", responses=documented(503))
async def ready(request: Request) -> Health:
    """The database answers and is migrated, and the queue can be reached."""
    services: Services = request.app.state.services
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await services.database.row("select version_num from public.alembic_version")
            await services.jobs.depth()
    except TimeoutError as error:
        raise Unavailable("the database does not answer in time", control="database") from error
    except psycopg.errors.UndefinedTable as error:
        raise _unmigrated() from error
    if found is None or found["version_num"] != revision_needed():
        raise _unmigrated()
    return Health(status="ready")


def _unmigrated() -> Unavailable:
    remedy = "run `countersign migrate`"
    return Unavailable("the database is not migrated", control="database", remedy=remedy)
