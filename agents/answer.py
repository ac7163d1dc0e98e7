"""What a model hands in, and the checks that code makes before any of it is used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.contract import Conclusion, Evidence, Specialist
from domain.finding import Figure, Judgement

NUMERAL = re.compile(r"(?<![\w:])\d[\d,]*(?:\.\d+)?")
SMALL = 12  # months, quarters and counts in a sentence carry no figure of the case


class Judged(BaseModel):
    """One judgement: what was asked, the answer, the words it rests on, and what speaks against it."""

    model_config = ConfigDict(extra="forbid")

    code: str
    answer: Literal["supports", "does_not_support", "unclear"]
    quote: str = Field(description="copied word for word from a tool result")
    confidence_percent: int = Field(ge=0, le=100)
    counter: str = Field(description="the strongest argument against your answer")


class Answer(BaseModel):
    """The final answer of a specialist. Figures are not part of it: code copies them from tool results."""

    model_config = ConfigDict(extra="forbid")

    judgements: list[Judged]
    narrative: str = Field(description="three sentences at most, every number as a tool gave it")
    confidence_percent: int = Field(ge=0, le=100)


def problems(
    answer: Answer | None, specialist: Specialist, evidence: Evidence, conclusion: Conclusion
) -> list[str]:
    """Why an answer cannot be used, in words for the model; empty when it can.

    A judgement that this case does not raise is dropped by ``judgements``, not complained of.
    """
    if answer is None:
        return ["Your answer did not follow the schema."]
    return [
        *_unused(specialist, evidence),
        *_judgements(answer, conclusion, _text(evidence)),
        *_untraced(answer, conclusion.figures, _text(evidence)),
    ]


def asked(answer: Answer, conclusion: Conclusion) -> tuple[Judged, ...]:
    """The answer's judgements that this case raises."""
    return tuple(each for each in answer.judgements if each.code in conclusion.asks)


def judgements(answered: tuple[Judged, ...], wording: dict[str, str]) -> tuple[Judgement, ...]:
    """Judgements as a finding carries them."""
    return tuple(
        Judgement(
            question=f"{each.code}: {wording[each.code]}",
            answer=each.answer,
            quote=each.quote,
            confidence_bps=each.confidence_percent * 100,
            counter=each.counter,
        )
        for each in answered
    )


def _unused(specialist: Specialist, evidence: Evidence) -> Iterable[str]:
    used = {answer.tool for answer in evidence.answers}
    return (f"Use the tool {tool} before you answer." for tool in specialist.required if tool not in used)


def _judgements(answer: Answer, conclusion: Conclusion, text: str) -> Iterable[str]:
    given = [each.code for each in answer.judgements]
    for code in conclusion.asks:
        if given.count(code) != 1:
            yield f"Answer the judgement {code} exactly once."
    for each in asked(answer, conclusion):
        if not each.quote.strip() or _plain(each.quote) not in text:
            yield f"The quote of {each.code} is not in any tool result, word for word."


def _untraced(answer: Answer, figures: tuple[Figure, ...], text: str) -> Iterable[str]:
    prose = " ".join([answer.narrative, *(each.counter for each in answer.judgements)])
    known = {form for each in figures for form in _forms(each)} | set(_numbers(text))
    for number in _numbers(prose):
        if number not in known and not (number == int(number) and number <= SMALL):
            yield f"The number {number} comes from no tool."


def _forms(each: Figure) -> Iterable[Decimal]:
    if isinstance(each.value, bool) or not isinstance(each.value, int):
        return
    value = Decimal(each.value)
    yield value
    if each.unit in ("cents", "bps"):
        yield value / 100
        yield (value / 100).quantize(Decimal(1))
        yield (value / 100).quantize(Decimal("0.1"))
    if each.unit == "times":
        yield value / 10_000
        yield (value / 10_000).quantize(Decimal("0.01"))
        yield (value / 10_000).quantize(Decimal("0.1"))


def _numbers(text: str) -> Iterable[Decimal]:
    return (Decimal(found.replace(",", "")) for found in NUMERAL.findall(text))


def _text(evidence: Evidence) -> str:
    return _plain(" ".join(json.dumps(answer.result, ensure_ascii=False) for answer in evidence.answers))


def _plain(text: str) -> str:
    return " ".join(text.split())
