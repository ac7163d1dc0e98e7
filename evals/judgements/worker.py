"""The scripted worker and judge of the deck: they know the label, and err exactly as an item says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evals.judgements.items import Item, Judge, Verdict
from tests.fakes.model_script import Call, ModelRequest, Reply, calls, structured
from tests.fakes.specialists_script import TOOLS, answer, judged

CODE = "letter_explains_income"
REFERENCE = re.compile(r"(?:development|test)-\d{4}")
SENT_BACK = "your_answer_cannot_be_used"
LETTER = "letter_of_explanation"
Answer = dict[str, Any]
OPPOSITE: Mapping[Verdict, Verdict] = {"supports": "does_not_support", "does_not_support": "supports"}


@dataclass(frozen=True, slots=True)
class Staff:
    """Worker and judge of one run; each request is known by the reference that it carries.

    ``carried`` holds, by item, the error in the worker's latest answer: what code and judge never see, the deck must.
    """

    items: Mapping[str, Item]
    judge: Judge
    carried: dict[str, str | None] = field(default_factory=dict)

    def reply_to(self, request: ModelRequest) -> Reply:
        """The turn of whoever is asked."""
        item = self._item(request)
        if request.job == "judge":
            return structured(self._reviewed(request, item))
        again = SENT_BACK in str(request.messages[-1]["content"]) or _told_before(request)
        error = None if again and item.mends else item.error
        missing = _unasked(request, error)
        if missing:
            return calls(*missing)
        self.carried[item.name] = error
        return structured(_answered(item, error))

    def _item(self, request: ModelRequest) -> Item:
        found = REFERENCE.search(json.dumps(request.body["messages"]))
        if found is None:
            raise LookupError(f"a request of {request.job} without a reference")
        return self.items[found.group()]

    def _reviewed(self, request: ModelRequest, item: Item) -> dict[str, Any]:
        given = json.loads(str(request.messages[1]["content"]))
        overturns = item.overturned(given["answer"] != item.truth, self.judge)
        return {"verdict": "overturn" if overturns else "uphold", "reasons": "Weighed against the letter."}


def _told_before(request: ModelRequest) -> bool:
    return any(SENT_BACK in str(each.get("content")) for each in request.messages)


def _unasked(request: ModelRequest, error: str | None) -> tuple[Call, ...]:
    wanted = [
        each for each in TOOLS["income_verifier"] if not (error == "omitted_tool" and each.tool == LETTER)
    ]
    asked = {name for name, _, _ in request.answered}
    return tuple(each for each in wanted if each.tool not in asked)


def _answered(item: Item, error: str | None) -> Answer:
    """The right answer, spoilt by the error."""
    right = answer(judged(CODE, _quote(item, 0), item.truth), narrative="The records show falling income.")
    return SPOILT[error](right, item) if error else right


def _quote(item: Item, sentence: int) -> str:
    return item.letter.split(". ")[sentence][:60].rstrip(".")


def _with(given: Answer, **changed: Any) -> Answer:
    return given | {"judgements": [given["judgements"][0] | changed]}


def _wrong(given: Answer, item: Item, **changed: Any) -> Answer:
    return _with(given, answer=OPPOSITE[item.truth], **changed)


SPOILT: Mapping[str, Callable[[Answer, Item], Answer]] = {
    "invented_figure": lambda given, _: given | {"narrative": "Income fell to USD 73,519 a year."},
    "omitted_tool": lambda given, item: _with(given, quote=_quote(item, 0)),
    "paraphrased_quote": lambda given, _: _with(given, quote="The applicant says that work has recovered"),
    "no_counter": lambda given, _: _with(given, counter=" "),
    "wrong_verdict": _wrong,
    "wrong_verdict_beside_the_point": lambda given, item: _wrong(given, item, quote=_quote(item, -1)),
    "transposed_digits": lambda given, _: (
        given | {"narrative": "Income fell from 12,600,000 to 11,070,000 cents."}
    ),
    "quote_of_another_tool": lambda given, _: _with(given, tool="tax_returns"),
    "stitched_quote": lambda given, item: _with(
        given, quote=f"{_quote(item, 0)[:25]} {_quote(item, 1)[:25]}"
    ),
    "judgement_of_another_code": lambda given, _: _with(given, code="employment_gap_explained"),
    "overconfident_verdict": lambda given, item: _wrong(
        given, item, confidence_percent=99, counter="Hardly any."
    ),
    "counter_taken_for_reason": lambda given, item: _wrong(given, item, quote=_quote(item, 1)),
    "ignored_counter_evidence": lambda given, item: _wrong(given, item, counter="The letter is short."),
}


def staff(all_items: tuple[Item, ...], judge: Judge) -> Staff:
    """Worker and judge for these items."""
    return Staff({each.name: each for each in all_items}, judge)


def without_errors(all_items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same letters for a model that is not scripted."""
    return tuple(replace(each, error=None) for each in all_items)
