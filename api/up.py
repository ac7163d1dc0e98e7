"""Starts the whole system as processes of its own: stand-in core bank, API, runner. Ends only what it started."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.assembly import database_url
from api.demo.identities import ensure_demo
from api.demo.stories import demo_customers
from api.settings import Settings
from checkpoints import keys
from checkpoints.migrate import migrate
from domain.clock import SystemClock
from domain.errors import Misconfigured

PATIENCE = 120  # tries, a quarter of a second apart


@dataclass(frozen=True, slots=True)
class Started:
    """Where the running system listens."""

    api: str
    bank: str


def prepare(settings: Settings) -> None:
    """Everything a first start needs: folder, key file, demo people, migrated database, the bank's token."""
    settings.home.mkdir(parents=True, exist_ok=True)
    keys.generate(settings.vault_key)
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
    """The three processes, ready; stopped on leaving."""
    children: list[subprocess.Popen[bytes]] = []
    api, bank = f"http://127.0.0.1:{api_port}", f"http://127.0.0.1:{bank_port}"
    common = ("--home", str(settings.home), "--bank-url", bank)
    try:
        for name, command in {
            "bank": _bank_command(settings, bank_port),
            "api": ("-m", "api.cli", "serve", *common, "--port", str(api_port)),
            "runner": ("-m", "api.cli", "runner", *common),
        }.items():
            children.append(_child(settings.home / f"{name}.log", *command))
        _wait_for(
            f"{bank}/healthz", children, (settings.home / "bank.token").read_text(encoding="utf-8").strip()
        )
        _wait_for(f"{api}/readyz", children)
        yield Started(api, bank)
    finally:
        for child in reversed(children):
            _stop(child)


def _bank_command(settings: Settings, port: int) -> tuple[str, ...]:
    home = settings.home
    given = {
        "--port": str(port),
        "--database": str(home / "bank.sqlite"),
        "--token-file": str(home / "bank.token"),
        "--customers": str(home / "bank-customers.json"),
    }
    return ("-m", "api.demo.core_bank", *(word for pair in given.items() for word in pair))


def _child(log: Path, *command: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as kept:
        line = [sys.executable, "-W", "ignore", *command]
        return subprocess.Popen(line, stdout=kept, stderr=kept)  # noqa: S603 - our own modules


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, children: list[subprocess.Popen[bytes]], token: str = "") -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    for _ in range(PATIENCE):
        dead = [child for child in children if child.poll() is not None]
        if dead:
            raise Misconfigured(
                f"a process stopped at its start (exit code {dead[0].returncode}); see the logs beside the key file"
            )
        with suppress(httpx.TransportError):
            if httpx.get(url, headers=headers, timeout=2, trust_env=False).is_success:
                return
        with suppress(subprocess.TimeoutExpired):
            children[-1].wait(0.25)
    raise Misconfigured(f"nothing answers at {url}")


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
