"""What is measured on free text, on one screen: a name, and what says whether a text is raised.

A guardrail stands here as ``ruling(…)``, anything else that looks for something as ``scanning(…)``. The rows with
``attacks`` are those that claim to find attempts to turn a model; they alone are measured on such sets. Guardrails
that read tool arguments have no free text to be measured on (``values_as_arguments``).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from domain.guard import Guardrail, Passage, Ruling
from domain.leaving import Audience, Kind, Leaving
from evals.guardrails.figures import Figure
from guardrails.input.prompt_injection import PromptInjection
from guardrails.input.regulated_advice import RegulatedAdvice
from guardrails.input.rule_evasion import RuleEvasion
from guardrails.output.denial_wording import DenialWording
from guardrails.output.identity_in_text import IdentityInText
from guardrails.output.licensed_advice import LicensedAdvice
from guardrails.output.prohibited_basis import ProhibitedBasis
from guardrails.output.tipping_off import TippingOff
from guardrails.output.tone import Tone

Raises = Callable[[str], Awaitable[bool]]


class Detection(Protocol):
    """What a scanner says of a text."""

    @property
    def found(self) -> bool:
        """Whether there is what it looks for."""
        ...


@dataclass(frozen=True, slots=True)
class Detector:
    """One row of the table."""

    name: str
    raises: Raises
    attacks: bool = False  # claims to find prompt injection


def ruling(guardrail: Guardrail) -> Raises:
    """Raised when the guardrail lets it pass no further unchanged."""

    async def raises(text: str) -> bool:
        return (await guardrail.check(Passage("measured", text, {}))).ruling is not Ruling.PASS

    return raises


def releasing(guardrail: Guardrail) -> Raises:
    """Raised when the guardrail would not let it go to an applicant as somebody's own words."""

    async def raises(text: str) -> bool:
        leaving = Leaving("measured", Kind.LETTER, Audience.APPLICANT, text, own=(text,))
        passage = Passage("measured", text, {"leaving": leaving})
        return (await guardrail.check(passage)).ruling is not Ruling.PASS

    return raises


def scanning(scan: Callable[[str], Detection]) -> Raises:
    """Raised when the scanner finds something."""

    async def raises(text: str) -> bool:
        return scan(text).found

    return raises


DETECTORS: tuple[Detector, ...] = (
    Detector("prompt_injection", ruling(PromptInjection()), attacks=True),
    Detector("rule_evasion", ruling(RuleEvasion())),
    Detector("regulated_advice", ruling(RegulatedAdvice())),
    Detector("identity_in_text", ruling(IdentityInText())),
    Detector("denial_wording", ruling(DenialWording())),
    Detector("prohibited_basis", ruling(ProhibitedBasis())),
    Detector("tone", ruling(Tone())),
    Detector("licensed_advice", releasing(LicensedAdvice())),
    Detector("tipping_off", releasing(TippingOff())),
)


async def judge(detector: Detector, text: str, positive: bool, figure: Figure) -> None:
    """Put one text to a detector and count what it says; one that fails has raised it, as where it is run."""
    began, of_processor = time.perf_counter(), time.process_time()
    try:
        raised = await detector.raises(text)
    except Exception:
        raised, figure.errors = True, figure.errors + 1
    figure.times.append((time.perf_counter() - began) * 1000)
    figure.cpu.append((time.process_time() - of_processor) * 1000)
    figure.count(positive, raised)
