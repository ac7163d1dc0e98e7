"""The model gateway: the only way to call a language model. Check the mandate, guard, act, record.

An answer that is on record is given again without a call. What a model says is journaled before anybody
uses it; a vault value in a prompt stops the call.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import openai
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.agents.structured_output import ProviderStrategy, StructuredOutputValidationError
from langchain_core.messages import AIMessage, BaseMessage, messages_from_dict, messages_to_dict
from langchain_core.messages.utils import convert_to_openai_messages
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, ValidationError

from agents.prompt import Prompt
from audit.events import ModelCalled
from checkpoints.breakers import Breakers
from checkpoints.journal import Call, CallKey
from checkpoints.session import Session
from domain.canonical import settled
from domain.errors import Refused, Unavailable

Handler = Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
SHORTEST_IDENTITY = 4  # shorter values would match by accident


@dataclass(frozen=True, slots=True)
class ModelGateway:
    """Calls models; one instance for all sessions, spending is counted in the session."""

    breakers: Breakers

    async def call(
        self,
        session: Session,
        prompt: Prompt,
        blocked: frozenset[str],
        request: ModelRequest[Any],
        handler: Handler,
    ) -> ModelResponse[Any]:
        """One call; ``Refused`` when a bound is reached, ``Unavailable`` when the model fails."""
        payload = wire(request)
        target = payload["model"]
        try:
            _within_bounds(session)
            _no_identity(json.dumps(payload, ensure_ascii=False), blocked)
            session.spent.model_calls += 1
            key = session.counter.key(payload)
            recorded = await session.journal.recall(key)
            if recorded is None:
                recorded = await self._act(
                    session, prompt, key, Call("model", target, payload), (request, handler)
                )
        except Refused as error:
            await session.refused("model", target, error)
            raise
        _count(session, recorded)
        return _response(recorded, request)

    async def _act(
        self,
        session: Session,
        prompt: Prompt,
        key: CallKey,
        call: Call,
        how: tuple[ModelRequest[Any], Handler],
    ) -> dict[str, Any]:
        breaker = f"model:{call.target}"
        await self.breakers.enter(breaker)
        await session.ask(key, call)
        request, handler = how
        try:
            async with asyncio.timeout(session.assignment.mandate.model_timeout_seconds):
                messages = await _messages(handler, request)
        except (openai.APIError, TimeoutError, ValueError) as error:
            await self.breakers.failed(breaker)
            raise Unavailable(f"the model failed: {type(error).__name__}", control="model.failure") from error
        await self.breakers.succeeded(breaker)
        answer: dict[str, Any] = settled({"messages": messages_to_dict(messages)})
        tokens_in, tokens_out = _usage(answer)
        event = ModelCalled(
            model=call.target,
            prompt_id=prompt.front.id,
            prompt_digest=prompt.digest,
            entry=key.entry,
            tokens=tokens_in + tokens_out,
            cost_microusd=_cost(session, tokens_in, tokens_out),
        )
        await session.answered(key, answer, event)
        return answer


def wire(request: ModelRequest[Any]) -> dict[str, Any]:
    """What is asked in canonical form: no message ids, no keys, no addresses."""
    messages = [request.system_message, *request.messages] if request.system_message else request.messages
    return {
        "model": str(getattr(request.model, "model_name", type(request.model).__name__)),
        "messages": convert_to_openai_messages(messages),
        "tools": [convert_to_openai_tool(tool) for tool in request.tools],
        "format": _format_name(request),
    }


async def _messages(handler: Handler, request: ModelRequest[Any]) -> list[BaseMessage]:
    try:
        return (await handler(request)).result
    except StructuredOutputValidationError as error:
        return [error.ai_message]


def _response(recorded: dict[str, Any], request: ModelRequest[Any]) -> ModelResponse[Any]:
    messages = messages_from_dict(recorded["messages"])
    last = messages[-1]
    if not isinstance(last, AIMessage) or last.tool_calls:
        return ModelResponse(result=messages)
    return ModelResponse(result=messages, structured_response=_structured(last, request))


def _structured(message: AIMessage, request: ModelRequest[Any]) -> BaseModel | None:
    strategy = request.response_format
    if not isinstance(strategy, ProviderStrategy):
        return None
    schema = cast("type[BaseModel]", strategy.schema)
    try:
        return schema.model_validate_json(message.text)
    except ValidationError:
        return None


def _within_bounds(session: Session) -> None:
    mandate, spent = session.assignment.mandate, session.spent
    if spent.model_calls >= mandate.max_model_calls:
        raise Refused(f"more than {mandate.max_model_calls} model calls", control="model.calls")
    if spent.tokens >= mandate.max_tokens:
        raise Refused(f"more than {mandate.max_tokens} tokens", control="model.tokens")
    if mandate.max_cost_microusd and spent.cost_microusd >= mandate.max_cost_microusd:
        raise Refused("the assignment's money for models is spent", control="model.cost")
    if session.clock.now() >= session.assignment.deadline:
        raise Refused("the assignment's deadline has passed", control="model.deadline")


def _no_identity(text: str, blocked: frozenset[str]) -> None:
    lowered = text.casefold()
    if any(len(value) >= SHORTEST_IDENTITY and value.casefold() in lowered for value in blocked):
        raise Refused("a value from the vault stands in the prompt", control="model.identity")


def _count(session: Session, recorded: dict[str, Any]) -> None:
    tokens_in, tokens_out = _usage(recorded)
    session.spent.tokens += tokens_in + tokens_out
    session.spent.cost_microusd += _cost(session, tokens_in, tokens_out)


def _usage(recorded: dict[str, Any]) -> tuple[int, int]:
    usage = [message["data"].get("usage_metadata") or {} for message in recorded["messages"]]
    return sum(each.get("input_tokens", 0) for each in usage), sum(
        each.get("output_tokens", 0) for each in usage
    )


def _cost(session: Session, tokens_in: int, tokens_out: int) -> int:
    mandate = session.assignment.mandate
    return (tokens_in * mandate.price_in + tokens_out * mandate.price_out + 999_999) // 1_000_000


def _format_name(request: ModelRequest[Any]) -> str | None:
    strategy = request.response_format
    return (
        cast("type[BaseModel]", strategy.schema).__name__ if isinstance(strategy, ProviderStrategy) else None
    )
