"""What a model call must keep to before it is sent: mandate, budget of the case, no value from the vault.

Never calls anything and never counts what a call used; each refusal names its control.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, messages_to_dict
from langchain_core.messages.utils import count_tokens_approximately

from checkpoints.session import Session
from checkpoints.spending import case_spending
from domain.assignment import Mandate
from domain.errors import Refused
from domain.texts import texts_of

SHORTEST_IDENTITY = 4  # shorter values would match by accident
LONGEST_ANSWER = 200_000  # characters of one answer with everything around it
LONGEST_TOOL_NAME = 64  # characters, as the providers' own schema has it
TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that show a reader another order of characters than what is written (Unicode TR 36, 3.1)."""


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
    budget, longest = mandate.case_budget, timedelta(seconds=mandate.call_seconds)
    spent = await case_spending(session.database, session.assignment.case_id, longest)
    if spent.tokens >= budget.max_tokens:
        raise Refused(f"the case has used its {budget.max_tokens} tokens", control="case.tokens")
    if spent.cost_microusd >= budget.max_cost_microusd:
        raise Refused("the case's money for models is spent", control="case.cost")
    if spent.waited >= timedelta(seconds=budget.max_seconds):
        raise Refused(f"the case has waited {budget.max_seconds} s for models", control="case.time")


def no_identity(payload: Mapping[str, Any], blocked: frozenset[str]) -> None:
    """No value from the vault anywhere in what is sent, in whatever case or JSON escapes it is written."""
    if _holds_any(texts_of(payload), blocked):
        raise Refused("a value from the vault stands in the prompt", control="model.identity")


def unfit(messages: Sequence[BaseMessage], blocked: frozenset[str], mandate: Mandate) -> str | None:
    """The control that keeps an answer from everybody, if any.

    A vault value in it, characters that no reader sees as written or no store keeps, too long, or tool calls
    that are too many or have no possible name.
    """
    written = messages_to_dict(messages)
    if len(json.dumps(written)) > LONGEST_ANSWER:
        return "model.answer_length"
    texts = tuple(texts_of(written))
    if _holds_any(texts, blocked):
        return "model.answer_identity"
    if any(_odd(sign) for text in texts for sign in text):
        return "model.answer_characters"
    calls = [call for each in messages if isinstance(each, AIMessage) for call in each.tool_calls]
    if any(len(call["name"]) > LONGEST_TOOL_NAME for call in calls):
        return "model.tool_name"
    return "model.tool_calls" if len(calls) > mandate.max_tool_calls else None


def _odd(sign: str) -> bool:
    """Control characters except line ends and tabs, halves of surrogate pairs, marks that turn text round."""
    return sign in TURNS_TEXT_ROUND or (unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t")


def _holds_any(texts: Iterable[str], blocked: frozenset[str]) -> bool:
    values = [value.casefold() for value in blocked if len(value) >= SHORTEST_IDENTITY]
    return any(value in text for text in map(str.casefold, texts) for value in values)
