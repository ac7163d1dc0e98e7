"""The controls that ``make drills`` removes stand in the code under the names that its table gives them."""

from __future__ import annotations

import pytest

from evals.drills.removal import Drill, drills
from tests.architecture.test_house import ROOT

ALL = tuple(drills(ROOT))


def test_every_control_has_a_name_of_its_own() -> None:
    assert len({drill.name for drill in ALL}) == len(ALL)


@pytest.mark.parametrize("drill", ALL, ids=lambda drill: drill.name)
def test_a_control_of_the_table_can_be_removed_and_its_tests_exist(drill: Drill) -> None:
    text = (ROOT / drill.file).read_text(encoding="utf-8")
    assert drill.without(text) != text
    assert [test for test in drill.tests if not (ROOT / test).is_file()] == []
