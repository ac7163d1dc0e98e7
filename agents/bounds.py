"""What a model call must keep to before it is sent: mandate, budget of the case, no value from the vault.

Never calls anything and never counts what a call used; each refusal names its control.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from langchain_core.messages import AIMessage, BaseMessage, messages_to_dict
from langchain_core.messages.utils import count_tokens_approximately

from checkpoints.session import Session
from checkpoints.spending import case_spending
from domain.assignment import Mandate
from domain.errors import Refused

SHORTEST_IDENTITY = 4  # shorter values would match by accident
LONGEST_ANSWER = 200_000  # characters of one answer with everything around it


def within_mandate(session: Session, messages: Sequence[BaseMessage]) -> None:
    """Calls, tokens, money, time and length of prompt of one assignment; answers on record count as well."""
    mandate, spent = session.assignment.mandate, session.spent
    if spent.model_calls >= mandate.max_model_calls:
        raise Refused(f"more than {mandate.max_model_calls} model calls", control="model.calls")
    if spent.tokens >= mandate.max_tokens:
        raise Refused(f"more than {mandate.max_tokens} tokens", control="model.tokens")
    if mandate.max_cost_microusd and spent.cost_microusd >= mandate.max_cost_microusd:
        raise Refused("the assignment's money for models is spent", control="model.cost")
    if session.clock.now() >= session.assignment.deadline:
        raise Refused("the assignment's deadline has passed", control="model.deadline")
    if count_tokens_approximately(messages) > mandate.max_prompt_tokens:
        raise Refused(f"a prompt of more than {mandate.max_prompt_tokens} tokens", control="model.prompt")


async def within_case(session: Session) -> None:
    """The budget of the whole case, asked before a call that is really sent; recalled answers cost nothing.

    Calls of parallel specialists may begin together just below the budget, so it can be passed by what is
    under way then, at most one call each.
    """
    mandate = session.assignment.mandate
    budget, longest = mandate.case_budget, timedelta(seconds=mandate.model_timeout_seconds)
    spent = await case_spending(session.database, session.assignment.case_id, longest)
    if spent.tokens >= budget.max_tokens:
        raise Refused(f"the case has used its {budget.max_tokens} tokens", control="case.tokens")
    if spent.cost_microusd >= budget.max_cost_microusd:
        raise Refused("the case's money for models is spent", control="case.cost")
    if spent.waited >= timedelta(seconds=budget.max_seconds):
        raise Refused(f"the case has waited {budget.max_seconds} s for models", control="case.time")


def no_identity(text: str, blocked: frozenset[str]) -> None:
    """No value from the vault, in whatever case it is written."""
    if _holds_any(text, blocked):
        raise Refused("a value from the vault stands in the prompt", control="model.identity")


def unfit(messages: Sequence[BaseMessage], blocked: frozenset[str], mandate: Mandate) -> str | None:
    """The control that keeps an answer from everybody: a vault value in it, too long, too many tool calls."""
    said = json.dumps(messages_to_dict(messages), ensure_ascii=False)
    if _holds_any(said, blocked):
        return "model.answer_identity"
    if len(said) > LONGEST_ANSWER:
        return "model.answer_length"
    calls = sum(len(each.tool_calls) for each in messages if isinstance(each, AIMessage))
    return "model.tool_calls" if calls > mandate.max_tool_calls else None


def _holds_any(text: str, blocked: frozenset[str]) -> bool:
    lowered = text.casefold()
    return any(len(value) >= SHORTEST_IDENTITY and value.casefold() in lowered for value in blocked)
