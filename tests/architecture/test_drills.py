"""The controls that ``make drills`` removes stand in the code under the names that its table gives them."""

from __future__ import annotations

import ast
from functools import cache

from evals.drills.removal import Drill, drills
from tests.architecture.test_house import ROOT

ALL = tuple(drills(ROOT))


def test_every_control_has_a_name_of_its_own() -> None:
    assert len({drill.name for drill in ALL}) == len(ALL)


def test_every_control_of_the_tables_can_be_removed_and_its_tests_exist() -> None:
    assert [drill.name for drill in ALL if not _can_be_removed(drill)] == []
    assert {test for drill in ALL for test in drill.tests if not _exists(test)} == set()


def _can_be_removed(drill: Drill) -> bool:
    """Whether the file reads otherwise without it, and can be read: else every test would notice."""
    text = _text(drill.file)
    without = drill.without(text)
    if drill.file.endswith(".py"):
        ast.parse(without)
    return without != text


@cache
def _text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


@cache
def _exists(test: str) -> bool:
    """Whether there is this file, and in it the test that is named."""
    file, _, name = test.partition("::")
    return (ROOT / file).is_file() and f"def {name}(" in _text(file) + "def ("
