"""``GET /metrics`` for Prometheus: the fleet as the database knows it, and this process.

Open like the health routes, for scrapers inside the bank's network: it shows counts and times under codes,
never a case, a person or a value. When the database does not answer it still answers, and says so.
"""

from __future__ import annotations

import asyncio
from wsgiref.simple_server import WSGIServer

import psycopg
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import start_http_server

from audit.metrics import LOCAL, Readings, exposition
from checkpoints.measures import Measures
from graphs.services import Services

PATIENCE_SECONDS = 5.0
VERSION = "text/plain; version=0.0.4; charset=utf-8"
log = structlog.get_logger(__name__)
router = APIRouter(tags=["health"])


@router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> PlainTextResponse:
    """Every metric in Prometheus text; ``countersign_fleet_read`` is 0 when only this process is shown."""
    return PlainTextResponse(exposition(await _fleet(request.app.state.services)), media_type=VERSION)


def serve_local(port: int, address: str = "127.0.0.1") -> WSGIServer:
    """Serve what only this process knows (a runner's advances and errors), until it is shut down."""
    server, _ = start_http_server(port, address, LOCAL)
    return server


async def _fleet(services: Services) -> Readings | None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await Measures(services.database, services.clock).fleet()
    except (psycopg.Error, TimeoutError) as error:
        log.warning("fleet_not_read", error=type(error).__name__)
        return None
