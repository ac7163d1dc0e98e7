"""The model gateway: the only way to call a language model. Check the mandate, guard, act, record.

An answer that is on record is given again without a call. What a model says is journaled before anybody
uses it; a vault value in a prompt stops the call, and one in an answer keeps that answer from everybody.
A model that fails is followed by the fallback model, under the same bounds and on the same record.
(langchain's fallback middleware would also follow up a refusal or a lost lease, so it is not used.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

import openai
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.agents.structured_output import ProviderStrategy, StructuredOutputValidationError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, messages_from_dict, messages_to_dict
from langchain_core.messages.utils import convert_to_openai_messages
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, ValidationError

from agents.bounds import no_identity, unfit, within_case, within_mandate
from agents.prompt import Prompt
from agents.trimming import trimmed
from agents.usage import price_row, recorded_usage, usage_of
from audit.events import ModelCalled
from checkpoints.breakers import Breakers
from checkpoints.journal import Call, CallKey
from checkpoints.session import Session
from domain.canonical import settled
from domain.errors import Refused, Unavailable

Handler = Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One model of the chain, with what it would be asked and where that is recorded."""

    request: ModelRequest[Any]
    payload: dict[str, Any]
    key: CallKey
    breaker: str

    @property
    def model(self) -> str:
        return str(self.payload["model"])


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks, and how a request is sent."""

    session: Session
    prompt: Prompt
    blocked: frozenset[str]
    send: Handler


@dataclass(frozen=True, slots=True)
class ModelGateway:
    """Calls models; one instance for all sessions, spending is counted in session, journal and ledger."""

    breakers: Breakers
    fallback: BaseChatModel | None = None

    async def call(
        self,
        session: Session,
        prompt: Prompt,
        blocked: frozenset[str],
        request: ModelRequest[Any],
        handler: Handler,
    ) -> ModelResponse[Any]:
        """One call; ``Refused`` when a bound is reached, ``Unavailable`` when every model of the chain fails."""
        payload = wire(request, prompt)
        asker = _Asker(session, prompt, blocked, handler)
        try:
            within_mandate(session, _conversation(request))
            no_identity(payload, blocked)
            session.spent.model_calls += 1
            recorded = await self._answer(asker, request)
            usage = recorded_usage(recorded)
            session.spent.tokens += usage.tokens
            session.spent.cost_microusd += recorded.get("cost_microusd", 0)
            if recorded.get("withheld"):
                raise Refused("the model's answer was kept from everybody", control=recorded["withheld"])
        except Refused as error:
            await session.refused("model", payload["model"], error)
            raise
        return _response(recorded, request)

    async def _answer(self, asker: _Asker, request: ModelRequest[Any]) -> dict[str, Any]:
        """What is on record from any model of the chain, else the first answer along it."""
        attempts = list(self._chain(asker, request))
        for attempt in attempts:
            recorded = await asker.session.journal.recall(attempt.key)
            if recorded is not None:
                asker.session.answered_with(asker.prompt.digest, served(attempt.model, recorded))
                return cast("dict[str, Any]", recorded)
        passed: list[str] = []
        for attempt in attempts[:-1]:
            try:
                return await self._act(asker, attempt, tuple(passed))
            except Unavailable as error:
                await asker.session.refused("model", attempt.model, error)
                passed.append(attempt.model)
        return await self._act(asker, attempts[-1], tuple(passed))

    def _chain(self, asker: _Asker, request: ModelRequest[Any]) -> Iterator[_Attempt]:
        fallback = [request.override(model=self.fallback)] if self.fallback is not None else []
        for place, each in enumerate((request, *fallback)):
            payload = wire(each, asker.prompt)
            breaker = f"model:{payload['model']}" + ("@fallback" if place else "")
            yield _Attempt(each, payload, asker.session.counter.key(payload), breaker)

    async def _act(self, asker: _Asker, attempt: _Attempt, passed: tuple[str, ...]) -> dict[str, Any]:
        session = asker.session
        await within_case(session)
        await session.require_running(f"model:{attempt.model}")
        await self.breakers.enter(attempt.breaker, session.assignment.mandate.call_seconds)
        answer = await session.ask(attempt.key, Call("model", attempt.model, attempt.payload))
        if answer is None:
            answer = await self._sent(asker, attempt)
        await session.answered(attempt.key, answer, _told(asker, attempt, answer, passed))
        session.answered_with(asker.prompt.digest, served(attempt.model, answer))
        return cast("dict[str, Any]", answer)

    async def _sent(self, asker: _Asker, attempt: _Attempt) -> dict[str, Any]:
        """What the model says now; ``Unavailable`` when it fails or is late."""
        try:
            async with asyncio.timeout(asker.session.assignment.mandate.call_seconds):
                messages = await _messages(asker.send, attempt.request)
        except (openai.OpenAIError, TimeoutError, ValueError) as error:
            await self.breakers.failed(attempt.breaker)
            raise Unavailable(f"the model failed: {type(error).__name__}", control="model.failure") from error
        await self.breakers.succeeded(attempt.breaker)
        return _kept(asker, attempt, messages)


def wire(request: ModelRequest[Any], prompt: Prompt) -> dict[str, Any]:
    """What is asked in canonical form: no message ids, no keys, no addresses; the prompt by its digest."""
    return {
        "model": str(getattr(request.model, "model_name", type(request.model).__name__)),
        "prompt": prompt.digest,
        "messages": convert_to_openai_messages(_conversation(request)),
        "tools": [convert_to_openai_tool(tool) for tool in request.tools],
        "format": _format_name(request),
    }


def _conversation(request: ModelRequest[Any]) -> list[BaseMessage]:
    return [request.system_message, *request.messages] if request.system_message else list(request.messages)


async def _messages(send: Handler, request: ModelRequest[Any]) -> list[BaseMessage]:
    try:
        return (await send(request)).result
    except StructuredOutputValidationError as error:
        return [error.ai_message]


def _kept(asker: _Asker, attempt: _Attempt, messages: list[BaseMessage]) -> dict[str, Any]:
    """The answer as it is journaled; of one that nobody may see only the cost is kept."""
    mandate = asker.session.assignment.mandate
    usage = usage_of(_conversation(attempt.request), messages)
    cost = price_row(mandate, attempt.model).cost_microusd(usage.tokens_in, usage.tokens_out)
    withheld = unfit(messages, asker.blocked, mandate)
    kept: dict[str, Any] = {"messages": [] if withheld else messages_to_dict(messages)}
    kept |= {"withheld": withheld} if withheld else {}
    answer: dict[str, Any] = settled({**kept, "usage": asdict(usage), "cost_microusd": cost})
    return answer


def _told(asker: _Asker, attempt: _Attempt, answer: dict[str, Any], passed: tuple[str, ...]) -> ModelCalled:
    """The event of an answer."""
    mandate, usage = asker.session.assignment.mandate, recorded_usage(answer)
    row = price_row(mandate, attempt.model)
    return ModelCalled(
        model=attempt.model,
        prompt_id=asker.prompt.front.id,
        prompt_digest=asker.prompt.digest,
        entry=attempt.key.entry,
        tokens=usage.tokens,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        estimated=usage.estimated,
        cost_microusd=row.cost_microusd(usage.tokens_in, usage.tokens_out),
        price_row=row.id,
        tier=mandate.tier,
        passed_over=passed,
        trimmed=trimmed(attempt.request.messages),
    )


def served(asked: str, recorded: Mapping[str, Any]) -> str:
    """Which model answered: the name that was asked for, and the one that the endpoint gave where it is another.

    An endpoint may put another model behind a name; what was proven is the one that answered.
    """
    for message in recorded.get("messages", ()):
        name = message["data"].get("response_metadata", {}).get("model_name")
        if name and name != asked:
            return f"{asked} ({name})"
    return asked


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


def _format_name(request: ModelRequest[Any]) -> str | None:
    strategy = request.response_format
    return (
        cast("type[BaseModel]", strategy.schema).__name__ if isinstance(strategy, ProviderStrategy) else None
    )
