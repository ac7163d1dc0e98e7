"""The scripted worker's answers: the right one, and the right one spoilt by each kind of error. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from domain.numerals import NUMERAL
from evals.judgements.items import Item
from evals.judgements.subjects import BY_CODE
from evals.judgements.told import OPPOSITE
from tests.fakes.model_script import ModelRequest
from tests.fakes.specialists_script import answer, judged

Answer = dict[str, Any]
LONGEST = 60  # characters of a quote
INVENTED = "The total comes to USD 73,519."
LEAST = 100  # smaller numbers are counts and days


def answered(item: Item, error: str | None, request: ModelRequest) -> Answer:
    """The right answer to an item, or the one that the error makes of it."""
    right = answer(
        judged(item.code, item.told.ground[0][:LONGEST], item.truth), narrative="The records were read."
    )
    return SPOILT[error](right, item, request) if error else right


def _with(given: Answer, **changed: Any) -> Answer:
    return given | {"judgements": [given["judgements"][0] | changed]}


def _wrong(given: Answer, item: Item, **changed: Any) -> Answer:
    return _with(given, answer=OPPOSITE[item.truth], **changed)


def _misread(part: str) -> Callable[[Answer, Item, ModelRequest], Answer]:
    """The verdict that other words than those that count would give, with these words quoted."""
    return lambda given, item, _: _wrong(given, item, quote=item.told.spans[part][:LONGEST])


def _said(kind: str) -> Callable[[Answer, Item, ModelRequest], Answer]:
    return lambda given, item, _: given | {"narrative": item.told.said[kind]}


def _stitched(given: Answer, item: Item, _: ModelRequest) -> Answer:
    return _with(given, quote=f"{item.told.ground[0][:25]} {item.told.spans['beside'][:25]}")


def _another_tool(given: Answer, item: Item, _: ModelRequest) -> Answer:
    tools = [each.tool for each in BY_CODE[item.code].calls if each.tool != BY_CODE[item.code].tool]
    return _with(given, tool=tools[0] if tools else "title_report")


def _transposed(given: Answer, _: Item, request: ModelRequest) -> Answer:
    """The largest number that gives another, unknown one when two neighbouring digits change places."""
    known = _numbers(request)
    swapped = (each for number in sorted(known, reverse=True) for each in _swaps(number))
    number = next(each for each in swapped if _unknown(each, known))
    return given | {"narrative": f"The records show {number}."}


def _added(given: Answer, _: Item, request: ModelRequest) -> Answer:
    """The sum of the two largest numbers, which no tool gave."""
    known = sorted(_numbers(request))
    total = next(known[-1] + each for each in reversed(known) if _unknown(known[-1] + each, set(known)))
    return given | {"narrative": f"Together that is {total}."}


def _numbers(request: ModelRequest) -> set[int]:
    found = [each for _, _, text in request.answered for each in NUMERAL.findall(text)]
    whole = (Decimal(each.replace(",", "")) for each in found)
    return {int(each) for each in whole if each == int(each) and each >= LEAST}


def _swaps(number: int) -> Iterable[int]:
    digits = str(number)
    for at in range(len(digits) - 1):
        changed = int(f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}")
        if changed >= LEAST:
            yield changed


def _unknown(number: int, known: set[int]) -> bool:
    """Whether it is none of the numbers, in cents or dollars, basis points or per cent."""
    return not {number, number * 100} & known and number not in {round(each / 100) for each in known}


SPOILT: Mapping[str, Callable[[Answer, Item, ModelRequest], Answer]] = {
    "invented_figure": lambda given, *_: given | {"narrative": INVENTED},
    "omitted_tool": lambda given, *_: given,  # the worker did not call it
    "paraphrased_quote": lambda given, *_: _with(
        given, quote="The writer says that all is well again by now"
    ),
    "no_counter": lambda given, *_: _with(given, counter=" "),
    "wrong_verdict": lambda given, item, _: _wrong(given, item),
    "wrong_verdict_beside_the_point": _misread("beside"),
    "transposed_digits": _transposed,
    "own_arithmetic": _added,
    "quote_of_another_tool": _another_tool,
    "stitched_quote": _stitched,
    "judgement_of_another_code": lambda given, *_: _with(given, code="market_outlook"),
    "overconfident_verdict": lambda given, item, _: _wrong(
        given, item, confidence_percent=99, counter="Hardly any."
    ),
    "counter_taken_for_reason": lambda given, item, _: _wrong(
        given, item, counter="The same words may be taken for the opposite."
    ),
    "ignored_counter_evidence": lambda given, item, _: _wrong(
        given, item, quote=item.told.spans["beside"][:LONGEST], counter="The record is short."
    ),
    "negated_sentence": _misread("negated"),
    "stale_period": _misread("stale"),
    "other_partys_span": _misread("other"),
    "right_quote_for_the_wrong_claim": lambda given, item, _: _with(
        given, quote=item.told.spans["beside"][:LONGEST]
    ),
    "other_partys_figure": _said("other_partys_figure"),
    "figure_of_an_earlier_period": _said("figure_of_an_earlier_period"),
    "stated_figure_for_documented": _said("stated_figure_for_documented"),
}
