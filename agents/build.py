"""The only place that builds an agent: ``create_agent`` with both gateways around it, and no saver."""

from __future__ import annotations

import json
import warnings
from bisect import insort
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware.types import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.structured_output import ProviderStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command
from pydantic import BaseModel

from agents.gateway import ModelGateway
from agents.prompt import Prompt
from agents.trimming import trimming
from checkpoints.session import Session
from domain.errors import Refused
from tools.contract import Tool, ToolContext
from tools.gateway import ToolAnswer, ToolGateway

warnings.filterwarnings("ignore", "`durability` has no effect")  # it has: see ``run_detached``


@dataclass
class Governed(AgentMiddleware[Any, Any]):
    """Sends every model call and every tool call of one session through its gateway."""

    session: Session
    context: ToolContext
    prompt: Prompt
    blocked: frozenset[str]
    model_gateway: ModelGateway
    tool_gateway: ToolGateway
    answers: list[ToolAnswer] = field(default_factory=list)
    turns: Iterator[int] = field(default_factory=count)

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Model calls pass the model gateway."""
        return await self.model_gateway.call(self.session, self.prompt, self.blocked, request, handler)

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """Tool calls pass the tool gateway; the handler below it is never run. A refusal is told to the model."""
        call = request.tool_call
        told: dict[str, Any] = {"tool_call_id": call["id"], "name": call["name"]}
        try:
            answer = await self.call_tool(call["name"], call["args"])
        except Refused as error:
            return ToolMessage(f"refused ({error.control}): {error.message}", status="error", **told)
        return ToolMessage(json.dumps(answer.result), artifact=answer.entry, **told)

    async def call_tool(self, name: str, args: Any) -> ToolAnswer:
        """One tool call on either path; its answer is kept as evidence.

        Where it was asked, not where it came: calls of one turn end in any order, and a judge reads the evidence.
        """
        turn = next(self.turns)
        answer = replace(await self.tool_gateway.call(self.session, self.context, name, args), turn=turn)
        insort(self.answers, answer, key=lambda each: each.turn)
        return answer


async def run_detached(graph: Any, given: dict[str, Any], recursion_limit: int = 100) -> dict[str, Any]:
    """Run a graph that has no saver inside a node of one that has.

    ``durability`` must be given: under the outer graph's ``sync`` LangGraph 1.2 waits for a checkpoint
    that a graph without a saver never writes.
    """
    done: dict[str, Any] = await graph.ainvoke(
        given, {"recursion_limit": recursion_limit}, durability="async"
    )
    return done


def build_agent(
    model: BaseChatModel, tools: Sequence[Tool], governed: Governed, answer: type[BaseModel]
) -> Any:
    """A compiled agent for one session that answers with ``answer``."""
    return create_agent(
        model,
        tools=[_offered(tool) for tool in tools],
        system_prompt=governed.prompt.text,
        middleware=[trimming(governed.session.assignment.mandate, governed.prompt.text), governed],
        response_format=ProviderStrategy(answer),
        checkpointer=False,
        name=governed.session.specialist,
    )


def _offered(tool: Tool) -> BaseTool:
    async def not_here(**_: Any) -> str:
        raise Refused(f"{tool.name} is called through the tool gateway only", control="tool.gateway")

    return StructuredTool.from_function(
        coroutine=not_here, name=tool.name, description=tool.description, args_schema=tool.args
    )
