"""What a model says to an advisor, and the checks that code makes before anybody reads it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from agents.contract import Evidence
from domain.chat import Citation, Segment

NUMERAL = re.compile(r"(?<![\w:#-])\d[\d,]*(?:\.\d+)?(?![\w-])")
ANY_NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")  # in what tools told: ``fixed_30`` gives 30
NAMED = re.compile(r"\b[a-z][a-z_]{2,40}-[0-9a-f]{12}\b[\w-]*")
DONE = re.compile(
    r"\b(i|we)('ve| have)? (approved|declined|denied|rejected|refunded|changed|waived|cancelled|submitted|opened|"
    r"booked|decided|released|overridden|cleared)\b|^\W*(approved|declined|refunded|done|waived|cancelled)\b",
    re.IGNORECASE,
)
SMALL = 3  # counts such as "two requests" written as figures carry nothing of a case


class SaidSegment(BaseModel):
    """A piece of the answer with the references it rests on."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1)
    cites: list[str] = Field(description="`ref` of citations in tool results of this conversation")


class SaidAnswer(BaseModel):
    """The answer, in segments that are checked one by one."""

    model_config = ConfigDict(extra="forbid")

    segments: list[SaidSegment] = Field(min_length=1, max_length=8)


def problems(answer: SaidAnswer | None, evidence: Evidence) -> list[str]:
    """Why an answer cannot be shown, in words for the model; empty when it can."""
    if answer is None:
        return ["Your answer did not follow the schema."]
    if not evidence.answers:
        return ["Call a tool before you answer: every answer rests on what a tool said."]
    known = citations(evidence)
    told = _text(evidence)
    return [wrong for each in answer.segments for wrong in _wrong(each, known, told)]


def traced(segments: tuple[Segment, ...], evidence: Evidence) -> bool:
    """Whether every segment that cites something cites what exists and states only its figures."""
    known, told = citations(evidence), _text(evidence)
    said = (SaidSegment(text=each.text, cites=list(each.cites)) for each in segments if each.cites)
    return not [wrong for each in said for wrong in _wrong(each, known, told)]


def citations(evidence: Evidence) -> dict[str, Citation]:
    """Every citation that the tool results carry, by reference."""
    found = [Citation.model_validate(c) for answer in evidence.answers for c in _carried(answer.result)]
    return {each.ref: each for each in found}


def _wrong(segment: SaidSegment, known: dict[str, Citation], told: str) -> Iterable[str]:
    yield from _uncited(segment, known)
    yield from _untraced(segment.text, told)
    if DONE.search(segment.text):
        yield "You say that something was done. Nothing is done from here; say what stands on record."


def _uncited(segment: SaidSegment, known: dict[str, Citation]) -> Iterable[str]:
    if known and not segment.cites:
        yield f"The segment “{segment.text[:60]}” cites nothing; tools gave citations."
    for each in segment.cites:
        if each not in known:
            yield f"The reference {each} stands in no tool result."


def _untraced(text: str, told: str) -> Iterable[str]:
    for case in NAMED.findall(text):
        if case not in told:
            yield f"The case {case} stands in no tool result."
    traced_numbers = {Decimal(each.replace(",", "").rstrip(",")) for each in ANY_NUMERAL.findall(told)}
    for number in (Decimal(each.replace(",", "")) for each in NUMERAL.findall(NAMED.sub(" ", text))):
        small = number.as_tuple().exponent == 0 and number <= SMALL
        if not small and number not in traced_numbers:
            yield f"The number {number} comes from no tool."


def _carried(result: object) -> Iterable[dict[str, object]]:
    """The ``citations`` of a result and of what is nested in it."""
    if isinstance(result, dict):
        yield from result.get("citations", ())
        for name, value in result.items():
            if name != "citations":
                yield from _carried(value)
    elif isinstance(result, list):
        for value in result:
            yield from _carried(value)


def _text(evidence: Evidence) -> str:
    """What tools told people: figures as they are read, not the raw amounts beside them."""
    return " ".join(part for answer in evidence.answers for part in _strings(answer.result))


def _strings(value: object, name: str = "") -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif (
        isinstance(value, int)
        and not isinstance(value, bool)
        and not name.endswith(("_cents", "_bps", "value"))
    ):
        yield str(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _strings(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, name)


def as_json(wrong: list[str]) -> str:
    """The reasons as a message that sends an answer back."""
    return json.dumps({"your_answer_cannot_be_shown": wrong}, sort_keys=True)
