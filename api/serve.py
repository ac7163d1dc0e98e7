"""The API process."""

from __future__ import annotations

import uvicorn

from api.assembly import running
from api.http.app import authenticator, create_app
from api.settings import Settings


async def serve(settings: Settings) -> None:
    """Serve HTTP on 127.0.0.1 until stopped."""
    async with running(settings) as services:
        app = create_app(services, authenticator(settings, services.clock), settings.most_bytes)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=settings.port,
            log_level="warning",
            log_config=None,  # the process's own JSON lines
            lifespan="off",
            server_header=False,
        )
        await uvicorn.Server(config).serve()
