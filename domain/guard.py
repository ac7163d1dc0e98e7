"""Guardrails: small objects of one signature that a gateway runs in the order of the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ruling with its rule.

    Args:
        replacement: the redacted text, if any.
        measures: of a hold, what each row came to; a person who releases it releases no more than that.
    """

    ruling: Ruling
    rule: str
    reason: str = ""
    replacement: str | None = None
    measures: Mapping[str, int] = field(default_factory=dict)


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
