"""A person's answer to an interrupt, in either shape that chat front-ends send. Pure.

``{"decisions": [{"type": "approve" | "edit" | "reject", …}]}``, an edit with ``edited_action: {name, args}``; and
agent-inbox's ``[{"type": "accept" | "edit" | "response" | "ignore", "args": …}]``, an edit with
``args: {action, args}``; a response is a question back: return for information.
Owns what was said, never whether it counts: in production the desk decides that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.decision import Verb
from domain.errors import BadInput

WHOLE = re.compile(r"-?\d{1,15}")
SHAPE = (
    'send {"decisions": [{"type": "approve" or "reject", "message": "why"}]}, or '
    '{"type": "edit", "edited_action": {"name": …, "args": {…}}}'
)


@dataclass(frozen=True, slots=True)
class Said:
    """One verb with its reason; of an edit also the changed arguments."""

    verb: Verb
    reason: str
    edits: Mapping[str, int] = field(default_factory=dict)


def said(resume: Any, asked: Mapping[str, Any]) -> Said:
    """What was said to the interrupt payload ``asked``.

    Several decisions, one for each action, must agree; an edit of one beside approvals of the others is an
    edit, because what follows from it is worked out and asked anew.

    Raises:
        BadInput: it is no answer, it says different things, or an edit changes nothing or what was not shown.
    """
    each = resume.get("decisions") if isinstance(resume, dict) else resume
    if not isinstance(each, list) or not each or not all(isinstance(one, dict) for one in each):
        raise _unclear("this is no answer")
    edits = [one for one in each if one.get("type") == "edit"]
    plain = [_plain(one) for one in each if one.get("type") != "edit"]
    verbs = {one.verb for one in plain} | ({Verb.EDIT} if edits else set())
    if verbs in ({Verb.EDIT, Verb.APPROVE}, {Verb.EDIT}):
        return _edited(edits, asked)
    if len(verbs) != 1:
        raise _unclear("these answers do not agree")
    return plain[0]


def _plain(one: Mapping[str, Any]) -> Said:
    match one.get("type"):
        case "approve" | "accept":
            return Said(Verb.APPROVE, str(one.get("message") or "approved"))
        case "reject" | "ignore":
            return Said(Verb.REJECT, str(one.get("message") or one.get("args") or "rejected"))
        case "response" | "respond":
            return Said(Verb.RETURN, str(one.get("message") or one.get("args") or ""))
        case _:
            raise _unclear("this is no answer that the desk takes")


def _edited(edits: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> Said:
    changes: dict[str, int] = {}
    for one in edits:
        name, args = _action(one)
        shown = [each["args"] for each in asked["action_requests"] if each["name"] == name]
        if len(shown) != 1:
            raise BadInput("an edit names an action that was shown", field="name", remedy=_names(asked))
        if not args.keys() <= shown[0].keys():
            raise BadInput("an edit changes arguments that were shown", field="args", remedy=SHAPE)
        changed = {each: value for each, value in args.items() if str(value) != str(shown[0][each])}
        changes |= {each: _whole(each, value) for each, value in changed.items()}
    if not changes:
        raise BadInput("the edit changes nothing", field="args", remedy="change an argument, or approve")
    told = next((str(one["message"]) for one in edits if one.get("message")), None)
    return Said(Verb.EDIT, told or f"edited: {', '.join(sorted(changes))}", changes)


def _action(one: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """Name and arguments of an edited action, in either shape."""
    given = one.get("edited_action", one.get("args"))
    args = given.get("args") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(args, dict):
        raise _unclear("an edit needs the edited action")
    return given.get("name", given.get("action")), args


def _whole(argument: str, value: Any) -> int:
    """Edited values are whole numbers; text fields of a form send them as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and WHOLE.fullmatch(value.strip()):
        return int(value)
    raise BadInput(
        "only whole numbers (cents, basis points) can be edited", field=f"args.{argument}", remedy=SHAPE
    )


def _names(asked: Mapping[str, Any]) -> str:
    names = ", ".join(each["name"] for each in asked["action_requests"])
    return f"name one of: {names or 'nothing (there is no action to edit)'}"


def _unclear(what: str) -> BadInput:
    return BadInput(what, field="command.resume", remedy=SHAPE)
