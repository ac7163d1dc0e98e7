"""Every guardrail, on one screen. The book switches them on and orders them."""

from __future__ import annotations

from domain.guard import Guardrail
from guardrails.execution.values_as_arguments import ValuesAsArguments

GUARDRAILS: tuple[Guardrail, ...] = (ValuesAsArguments(),)
