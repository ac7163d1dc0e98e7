"""Answers of chat front-ends, in both shapes, become one verb with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from domain.decision import Verb
from domain.errors import BadInput
from graphs.said import Said, said

OFFER = {"principal_cents": 328_000_00, "rate_bps": 612, "product": "fixed_30"}
ASKED = {"action_requests": [{"name": "book_offer", "args": OFFER}, {"name": "decision_notice", "args": {}}]}
SMALLER = OFFER | {"principal_cents": 250_000_00}


def edit(args: dict[str, Any], name: str = "book_offer") -> dict[str, Any]:
    return {"type": "edit", "edited_action": {"name": name, "args": args}}


@pytest.mark.parametrize(
    ("resume", "verb", "reason"),
    [
        ({"decisions": [{"type": "approve", "message": "sound"}]}, Verb.APPROVE, "sound"),
        ([{"type": "accept", "args": None}], Verb.APPROVE, "approved"),
        ({"decisions": [{"type": "reject", "message": "weak"}]}, Verb.REJECT, "weak"),
        ([{"type": "ignore", "args": None}], Verb.REJECT, "rejected"),
        ([{"type": "response", "args": "who valued it?"}], Verb.RETURN, "who valued it?"),
    ],
)
def test_either_shape_says_one_verb_with_a_reason(resume: Any, verb: Verb, reason: str) -> None:
    assert said(resume, ASKED) == Said(verb, reason)


@pytest.mark.parametrize(
    "resume",
    [
        {"decisions": [edit(SMALLER)]},
        {"decisions": [edit(SMALLER), {"type": "approve"}]},
        {"decisions": [edit({"principal_cents": 250_000_00})]},
        [
            {
                "type": "edit",
                "args": {"action": "book_offer", "args": SMALLER | {"principal_cents": "25000000"}},
            }
        ],
    ],
)
def test_an_edit_says_only_what_changed(resume: Any) -> None:
    assert said(resume, ASKED) == Said(Verb.EDIT, "edited: principal_cents", {"principal_cents": 250_000_00})


def test_an_edit_gives_its_reason_when_there_is_one() -> None:
    assert (
        said({"decisions": [edit(SMALLER) | {"message": "a smaller loan"}]}, ASKED).reason == "a smaller loan"
    )


@pytest.mark.parametrize(
    ("resume", "wrong"),
    [
        ("yes", "no answer"),
        ([], "no answer"),
        ([{"type": "maybe"}], "no answer that the desk takes"),
        ({"decisions": [{"type": "approve"}, {"type": "reject"}]}, "do not agree"),
        ({"decisions": [edit(SMALLER), {"type": "reject"}]}, "do not agree"),
        ({"decisions": [edit(OFFER)]}, "changes nothing"),
        ({"decisions": [edit({"borrower": 1})]}, "arguments that were shown"),
        ({"decisions": [edit({"product": "fixed_15"})]}, "whole numbers"),
        ({"decisions": [edit({"principal_cents": True})]}, "whole numbers"),
        ({"decisions": [edit({"principal_cents": 2.5})]}, "whole numbers"),
        ({"decisions": [edit(SMALLER, "wire_money")]}, "an action that was shown"),
        ([{"type": "edit", "args": "less"}], "needs the edited action"),
    ],
)
def test_what_is_no_answer_is_refused(resume: Any, wrong: str) -> None:
    with pytest.raises(BadInput, match=wrong):
        said(resume, ASKED)
