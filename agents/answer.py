"""What a model hands in, and how its judgements become part of a finding, each with its place in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.contract import Conclusion, Evidence
from domain.finding import Judgement
from tools.gateway import ToolAnswer

Speaks = Literal["for", "against", "neither"]


class Judged(BaseModel):
    """One judgement: what was asked, the answer, the words it rests on, and what speaks against it."""

    model_config = ConfigDict(extra="forbid")

    code: str
    answer: Literal["supports", "does_not_support", "unclear"]
    quote: str = Field(description="copied word for word from a tool result")
    tool: str = Field(default="", description="the tool whose result you quote")
    confidence_percent: int = Field(ge=0, le=100)
    counter: str = Field(description="the strongest argument against your answer")


class Answer(BaseModel):
    """The final answer of a specialist. Figures are not part of it: code copies them from tool results."""

    model_config = ConfigDict(extra="forbid")

    judgements: list[Judged]
    narrative: str = Field(description="three sentences at most, every number as a tool gave it")
    confidence_percent: int = Field(ge=0, le=100)
    speaks: Speaks = Field(
        default="neither",
        description="whether what you established speaks for or against what is applied for",
    )


def asked(answer: Answer, conclusion: Conclusion) -> tuple[Judged, ...]:
    """The answer's judgements that this case raises; others are dropped, not complained of."""
    return tuple(each for each in answer.judgements if each.code in conclusion.asks)


def quoted(each: Judged, evidence: Evidence) -> ToolAnswer | None:
    """The newest tool result that holds the quote word for word, of the named tool if one is named."""
    words = plain(each.quote)
    for answer in reversed(evidence.answers):
        if each.tool in ("", answer.tool) and words and any(words in text for text in texts(answer)):
            return answer
    return None


def judgements(
    answered: tuple[Judged, ...], wording: dict[str, str], evidence: Evidence
) -> tuple[Judgement, ...]:
    """Judgements as a finding carries them, each with the journal entry of what it quotes."""
    return tuple(
        Judgement(
            question=f"{each.code}: {wording[each.code]}",
            answer=each.answer,
            quote=each.quote,
            confidence_bps=each.confidence_percent * 100,
            counter=each.counter,
            source=source.entry if (source := quoted(each, evidence)) else "",
        )
        for each in answered
    )


def texts(answer: ToolAnswer) -> Iterator[str]:
    """A result as a model reads it: its JSON, and each text in it as it stands."""
    yield plain(json.dumps(answer.result))
    yield plain(json.dumps(answer.result, ensure_ascii=False))
    yield from (plain(leaf) for leaf in _leaves(answer.result))


def plain(text: str) -> str:
    """The text with any white space as one blank."""
    return " ".join(text.split())


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
