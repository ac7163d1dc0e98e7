"""A book's own example cases: every shipped one comes out as declared, and a changed book is caught by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import main
from domain.errors import InvalidPolicy
from graphs.catalog import VOCABULARY
from graphs.policy_change.trying import try_examples
from policies.examples import read_examples
from policies.loader import BOOKS, EXAMPLES, read_book, shipped_examples

ONE = """book: loan_amendment
cases:
  - {name: one, day: 2026-03-02, facts: {kyc_risk: low}, expect: {outcome: refer}}
"""
SHIPPED = sorted(file.stem for file in EXAMPLES.glob("*.yaml"))


def text_of(kind: str) -> str:
    return (BOOKS / f"{kind}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_shipped_example_comes_out_as_declared_and_every_row_is_tried(kind: str) -> None:
    examples = shipped_examples(kind)
    assert examples is not None
    trial = try_examples(read_book(text_of(kind), VOCABULARY), examples)
    assert (trial.failed, trial.untried) == ((), ())


def test_a_changed_row_fails_the_example_that_holds_it() -> None:
    examples = shipped_examples("home_loan")
    assert examples is not None
    book = read_book(text_of("home_loan").replace('"> 5000"}', '"> 5500"}'), VOCABULARY)
    failed = {each.name: each.wrong for each in try_examples(book, examples).failed}
    wrong = failed["A debt-to-income ratio above 50 % is declined"]
    assert "outcome: expected decline, came approve" in wrong


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        ("cases:", "cases: [", "not YAML"),
        ("name: one", "name: one, from: nowhere", "starts from 'nowhere'"),
        ("outcome: refer", "outcome: shrug", "expect.outcome"),
        ("day: 2026-03-02", "day: soon", "day"),
        ("{kyc_risk: low}", "{kyc_risk: purple}", "kyc_risk cannot be 'purple'"),
        ("loan_amendment", "home_loan", "examples of the book home_loan"),
    ],
)
def test_an_example_that_cannot_be_is_refused(piece: str, instead: str, complaint: str) -> None:
    assert piece in ONE
    with pytest.raises(InvalidPolicy, match=complaint):
        try_examples(
            read_book(text_of("loan_amendment"), VOCABULARY), read_examples(ONE.replace(piece, instead))
        )


def test_the_command_line_fails_with_what_came_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "candidate.yaml"
    file.write_text(text_of("home_loan").replace('"> 5000"}', '"> 5500"}'))
    with pytest.raises(SystemExit) as left:
        main(["policy", "test", str(file)])
    assert left.value.code == 1
    assert "expected decline, came approve" in " ".join(capsys.readouterr().out.split())
