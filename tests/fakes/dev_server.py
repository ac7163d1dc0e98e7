"""The real ``langgraph dev`` as a process on 127.0.0.1, for as long as a test needs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
HOUSE = (
    "langgraph.json",
    "domain",
    "policies",
    "audit",
    "checkpoints",
    "tools",
    "guardrails",
    "agents",
    "graphs",
    "api",
)
LOOKS = 600  # each a tenth of a second


def graph_names() -> list[str]:
    """What ``langgraph.json`` offers."""
    return sorted(json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))["graphs"])


@contextmanager
def dev_server(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Start it with the project's own ``langgraph.json``; its address. Stopped by its process group."""
    port, written = _free_port(), folder / "dev-server.log"
    for name in HOUSE:  # it writes files of its own where it runs: they belong to this test
        (folder / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    with written.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder, env=_clean() | dict(environment), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _until_ready(url, process, written)
        yield url
    finally:
        _stop(process)


def _clean() -> dict[str, str]:
    """What a process needs to run, without settings of whoever runs the tests."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}


def _until_ready(url: str, process: subprocess.Popen[bytes], written: Path) -> None:
    for _ in range(LOOKS):
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/ok", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            threading.Event().wait(0.1)
    raise RuntimeError(f"the dev server did not start:\n{written.read_text(errors='replace')[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
