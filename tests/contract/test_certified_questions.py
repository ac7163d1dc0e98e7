"""Every certified question keeps its contract: an owner, a read-only query, and answers that can be told."""

from __future__ import annotations

import pytest

from agents.advisor.advisor import TOOLS as OFFERED
from agents.advisor.certified import Question, certified
from agents.advisor.telling import TELLS
from tools.catalog import TOOLS

pytestmark = pytest.mark.parametrize("question", certified().questions, ids=lambda each: each.id)


def test_it_has_an_owner_and_wordings_of_its_own(question: Question) -> None:
    others = {w for each in certified().questions if each.id != question.id for w in each.asked_as}
    assert question.owner
    assert not others & set(question.asked_as)


def test_it_runs_a_tool_of_the_chat_with_arguments_that_the_tool_takes(question: Question) -> None:
    assert question.runs in OFFERED
    assert set(question.filled) <= set(TOOLS[question.runs].args.model_fields)
    assert question.runs in TELLS


def test_it_fills_its_query_from_what_it_takes(question: Question) -> None:
    assert set(question.takes) <= set(question.filled.values())
