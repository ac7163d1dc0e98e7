"""The scripted worker and judge of the deck: they know the label, and err exactly as an item says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evals.judgements.errors import answered
from evals.judgements.items import Item, Rates
from evals.judgements.kinds import Kind
from evals.judgements.subjects import BY_CODE
from tests.fakes.model_script import Call, ModelRequest, Reply, calls, structured

REFERENCE = re.compile(r"(?:development|test)-\d{4}")
SENT_BACK = "your_answer_cannot_be_used"


@dataclass(frozen=True, slots=True)
class Staff:
    """Worker and judge of one run; each request is known by the reference that it carries.

    ``carried`` holds, by item, the error in the worker's latest answer: what code and judge never see, the deck must.
    """

    items: Mapping[str, Item]
    rates: Rates
    carried: dict[str, Kind | None] = field(default_factory=dict)

    def reply_to(self, request: ModelRequest) -> Reply:
        """The turn of whoever is asked."""
        item = self._item(request)
        if request.job == "judge":
            return structured(self._reviewed(request, item))
        error = None if _told_before(request) and item.mends(self.rates) else item.error
        missing = _unasked(request, item, error)
        if missing:
            return calls(*missing)
        self.carried[item.name] = error
        return structured(answered(item, error.name if error else None, request))

    def _item(self, request: ModelRequest) -> Item:
        found = REFERENCE.search(json.dumps(request.body["messages"]))
        if found is None:
            raise LookupError(f"a request of {request.job} without a reference")
        return self.items[found.group()]

    def _reviewed(self, request: ModelRequest, item: Item) -> dict[str, Any]:
        """The judge looks at what it is given: answer and quote; at nothing else that went wrong."""
        given = json.loads(str(request.messages[1]["content"]))
        overturns = item.overturned(item.faulty(given["answer"], given["quote"]), self.rates)
        return {"verdict": "overturn" if overturns else "uphold", "reasons": "Weighed against the evidence."}


def _told_before(request: ModelRequest) -> bool:
    return any(SENT_BACK in str(each.get("content")) for each in request.messages)


def _unasked(request: ModelRequest, item: Item, error: Kind | None) -> tuple[Call, ...]:
    """Calls of the subject without a result yet; one who omits a tool omits the one that matters."""
    subject = BY_CODE[item.code]
    omitted = subject.tool if error is not None and error.name == "omitted_tool" else ""
    asked = [(name, args) for name, args, _ in request.answered]
    return tuple(
        each for each in subject.calls if each.tool != omitted and (each.tool, each.args) not in asked
    )


def staff(all_items: tuple[Item, ...], rates: Rates) -> Staff:
    """Worker and judge for these items."""
    return Staff({each.name: each for each in all_items}, rates)
