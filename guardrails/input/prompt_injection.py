"""Forbids text that tries to turn a model: by ``guardrails/injection``, plain, folded and hidden."""

from __future__ import annotations

import asyncio
from functools import cache

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.injection.linear import shipped
from guardrails.injection.rules import VERSION
from guardrails.injection.scan import scan
from guardrails.injection.spans import without


class PromptInjection:
    """Stage: input. Takes out of a text what tries to turn a model, by rules and a linear model.

    A document or tool result goes on without the span, a chat message is refused as a whole. A convenience, not the
    control: mandates and gateways hold whatever a text says. Fails closed: whoever runs it treats an error as an
    attempt. Measured: ``docs/guardrails.md``.
    """

    name = "prompt_injection"
    version = f"{VERSION}.{shipped().version}"  # of rules and weights
    stage: Stage = "input"

    async def check(self, passage: Passage) -> Verdict:
        """Redact or pass; the replacement is what is left of the text."""
        return (
            await asyncio.to_thread(_ruled, passage.text)
            if len(passage.text) > LONG
            else _ruled(passage.text)
        )


LONG = 8_000  # signs from which it is done beside the event loop


def _ruled(text: str) -> Verdict:
    found = cache(scan)  # of this text: its only paragraph, and a paragraph's only sentence, are read once
    met = found(text)
    if not met.found:
        return Verdict(Ruling.PASS, "PI0")
    return Verdict(Ruling.REDACT, met.rule, met.says, replacement=without(text, met, found))
