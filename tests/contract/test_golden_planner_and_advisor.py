"""The golden sets of planner and advisor: what tools give, each item can be missed, and too little is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.advisor.advisor import PROMPT as ADVISOR_PROMPT
from agents.advisor.advisor import TOOLS as OF_THE_CHAT
from agents.advisor.golden import DECLINED, ChatItem, ChatSet, told_by
from agents.advisor.reading import read_message
from agents.golden import golden_file, read_golden
from agents.roster import ROSTER
from agents.supervisor.golden import JOINT, NOTHING, PlannerItem, PlannerSet
from agents.supervisor.planner import PROMPT as PLANNER_PROMPT
from domain.errors import Misconfigured
from graphs.catalog import VOCABULARY
from graphs.golden.running import Answers, score
from graphs.golden.sets import jobs_with_models
from policies.loader import shipped
from tools.catalog import TOOLS

FILES = {"planner": golden_file(PLANNER_PROMPT), "advisor": golden_file(ADVISOR_PROMPT)}
PLANNER, ADVISOR = (
    read_golden(FILES["planner"], PlannerSet),
    read_golden(FILES["advisor"], ChatSet),
)
assert PLANNER is not None
assert ADVISOR is not None
BOOKS = {book.rules.kind: book.rules for book in shipped(VOCABULARY)}


def read(job: str) -> dict[str, Any]:
    return dict(yaml.safe_load(FILES[job].read_text(encoding="utf-8")))


@pytest.mark.parametrize("golden", [PLANNER, ADVISOR], ids=lambda each: each.specialist)
def test_a_set_belongs_to_a_workflow_whose_book_says_what_passes(golden: PlannerSet | ChatSet) -> None:
    rules = BOOKS[golden.workflow]
    assert golden.specialist in jobs_with_models(rules)
    assert rules.autonomy.unproven == "advise"
    assert len({item.id for item in golden.items}) == len(golden.items)
    assert all(golden.rewordings(item) for item in golden.items)


@pytest.mark.parametrize("item", PLANNER.items, ids=lambda each: each.id)
def test_a_proposal_is_right_where_it_sends_those_who_help_and_nobody_else(item: PlannerItem) -> None:
    home_loan = [job for jobs in BOOKS["home_loan"].workers.values() for job in jobs]
    right = [*item.expect, JOINT.join(item.expect)] if item.expect else [NOTHING]
    wrong = [job for job in home_loan if job not in item.expect] + [NOTHING] * bool(item.expect)
    assert set(item.expect) <= set(home_loan)
    assert all(score([Answers(item, (said,))]).right for said in right)
    for said in (
        *wrong,
        "outside: fraud_examiner",
        "unanswered",
        JOINT.join([*item.expect, "market_analyst"]),
    ):
        assert score([Answers(item, (said,))]).missed == (item.id,), said


def test_every_line_of_what_is_open_is_of_a_specialist() -> None:
    lines = [
        line for item in PLANNER.items for line in (*item.open, *(w for r in item.rewordings for w in r))
    ]
    assert {line.partition(":")[0] for line in lines} <= set(ROSTER)


@pytest.mark.parametrize("item", ADVISOR.items, ids=lambda each: each.id)
def test_an_answer_is_right_from_its_tools_or_when_it_declines(item: ChatItem) -> None:
    right = DECLINED if item.expect == "declines" else told_by(item.tools)
    assert score([Answers(item, (right,))]).right
    unlike = told_by(("customer_cases",)) if item.expect == "answers" else told_by(("case_status",))
    for said in (unlike, "stopped: filing", "said: x", "left out: x", "unanswered"):
        assert score([Answers(item, (said,))]).missed == (item.id,), said
    for word in item.never:
        assert item.wrong(f"{' '.join(item.says)} and {word.upper()}") == f"said: {word}"
    if item.says:
        assert item.wrong("nothing of it") == f"left out: {item.says[0]}"
    assert set(item.tools) <= set(OF_THE_CHAT)


def test_what_the_desk_answers_is_what_tools_give_and_messages_name_its_cases() -> None:
    for desk in ADVISOR.situations.values():
        for each in desk.tools:
            tool = TOOLS[each.tool]
            assert tool.args.model_validate(each.args).model_dump(mode="json") == each.args
            assert tool.result.model_validate(each.result).model_dump(mode="json") == each.result
    for item in ADVISOR.items:
        for words in (item.question, *item.rewordings):
            named = set(read_message(words).mentions)
            assert named <= set(ADVISOR.situations[item.situation].cases)


def few(job: str, keep: Any) -> dict[str, Any]:
    return read(job) | {"items": [each for each in read(job)["items"] if keep(each)]}


@pytest.mark.parametrize(
    ("job", "shape", "written", "says"),
    [
        (
            "planner",
            PlannerSet,
            few("planner", lambda each: each["kind"] != "contrary"),
            "no item that is contrary",
        ),
        ("planner", PlannerSet, few("planner", lambda each: each["kind"] == "clear"), "4 items, 8 at least"),
        (
            "planner",
            PlannerSet,
            read("planner") | {"items": [each | {"expect": []} for each in read("planner")["items"]]},
            "three at least where somebody helps",
        ),
        (
            "advisor",
            ChatSet,
            few("advisor", lambda each: each["expect"] == "answers"),
            "what it declines: 0 items, 8 at least",
        ),
        (
            "advisor",
            ChatSet,
            few("advisor", lambda each: each["id"] != "no_such_case"),
            "what it answers: no item that is silent",
        ),
        (
            "advisor",
            ChatSet,
            read("advisor") | {"items": [each | {"never": []} for each in read("advisor")["items"]]},
            "every item names words that no answer may hold",
        ),
    ],
)
def test_a_set_that_asks_too_little_is_refused(
    tmp_path: Path, job: str, shape: Any, written: dict[str, Any], says: str
) -> None:
    file = tmp_path / f"{job}.golden.yaml"
    file.write_text(yaml.safe_dump(written))
    with pytest.raises(Misconfigured, match=says):
        read_golden(file, shape)
