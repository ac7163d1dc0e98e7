"""What every specialist works with: models by tier, both gateways, the tools, and the judge's model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from langchain_core.language_models import BaseChatModel

from agents.gateway import ModelGateway
from domain.assignment import Assignment
from domain.guard import Guardrail
from domain.model_use import Tier
from tools.contract import Tool
from tools.gateway import ToolGateway


@dataclass(frozen=True, slots=True)
class Crew:
    """``models`` is empty when none is configured; without a ``judge`` of its own the tier's model judges.

    ``guardrails`` by name: the mandate says which of them look at what a model writes.
    """

    models: Mapping[Tier, BaseChatModel]
    model_gateway: ModelGateway
    tool_gateway: ToolGateway
    tools: Mapping[str, Tool]
    judge: BaseChatModel | None = None
    guardrails: Mapping[str, Guardrail] = field(default_factory=dict)

    def model_for(self, assignment: Assignment) -> BaseChatModel | None:
        """The tier's client; for an assignment that names a model the same client, asking for that one."""
        model = self.models.get(assignment.mandate.tier)
        if model is None or not assignment.model:
            return model
        return model.model_copy(update={"model_name": assignment.model})

    def unmodelled(self) -> Crew:
        """The same crew as if no model were configured."""
        return replace(self, models={})

    def asked_first(self, tier: Tier) -> str | None:
        """The name of the model that work of this tier asks first, if one is configured."""
        model = self.models.get(tier)
        return None if model is None else model_name(model)


def model_name(model: object) -> str:
    """As the endpoint is asked for it, and as events name it."""
    return str(getattr(model, "model_name", type(model).__name__))
