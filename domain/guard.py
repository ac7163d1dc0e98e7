"""Guardrails: small objects of one signature that a gateway runs in the order of the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

Stage = Literal["input", "output", "execution", "model"]
FAILED = "failed"  # the rule of a guardrail that raised: it is not known what it would have said


class Ruling(StrEnum):
    """What a guardrail says, mildest first."""

    PASS = "pass"  # noqa: S105 - a ruling, not a secret
    REDACT = "redact"
    HOLD = "hold"
    REFUSE = "refuse"


SEVERITY = tuple(Ruling)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ruling with its rule.

    Args:
        replacement: the redacted text, if any.
        measures: of a hold, what each row came to; a person who releases it releases no more than that.
        until: of a hold, when it ends by itself; without, it waits for a person.
    """

    ruling: Ruling
    rule: str
    reason: str = ""
    replacement: str | None = None
    measures: Mapping[str, int] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What passes a gateway: the text that is looked at, and whose case it is."""

    case_id: str
    text: str
    context: dict[str, Any]


class Guardrail(Protocol):
    """Looks at one passage; raises nothing on purpose: an error counts as ``refuse``."""

    name: str
    version: str
    stage: Stage

    async def check(self, passage: Passage) -> Verdict:
        """The verdict over the passage."""
        ...


async def verdict_of(guardrail: Guardrail, passage: Passage) -> Verdict:
    """What it says; one that fails has refused: it is not known what it would have said."""
    try:
        return await guardrail.check(passage)
    except Exception as error:
        return Verdict(Ruling.REFUSE, FAILED, f"{guardrail.name} failed: {type(error).__name__}")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The severest ruling, with every reason for it; a pass where nobody said anything.

    Holds together end by themselves when each of them does; where one of those that do may not be released, nobody
    is asked to release the others.
    """
    said = list(verdicts)
    severest = max((each.ruling for each in said), key=SEVERITY.index, default=Ruling.PASS)
    told = [each for each in said if each.ruling is severest]
    if severest is Ruling.PASS or len(told) == 1:
        return told[0] if told else Verdict(Ruling.PASS, "none")
    ends = [each.until for each in told if each.until is not None]
    waits = len(ends) == len(told)
    asked = [each for each in told if each.measures]
    measures = {row: number for each in asked for row, number in each.measures.items()}
    return Verdict(
        severest,
        "+".join(each.rule for each in told),
        "; ".join(each.reason for each in told),
        measures={} if waits and len(asked) < len(told) else measures,
        until=max(ends) if waits else None,
    )
