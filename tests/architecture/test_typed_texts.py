"""Reasons that people type pass through ``api/reasons`` on every front: none is handed on as it came."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTS = sorted(
    file
    for folder in ("api/http", "api/studio")
    for file in (ROOT / folder).glob("*.py")
    if re.search(r"\b(body|given)\.(reason|matter)\b", file.read_text("utf-8"))
)
TYPED = re.compile(r"\b(?:body|given)\.(?:reason|matter)\b")
CARED_FOR = re.compile(
    r"(?:kept_in|about_nobody)\([^()]*\b(?:body|given)\.(?:reason|matter)\b|len\(given\.reason\)"
)
NOT_TYPED = {  # a hold that is lifted is looked up by its name; a defect's reason is a code of the book
    "retention.py": {"body.matter"},
    "unwindings.py": {"body.reason"},
}


def test_every_front_that_takes_reasons_is_looked_at() -> None:
    assert {file.name for file in FRONTS} >= {
        "approvals.py", "conditions.py", "halts.py", "history.py", "model_level.py", "policy.py", "referrals.py",
        "retention.py", "answers.py",
    }  # fmt: skip


@pytest.mark.parametrize("file", FRONTS, ids=lambda file: file.name)
def test_no_typed_reason_goes_on_as_it_came(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    raw = {found.group() for line in lines for found in TYPED.finditer(CARED_FOR.sub("", line))}
    assert raw - NOT_TYPED.get(file.name, set()) == set()
