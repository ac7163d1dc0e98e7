"""What every measurement runs on: an embedded Postgres, a migrated database, the stand-in bank, services."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from api.assembly import models, running
from api.settings import ModelSettings, Settings
from checkpoints import embedded, keys
from checkpoints.migrate import migrate
from domain.clock import SetClock
from graphs.services import Services, install
from tests.fakes.bank import TOKEN, running_bank
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import specialists

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@asynccontextmanager
async def stage(pool_size: int = 12) -> AsyncIterator[Services]:
    """Services over a fresh database; dropped afterwards."""
    server = embedded.start(embedded.default_folder(Path(".state/bench-postgres")))
    name = f"bench_{os.getpid()}"
    url = embedded.create_database(server, name)
    migrate(url)
    clock = SetClock(NOW)
    with TemporaryDirectory() as folder, running_bank(Path(folder), clock) as bank:
        keys.generate(Path(folder) / "vault.key")
        keys.generate(Path(folder) / "record.key")
        (Path(folder) / "bank.token").write_text(TOKEN)
        settings = Settings(
            _env_file=None, home=Path(folder), DATABASE_URL=url, bank_url=bank.url, pool_size=pool_size
        )
        async with running(settings, clock) as services:
            yield services
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)')


@asynccontextmanager
async def with_model(services: Services, latency: float) -> AsyncIterator[tuple[Services, ScriptedModel]]:
    """The same services with a scripted model that takes this long for each answer, and the model."""
    with ScriptedModel(specialists(), latency=latency) as server:
        settings = ModelSettings(base_url=server.url, api_key="bench", routine="scripted")
        equipped = replace(services, crew=replace(services.crew, models=models(settings)))
        install(equipped)
        yield equipped, server
    install(services)
