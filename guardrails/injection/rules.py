"""The rules of ``rules.yar`` over one reading of a text; the first that matches is told by its id."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import yara_x

from guardrails.injection.detection import NOTHING, Detection

FILE = Path(__file__).with_name("rules.yar")
_OF_THREAD = threading.local()
VERSION = 3  # of the file; its first line says the same


def by_rules(reading: str) -> Detection:
    """The first match, in the order of the file."""
    for rule in _scanner().scan(reading.encode("utf-8", "replace")).matching_rules:
        said = dict(rule.metadata)
        return Detection(str(said["id"]), str(said["says"]))
    return NOTHING


def _scanner() -> yara_x.Scanner:
    """One scanner for each thread: to make one takes longer than to read a letter."""
    if not hasattr(_OF_THREAD, "scanner"):
        _OF_THREAD.scanner = yara_x.Scanner(_compiled())
    found: yara_x.Scanner = _OF_THREAD.scanner
    return found


@cache
def _compiled() -> yara_x.Rules:
    return yara_x.compile(FILE.read_text(encoding="utf-8"))
