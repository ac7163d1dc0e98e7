"""Starts the whole system as processes of its own: stand-in core bank, API, runner. Ends only what it started."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import httpx

from api.database import database_url
from api.demo.identities import ensure_demo
from api.demo.stories import demo_customers
from api.settings import Settings
from checkpoints import keys
from checkpoints.migrate import migrate
from domain.clock import SystemClock
from domain.errors import Misconfigured

BANK_PORT = 8702
PATIENCE = 240  # looks, a quarter of a second apart
AGAIN_SECONDS = 1.0  # between looks at whether a child still runs


@dataclass(slots=True)
class Started:
    """Where the running system listens, and its processes by name."""

    home: Path
    api: str
    bank: str
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start one, logging to ``<home>/<name>.log``."""
        line = [sys.executable, "-W", "ignore", *self.commands[name]]
        with (self.home / f"{name}.log").open("ab") as kept:
            self.children[name] = subprocess.Popen(line, stdout=kept, stderr=kept)  # noqa: S603 - our own modules

    def ended(self) -> list[str]:
        """The names of those that do not run any more."""
        return [name for name, child in self.children.items() if child.poll() is not None]

    def stop(self) -> None:
        """Stop them all, the last one first: politely, then for good."""
        running = list(reversed(self.children.values()))
        for child in running:
            child.terminate()
        for child in running:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def prepare(settings: Settings) -> None:
    """Everything a first start needs: folder, key file, demo people, migrated database, the bank's token.

    Raises:
        Misconfigured: a database of the bank's own is set; demo people have no place there.
    """
    if settings.database_url:
        remedy = "unset it, or start `countersign serve` and `countersign runner` with your own issuer"
        raise Misconfigured(
            "DATABASE_URL is set, and the demonstration has a database of its own", remedy=remedy
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    keys.generate(settings.vault_key)
    keys.generate(settings.record_key)
    ensure_demo(settings, SystemClock())
    token = settings.home / "bank.token"
    if not token.exists():
        token.touch(0o600)
        token.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    customers = json.dumps(demo_customers(SystemClock().now().date()))
    (settings.home / "bank-customers.json").write_text(customers, encoding="utf-8")
    migrate(database_url(settings))


@contextmanager
def started(settings: Settings, api_port: int, bank_port: int) -> Iterator[Started]:
    """The three processes, ready; stopped on leaving, also on SIGTERM.

    Raises:
        Misconfigured: a port is taken, or a process did not come up.
    """
    for port in (api_port, bank_port):
        _unused(port)
    home, bank = settings.home, f"http://127.0.0.1:{bank_port}"
    common = ("--home", str(home), "--bank-url", bank)
    system = Started(home, f"http://127.0.0.1:{api_port}", bank)
    system.commands = {
        "bank": ("-m", "api.demo.core_bank", *bank_words(settings, bank_port)),
        "api": ("-m", "api.cli", "serve", *common, "--port", str(api_port)),
        "runner": ("-m", "api.cli", "runner", *common),
    }
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        for name in system.commands:
            system.start(name)
        token = (home / "bank.token").read_text(encoding="utf-8").strip()
        _wait_for(f"{bank}/healthz", system, {"authorization": f"Bearer {token}"})
        _wait_for(f"{system.api}/readyz", system)
        yield system
    finally:
        system.stop()
        signal.signal(signal.SIGTERM, before)


def keep_up(system: Started) -> Iterator[str]:
    """Look after the processes until interrupted; gives the name of each that ended and was started again."""
    while True:
        time.sleep(AGAIN_SECONDS)
        for name in system.ended():
            system.start(name)
            yield name


def bank_words(settings: Settings, port: int) -> tuple[str, ...]:
    """Arguments of the stand-in core bank: its files stand in the home folder."""
    home = settings.home
    given = {
        "--port": str(port),
        "--database": str(home / "bank.sqlite"),
        "--token-file": str(home / "bank.token"),
        "--customers": str(home / "bank-customers.json"),
    }
    return tuple(word for pair in given.items() for word in pair)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unused(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            remedy = "stop the other one, or set COUNTERSIGN_PORT (API) or --bank-port"
            raise Misconfigured(f"something listens on port {port} already", remedy=remedy)


def _wait_for(url: str, system: Started, headers: dict[str, str] | None = None) -> None:
    for _ in range(PATIENCE):
        for name in system.ended():
            raise Misconfigured(f"the process {name!r} stopped at its start; see {system.home}/{name}.log")
        with suppress(httpx.TransportError):
            if httpx.get(url, headers=headers, timeout=2, trust_env=False).is_success:
                return
        time.sleep(0.25)
    raise Misconfigured(f"nothing answers at {url}; see the logs in {system.home}")


def _leave(number: int, _: FrameType | None) -> None:
    """Leave through every ``finally``, as an interrupt from the keyboard does."""
    sys.exit(128 + number)
