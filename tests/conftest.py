"""A real Postgres for every integration test: the embedded one, started here, one scratch database per test."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import certifi
import psycopg
import pytest

from api.assembly import DEMO_LIST, models, running
from api.settings import ModelSettings, Settings
from checkpoints import embedded, keys
from checkpoints.migrate import migrate
from domain.clock import SetClock
from graphs.services import Services, install
from tests.fakes.bank import TOKEN, BankServer, RunningBank, bank_server
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel
from tools.screening.match import ScreeningSubject, SubjectKind, screen
from tools.screening.ofac_list import SanctionsList

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> str:
    """The URL of the test server; it is stopped with the test process, and does not wait for the disk.

    Tests kill our processes, never the server: what it has taken it keeps without ``fsync``.
    """
    url = embedded.start(embedded.default_folder(Path(".state/test-postgres")))
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
    return url


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """A migrated database that the others are copied from."""
    name = f"template_{os.getpid()}"
    migrate(embedded.create_database(server, name))
    return name


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """An empty migrated database of its own; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    url = embedded.create_database(server, name, template)
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at 2026-03-02 15:00 UTC until the test moves it."""
    return SetClock(NOW)


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Clients of 127.0.0.1 need no certificate: they read one at their start, not the whole world's."""
    first, end, _ = certifi.contents().partition("-----END CERTIFICATE-----\n")
    file = tmp_path_factory.mktemp("authorities") / "one.pem"
    file.write_text(first + end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield


@pytest.fixture(scope="session")
def banks() -> Iterator[BankServer]:
    """The server of all stand-in core banks."""
    with bank_server() as server:
        yield server


@pytest.fixture
def bank(banks: BankServer, tmp_path: Path, clock: SetClock) -> Iterator[RunningBank]:
    """The stand-in core bank, over HTTP."""
    with banks.bank(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, database_url: str, bank: RunningBank) -> Settings:
    """Settings of this test, with a key file and the bank's token."""
    keys.generate(tmp_path / "vault.key")
    keys.generate(tmp_path / "record.key")
    (tmp_path / "bank.token").write_text(TOKEN)
    return Settings(_env_file=None, home=tmp_path, DATABASE_URL=database_url, bank_url=bank.url)


@pytest.fixture(scope="session")
def tables_of_names() -> None:
    """The tables that screening reads once per process: what they take belongs to no test's clock."""
    screen(SanctionsList.load(DEMO_LIST), ScreeningSubject("Warm Up", SubjectKind.INDIVIDUAL))


@pytest.fixture
async def services(settings: Settings, clock: SetClock, tables_of_names: None) -> AsyncIterator[Services]:
    """Everything, over the scratch database."""
    async with running(settings, clock) as built:
        yield built


@pytest.fixture
def with_model(services: Services) -> Iterator[Callable[[Script], tuple[ScriptedModel, Services]]]:
    """Start a scripted model and give the services that use it, over the real client and agent loop."""
    with ExitStack() as stack:

        def start(script: Script) -> tuple[ScriptedModel, Services]:
            server = stack.enter_context(ScriptedModel(script))
            settings = ModelSettings(
                _env_file=None, base_url=server.url, api_key="test-key", routine="scripted"
            )
            equipped = replace(services, crew=replace(services.crew, models=models(settings)))
            install(equipped)
            return server, equipped

        yield start
