"""The stand-in core bank as a real HTTP server on 127.0.0.1, for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

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
        return httpx.request(method, self.url + path, json=body, headers=headers, timeout=10)


@contextmanager
def running_bank(folder: Path, clock: Clock) -> Iterator[RunningBank]:
    """Start it on a free port; stop it afterwards."""
    app = create_app(folder / "bank.sqlite", TOKEN, demo_customers(clock.now().date()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{url}/healthz", timeout=1)
            break
        except httpx.TransportError:
            threading.Event().wait(0.05)
    try:
        yield RunningBank(url)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
