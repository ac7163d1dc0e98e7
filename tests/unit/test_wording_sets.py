"""Rules over wording find what they must not let pass in sentences of our own, and leave ordinary ones alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import BadInput
from evals.guardrails import wording
from evals.guardrails.detectors import DETECTORS
from evals.guardrails.run import OWN, measure

LEAST = 0.9  # of the sentences that must not pass
RULES = ("prohibited_basis", "tone", "denial_wording", "licensed_advice", "tipping_off")
SETS = sorted((OWN / wording.FOLDER).glob("*.jsonl"))


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
async def test_rules_over_wording_find_and_raise_what_the_page_says(file: Path) -> None:
    figures = {each.guardrail: each.told() for each in await wording.measure(file, DETECTORS)}
    assert set(figures) == set(RULES)
    assert all(each["positives"] >= 10 and each["negatives"] >= 10 for each in figures.values())
    assert [name for name, each in figures.items() if each["recall"] < LEAST] == []
    assert [name for name, each in figures.items() if each["false"]] == []


async def test_sentences_of_our_own_are_measured_whatever_the_folder_holds(tmp_path: Path) -> None:
    (tmp_path / "fuzz").mkdir()
    (tmp_path / "fuzz" / "strings.json").write_text('["Where is my card?"]')
    report = await measure(tmp_path, lambda _: None, own=OWN)
    assert {f"wording/{file.name}" for file in SETS} <= {each["data_set"] for each in report["figures"]}
    assert {f"wording/{file.name}" for file in SETS} <= {each["data_set"] for each in report["sets"]}


async def test_sentence_for_a_guardrail_that_is_not_there_is_refused_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text(
        '{"guardrail": "tone", "label": 0, "text": "Fine."}\n{"guardrail": "mood", "text": "Fine."}\n'
    )
    with pytest.raises(BadInput) as refused:
        await wording.measure(file, DETECTORS)
    assert (refused.value.attributes["row"], refused.value.attributes["field"]) == (2, "guardrail")
