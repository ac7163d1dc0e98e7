"""Every guardrail, on one screen. The book switches them on and orders them.

``OF_EFFECTS`` are asked by the outbox, the other execution guardrails by the tool gateway.
"""

from __future__ import annotations

from domain.guard import Guardrail
from guardrails.execution.beyond_threshold import BeyondThreshold
from guardrails.execution.outside_hours import OutsideHours
from guardrails.execution.unattended_risk import UnattendedRisk
from guardrails.execution.values_as_arguments import ValuesAsArguments
from guardrails.input.prompt_injection import PromptInjection
from guardrails.input.regulated_advice import RegulatedAdvice
from guardrails.input.rule_evasion import RuleEvasion
from guardrails.output.denial_wording import DenialWording
from guardrails.output.identity_in_text import IdentityInText
from guardrails.output.prohibited_basis import ProhibitedBasis
from guardrails.output.tone import Tone

OF_EFFECTS: tuple[Guardrail, ...] = (BeyondThreshold(), UnattendedRisk(), OutsideHours())
GUARDRAILS: tuple[Guardrail, ...] = (
    ValuesAsArguments(),
    PromptInjection(),
    RegulatedAdvice(),
    RuleEvasion(),
    DenialWording(),
    IdentityInText(),
    ProhibitedBasis(),
    Tone(),
    *OF_EFFECTS,
)
