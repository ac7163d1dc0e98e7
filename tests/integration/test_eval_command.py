"""The command that runs the decks, on a small part of one of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.__main__ import main


def test_quick_run_measures_says_that_it_is_quick_and_writes_what_it_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "eval-quick.json"
    assert main(["--quick", "--deck", "judgements", "--to", str(file)]) == 0
    report = json.loads(file.read_text(encoding="utf-8"))
    deck = report["decks"]["judgements"]
    assert (report["quick"], deck["n"]) == (True, 20)
    assert "not for quoting" in deck["label"]
    assert deck["as_the_rules_say"] == {"of": 20, "n": 20, "share": 1.0}
    assert sum(each["n"] for each in deck["by_specialist"].values()) == deck["n"]
    shown = capsys.readouterr().out
    assert "one declared rate changed at a time" in shown
    assert "what the judge and code's checks are worth" in " ".join(shown.split())
