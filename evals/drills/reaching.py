"""Finds, in one run of the tests, which of them come to which line: they notice first when it is removed."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Generator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

Wanted = Mapping[str, set[int]]  # file -> lines


class Reaching:
    """Notes for each wanted line the tests that come to it, and leaves that in a file.

    Args:
        copy: where the files are.
        wanted: which lines.
        to: where it is left, as JSON: ``file:line`` -> tests.
    """

    def __init__(self, copy: Path, wanted: Wanted, to: Path) -> None:
        self._lines = {str(copy / file): lines for file, lines in wanted.items()}
        self._names = {str(copy / file): file for file in wanted}
        self._found: dict[str, dict[str, None]] = {}
        self._to = to
        self._test = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Watch one test."""
        self._test = item.nodeid
        threading.settrace(self._called)
        sys.settrace(self._called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)

    def pytest_sessionfinish(self) -> None:
        """Leave what was found."""
        self._to.write_text(json.dumps({place: [*tests] for place, tests in self._found.items()}))

    def _called(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self._line if frame.f_code.co_filename in self._lines else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        file = frame.f_code.co_filename
        if event == "line" and frame.f_lineno in self._lines[file]:
            self._found.setdefault(f"{self._names[file]}:{frame.f_lineno}", {})[self._test] = None
        return self._line
