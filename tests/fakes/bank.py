"""The stand-in core bank as a real HTTP server on 127.0.0.1, for as long as a test needs it."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.demo.core_bank import create_app
from api.demo.stories import demo_customers
from domain.clock import Clock

TOKEN = "test-bank-token"


@dataclass(frozen=True)
class RunningBank:
    """Where it listens, and what a test may ask or break."""

    url: str
    token: str = TOKEN

    def counts(self) -> dict[str, int]:
        """What happened in it."""
        return dict(self._call("GET", "/_counts").json())

    def break_next(self, endpoint: str, mode: str, times: int = 1, seconds: float = 6.0) -> None:
        """Make the next calls fail in a certain way."""
        body = {"endpoint": endpoint, "mode": mode, "times": times, "seconds": seconds}
        self._call("POST", "/_faults", body).raise_for_status()

    def disburse(self, loan: str) -> None:
        """The money of a loan goes out."""
        self._call("POST", f"/loans/{loan}/disburse").raise_for_status()

    def _call(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.request(method, self.url + path, json=body, headers=headers, timeout=10, verify=False)


class BankServer:
    """One server for any number of banks, each under a path of its own; an ASGI application."""

    def __init__(self) -> None:
        self._banks: dict[str, ASGIApp] = {}
        self._numbers = itertools.count(1)
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on to its bank, which does not know that there are others."""
        name, _, path = str(scope["path"]).removeprefix("/").partition("/")
        await self._banks[name]({**scope, "path": f"/{path}"}, receive, send)

    @contextmanager
    def bank(self, folder: Path, clock: Clock) -> Iterator[RunningBank]:
        """A bank with nothing in it but the demo's customers, gone afterwards."""
        name = str(next(self._numbers))
        self._banks[name] = create_app(folder / "bank.sqlite", TOKEN, demo_customers(clock.now().date()))
        try:
            yield RunningBank(f"{self.url}/{name}")
        finally:
            del self._banks[name]


@contextmanager
def bank_server() -> Iterator[BankServer]:
    """Start it on a free port; stop it afterwards."""
    banks = BankServer()
    config = uvicorn.Config(banks, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        banks.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield banks
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@contextmanager
def running_bank(folder: Path, clock: Clock) -> Iterator[RunningBank]:
    """One bank on a server of its own."""
    with bank_server() as server, server.bank(folder, clock) as bank:
        yield bank
