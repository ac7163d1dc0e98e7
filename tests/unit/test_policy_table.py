"""Reading and evaluating decision tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.errors import InvalidPolicy
from policies.cell import Value
from policies.table import DecisionTable, SourceStatus

INPUTS = {
    "dti_back": {"type": "int", "unit": "bps", "min": 0, "max": 100_000},
    "score": {"type": "int", "unit": "score", "min": 300, "max": 850},
    "held": {"type": "flag"},
}
ROWS: list[dict[str, Any]] = [
    {"id": "HOLD", "when": {"held": True}, "then": {"outcome": "refer"}},
    {"id": "DTI", "when": {"dti_back": "> 5000"}, "then": {"outcome": "decline"}},
    {"id": "SCORE", "when": {"score": "< 620"}, "then": {"outcome": "decline"}},
    {"id": "OK", "then": {"outcome": "approve", "authority": "underwriter"}},
]
CLEAN: dict[str, Value] = {"dti_back": 4000, "score": 700, "held": False}


def table(hit_policy: object = "first", **changed: object) -> DecisionTable:
    raw: dict[str, object] = {
        "hit_policy": hit_policy,
        "inputs": INPUTS,
        "outputs": {"outcome": ["decline", "refer", "approve"], "authority": None},
        "rows": ROWS,
    }
    return DecisionTable.parse("mortgage.credit", raw | changed)


def test_the_first_matching_row_answers_and_is_named() -> None:
    answer = table().evaluate(CLEAN | {"dti_back": 5001, "score": 600})
    assert (answer.outputs, answer.rows_hit) == ({"outcome": "decline"}, ("DTI",))


def test_the_trace_says_of_every_row_where_it_failed() -> None:
    assert table().evaluate(CLEAN).trace == (
        ("HOLD", False, "held"),
        ("DTI", False, "dti_back"),
        ("SCORE", False, "score"),
        ("OK", True, None),
    )


def test_the_worst_outcome_wins_under_priority() -> None:
    answer = table("priority").evaluate(CLEAN | {"held": True, "score": 600})
    assert (answer.answer, answer.rows_hit) == ({"outcome": "decline"}, ("SCORE",))


def test_collect_gives_every_matching_row() -> None:
    answer = table("collect").evaluate(CLEAN | {"dti_back": 6000, "score": 600})
    assert answer.rows_hit == ("DTI", "SCORE", "OK")
    assert [each["outcome"] for each in answer.answers] == ["decline", "decline", "approve"]


def test_collect_without_a_matching_row_is_an_empty_list() -> None:
    answer = table("collect", rows=ROWS[:1]).evaluate(CLEAN)
    assert (answer.outputs, answer.unknown) == ([], ())


def test_rows_that_contradict_each_other_give_no_answer() -> None:
    answer = table("unique").evaluate(CLEAN | {"dti_back": 6000})
    assert (answer.outputs, answer.rows_hit) == ({}, ("DTI", "OK"))


@pytest.mark.parametrize("fact", [None, "4000", True, -1, 100_001, 40.0])
def test_a_fact_that_is_missing_or_impossible_is_unknown_and_nothing_is_approved(fact: Any) -> None:
    answer = table().evaluate(CLEAN | {"dti_back": fact})
    assert (answer.outputs, answer.rows_hit, answer.unknown) == ({}, (), ("dti_back",))


def test_without_facts_everything_needed_is_unknown() -> None:
    answer = table().evaluate({})
    assert answer.unknown == table().needed_facts() == ("dti_back", "score", "held")


def test_a_fact_that_cannot_change_the_answer_is_not_waited_for() -> None:
    answer = table().evaluate({"held": True})
    assert (answer.outputs, answer.unknown) == ({"outcome": "refer"}, ())


def test_collect_waits_for_every_fact_that_could_add_a_row() -> None:
    answer = table("collect").evaluate({"held": True, "score": 600})
    assert (answer.outputs, answer.unknown) == ([], ("dti_back",))


def test_an_answer_cannot_change_the_table() -> None:
    book = table()
    book.evaluate(CLEAN).answer["outcome"] = "decline"
    assert book.evaluate(CLEAN).answer["outcome"] == "approve"


def test_a_single_answer_is_not_taken_from_a_collecting_table() -> None:
    with pytest.raises(InvalidPolicy):
        _ = table("collect").evaluate(CLEAN).answer


def test_a_citation_is_unverified_until_someone_says_otherwise() -> None:
    rows = [{"id": "CTR", "then": {"outcome": "refer"}, "source": "31 CFR 1010.311"}]
    assert table(rows=rows).rows[0].source_status is SourceStatus.UNVERIFIED


@pytest.mark.parametrize(
    "changed",
    [
        {"hit_policy": "any"},
        {"rows": []},
        {"rows": [*ROWS, ROWS[0]]},
        {"rows": [{"id": "R", "when": {"dti_front": "> 1"}, "then": {"outcome": "refer"}}]},
        {"rows": [{"id": "R", "then": {}}]},
        {"rows": [{"id": "R", "then": {"outcome": "aprove"}}]},
        {"rows": [{"id": "R", "then": {"outcome": 1.5}}]},
        {"rows": [{"id": 7, "then": {"outcome": "refer"}}]},
        {"rows": [{"id": "R", "then": {"outcome": "refer"}, "source_status": "primary"}]},
        {"rows": [{"id": "R", "then": {"outcome": "refer"}, "source": "x", "source_status": "hearsay"}]},
        {"inputs": {}},
        {"outputs": ["outcome", "authority"], "hit_policy": "priority"},
        {"note": "no such key"},
    ],
)
def test_a_table_that_cannot_be_relied_on_is_refused(changed: Mapping[str, object]) -> None:
    with pytest.raises(InvalidPolicy, match=r"table mortgage\.credit"):
        table(**changed)


def test_a_bad_cell_is_found_by_table_row_and_column() -> None:
    rows = [{"id": "R9", "when": {"score": "> 900"}, "then": {"outcome": "refer"}}]
    with pytest.raises(InvalidPolicy) as caught:
        table(rows=rows)
    assert caught.value.attributes == {"table": "mortgage.credit", "row": "R9", "column": "score"}
