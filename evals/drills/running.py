"""Runs tests of the copy, each run in a process of its own that is forked when the foreign packages are read already.

Reading them takes most of a short run. Of this project nothing is read before the fork: what runs is the copy.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from evals.drills.reaching import Reaching, Wanted

LONGEST = 900  # seconds of one run
QUIET = (
    "-x",
    "-q",
    "--no-header",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
FOREIGN = """
import sys, tests.conftest
print(*(name for name, module in sys.modules.items() if "site-packages" in (getattr(module, "__file__", "") or "")))
"""


def prepare(root: Path) -> None:
    """Read every foreign module that the tests' own fixtures need."""
    told = subprocess.run(
        [sys.executable, "-c", FOREIGN], cwd=root, capture_output=True, text=True, check=True
    )
    for name in told.stdout.split():
        with contextlib.suppress(Exception):  # one that cannot be read alone is read by whoever needs it
            importlib.import_module(name)


def first_failure(copy: Path, tests: Sequence[str]) -> str:
    """The first test that fails or cannot be run; empty when all pass."""
    with tempfile.NamedTemporaryFile() as said:
        code = _forked(_run, copy, ("-x", *tests), said.name, None)
        lines = Path(said.name).read_text(encoding="utf-8").splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    if not failed and code:
        return tests[0]  # it could not be run to its end
    return failed[0].split(" - ")[0].partition(" ")[2] if failed else ""


def reached(copy: Path, tests: Sequence[str], wanted: Wanted) -> Mapping[str, list[str]]:
    """``file:line`` -> the tests that come to it, of all that are run; nothing where the run does not end."""
    with tempfile.NamedTemporaryFile() as said, tempfile.NamedTemporaryFile() as found:
        _forked(_run, copy, tests, said.name, Reaching(copy, wanted, Path(found.name)))
        text = Path(found.name).read_text(encoding="utf-8")
    places: dict[str, list[str]] = json.loads(text or "{}")
    return places


def _forked(run: Callable[..., None], *given: object) -> int:
    """How a run in a process of its own ended; one that does not end is stopped and counts as failed."""
    process = multiprocessing.get_context("fork").Process(target=run, args=given)
    process.start()
    process.join(LONGEST)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode or 0


def _run(copy: Path, arguments: Sequence[str], said: str, plugin: object | None) -> None:
    os.chdir(copy)
    for name in [each for each in sys.modules if each.partition(".")[0] in {"evals", "tests"}]:
        del sys.modules[name]
    sys.path[:] = [str(copy), *(each for each in sys.path if each not in ("", str(copy.parents[1])))]
    descriptor = os.open(said, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), write_through=True)
    code = pytest.main([*QUIET, *arguments], plugins=[plugin] if plugin else [])
    sys.stdout.flush()
    atexit._run_exitfuncs()  # the database server of the copy stops
    os._exit(code)
