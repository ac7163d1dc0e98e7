"""Golden histories: cases of earlier code come out again under this code, in memory and without a database.

When one diverges and the difference is meant, write them again: ``python -m evals.histories``.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from langchain_core.runnables import RunnableLambda

from audit.chain import Entry
from audit.events import EventAwaited
from domain.errors import BadInput, Divergence
from graphs.recording import record as tell
from graphs.supervisor.deciding import decide
from graphs.supervisor.graph import builder
from graphs.supervisor.known import fact
from graphs.supervisor.state import CaseState
from graphs.time_machine import CaseRecord, replay
from graphs.time_machine.stand_ins import Nowhere, RecordedModel, recorded
from graphs.workflows import Only, Workflow, Workflows
from tools.notices import DecisionNotice

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))


def read(file: Path) -> CaseRecord:
    return CaseRecord.model_validate_json(file.read_text(encoding="utf-8"))


def routine() -> CaseRecord:
    return read(next(file for file in GOLDEN if file.stem == "routine"))


def rewritten(record: CaseRecord, kind: str, **changes: Any) -> CaseRecord:
    """The record with one event telling something else, its chain whole again."""
    prev, events = "0" * 64, []
    for event in record.events:
        body = event["body"] | (changes if event["kind"] == kind else {})
        entry = Entry(**{**event, "body": body, "prev": prev}).sealed()
        prev = entry.hash
        events.append({**event, "body": body, "prev": entry.prev, "hash": entry.hash})
    return record.model_copy(update={"events": tuple(events)})


def supervised_by(**nodes: Any) -> Workflows:
    """The supervisor with other steps in the place of some of its own."""
    changed = deepcopy(builder)
    for name, node in nodes.items():
        changed.nodes[name].runnable = RunnableLambda(node)
    graph = changed.compile(name="supervisor")
    return Only(Workflow("supervisor", 1, "of this test", graph))


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
async def test_case_of_earlier_code_comes_out_again_event_by_event(file: Path) -> None:
    record = read(file)
    came = await replay(record)
    assert came.divergence is None
    outside = {"case_opened", "record_received", "approval_decided", "rows_stamped"}
    by_steps = [each for each in record.events if each["kind"] not in outside]
    assert came.events == sum(each["body"].get("stage") != "input" for each in by_steps)


def test_histories_cover_both_ways_of_working_and_each_end() -> None:
    told = [{event["kind"] for event in read(file).events} for file in GOLDEN]
    assert len(GOLDEN) >= 5
    assert all("case_closed" in kinds for kinds in told)
    assert any("model_called" in kinds for kinds in told)
    assert any("standing_authority_used" in kinds for kinds in told)


async def test_step_that_draws_lots_is_caught_at_the_event_that_it_changes() -> None:
    async def draws_lots(state: CaseState) -> dict[str, Any]:
        lot = fact(uuid4().hex, "code", "luck")
        return await decide({**state, "facts": {**state["facts"], "lot": lot}})

    came = await replay(routine(), supervised_by(decide=draws_lots))
    assert came.divergence is not None
    assert (came.divergence["kind"], came.divergence["field"]) == ("decision_reached", "facts_digest")


async def test_event_that_was_never_told_before_is_caught() -> None:
    async def talkative(state: CaseState) -> dict[str, Any]:
        await tell(state["case_id"], "aside", EventAwaited(needs=("luck",), until="never"))
        return await decide(state)

    came = await replay(routine(), supervised_by(decide=talkative))
    assert came.divergence is not None
    assert came.divergence["replayed"] == '"aside/event_awaited"'


async def test_event_of_work_that_was_never_done_before_is_caught() -> None:
    async def busy(state: CaseState) -> dict[str, Any]:
        await tell(state["case_id"], "r9.kyc.risk_rater/aside", EventAwaited(needs=("luck",), until="never"))
        return await decide(state)

    came = await replay(routine(), supervised_by(decide=busy))
    assert came.divergence is not None
    assert "r9.kyc.risk_rater: the replay tells event_awaited" in came.divergence["message"]


async def test_replay_words_nothing_asks_no_model_and_reaches_no_other_system() -> None:
    with pytest.raises(Divergence, match="reaches no core bank: it was asked for post"):
        Nowhere("core bank").post  # noqa: B018
    with pytest.raises(Divergence, match="asks no model: model-1"):
        RecordedModel(model_name="model-1").invoke("What is the income?")
    notice = recorded(DecisionNotice(), {}, cast("Any", None))
    with pytest.raises(Divergence, match="words nothing: decision_notice"):
        await cast("Any", notice).said_in(None, None)


async def test_event_on_record_that_no_step_tells_again_is_caught() -> None:
    record = routine()
    last = record.entries[-1]
    more = {"needs": ["luck"], "until": "never"}
    extra = Entry(
        last.stream,
        last.seq + 1,
        "aside/event_awaited",
        "event_awaited",
        1,
        last.at,
        "system",
        more,
        last.hash,
    )
    told = (*record.events, asdict(extra.sealed()))
    came = await replay(record.model_copy(update={"events": told}))
    assert came.divergence is not None
    assert (came.divergence["sequence"], came.divergence["replayed"]) == (last.seq + 1, "nothing")


async def test_changed_figure_is_named_with_stream_event_field_and_both_values() -> None:
    came = await replay(rewritten(routine(), "approval_opened", quorum=2))
    assert came.divergence is not None
    told = {name: came.divergence[name] for name in ("stream", "kind", "field", "recorded", "replayed")}
    assert told == {
        "stream": "case", "kind": "approval_opened", "field": "quorum", "recorded": "2", "replayed": "1"
    }  # fmt: skip


async def test_answer_that_is_not_in_the_journal_is_a_divergence_and_never_a_call() -> None:
    record = routine()
    gone = next(each for each in record.calls if each.target == "price_loan")
    kept = tuple(each for each in record.calls if each is not gone)
    came = await replay(record.model_copy(update={"calls": kept}))
    assert came.divergence is not None
    assert (came.divergence["field"], came.divergence["recorded"]) == ("request", "nothing")
    assert str(came.divergence["replayed"]).startswith("price_loan")


async def test_effect_that_the_record_does_not_hold_is_not_performed() -> None:
    came = await replay(routine().model_copy(update={"outside": ()}))
    assert came.divergence is not None
    assert (came.divergence["field"], came.divergence["recorded"]) == ("order", "nothing")


async def test_history_that_was_changed_by_hand_is_refused_with_its_first_bad_event() -> None:
    events = list(routine().events)
    events[20] = events[20] | {"actor": "somebody-else"}
    with pytest.raises(BadInput) as refused:
        await replay(routine().model_copy(update={"events": tuple(events)}))
    assert refused.value.attributes["field"] == "events.21"
