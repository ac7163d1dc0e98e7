"""Every guardrail, on one screen. The book switches them on and orders them.

``OF_EFFECTS`` are asked by the outbox, ``OF_CALLS`` by the tool gateway before every call, ``OVER_RATE`` by both.
``NOT_ADMITTED`` is asked by intake before there is a case, ``OUT_OF_BOUNDS`` over what happened lately.
``OVER_WHAT_LEAVES`` says which kinds of what leaves an output guardrail looks at, at the output gate; the others of
that stage look at text on its way.
"""

from __future__ import annotations

from domain.guard import Guardrail
from domain.leaving import Kind
from guardrails.execution.beyond_threshold import BeyondThreshold
from guardrails.execution.forbidden_sequence import ForbiddenSequence
from guardrails.execution.out_of_bounds import OutOfBounds
from guardrails.execution.outside_area import OutsideArea
from guardrails.execution.outside_hours import OutsideHours
from guardrails.execution.over_rate import OverRate
from guardrails.execution.unattended_risk import UnattendedRisk
from guardrails.execution.values_as_arguments import ValuesAsArguments
from guardrails.input.not_admitted import NotAdmitted
from guardrails.input.prompt_injection import PromptInjection
from guardrails.input.regulated_advice import RegulatedAdvice
from guardrails.input.rule_evasion import RuleEvasion
from guardrails.output.denial_wording import DenialWording
from guardrails.output.figures_traced import FiguresTraced
from guardrails.output.identity_in_text import IdentityInText
from guardrails.output.licensed_advice import LicensedAdvice
from guardrails.output.order_schema import OrderSchema
from guardrails.output.prohibited_basis import ProhibitedBasis
from guardrails.output.reasons_used import ReasonsUsed
from guardrails.output.tipping_off import TippingOff
from guardrails.output.tone import Tone
from guardrails.output.vault_values import VaultValues

OVER_RATE, OUT_OF_BOUNDS, NOT_ADMITTED = OverRate(), OutOfBounds(), NotAdmitted()
OF_EFFECTS: tuple[Guardrail, ...] = (
    BeyondThreshold(),
    UnattendedRisk(),
    ForbiddenSequence(),
    OutsideArea(),
    OutsideHours(),
    OVER_RATE,
)
OF_LEAVING: tuple[Guardrail, ...] = (
    OrderSchema(),
    ReasonsUsed(),
    VaultValues(),
    TippingOff(),
    FiguresTraced(),
    LicensedAdvice(),
)
OF_TEXTS: tuple[Guardrail, ...] = (PromptInjection(),)
GUARDRAILS: tuple[Guardrail, ...] = (
    ValuesAsArguments(),
    NOT_ADMITTED,
    *OF_TEXTS,
    RegulatedAdvice(),
    RuleEvasion(),
    DenialWording(),
    IdentityInText(),
    ProhibitedBasis(),
    Tone(),
    *OF_EFFECTS,
    OUT_OF_BOUNDS,
    *OF_LEAVING,
)
ELSEWHERE = (*OF_EFFECTS, OUT_OF_BOUNDS)
OF_CALLS = tuple(each for each in GUARDRAILS if each.stage == "execution" and each not in ELSEWHERE)
OVER_WHAT_LEAVES: dict[str, frozenset[Kind]] = {
    "order_schema": frozenset({Kind.ORDER}),
    "reasons_used": frozenset({Kind.ORDER}),
    "vault_values": frozenset(Kind),
    "tipping_off": frozenset(Kind),
    "figures_traced": frozenset({Kind.ORDER, Kind.LETTER, Kind.MEMO}),
    "licensed_advice": frozenset({Kind.ORDER, Kind.LETTER, Kind.ANSWER}),
    "prohibited_basis": frozenset({Kind.ORDER, Kind.LETTER, Kind.ANSWER}),
    "tone": frozenset({Kind.ORDER, Kind.LETTER, Kind.ANSWER}),
    "identity_in_text": frozenset({Kind.ANSWER}),
    "denial_wording": frozenset({Kind.ANSWER}),
}
