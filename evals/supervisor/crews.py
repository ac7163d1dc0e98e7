"""Who works in the deck: playbooks or a scripted model, over real tools, with gateways that only count.

The scripted model makes the calls that the playbook made and answers well: it shows what an agent loop costs, and
says nothing about quality.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from agents.contract import Specialist
from agents.judge import PROMPT as JUDGE_PROMPT
from agents.prompt import Prompt, read_prompt
from agents.roster import ROSTER
from agents.work import Crew, work
from api.assembly import reference_lists
from api.settings import Settings
from domain.assignment import Assignment
from domain.errors import Refused, Unavailable
from domain.finding import Finding
from evals.supervisor.desk import Desk, typed
from guardrails.catalog import GUARDRAILS
from tests.fakes.context import FakeWarehouse, run_tool, tool_context
from tools.catalog import TOOLS
from tools.contract import ToolContext
from tools.gateway import ToolAnswer

Calls = list[tuple[str, dict[str, Any]]]
LETTERS_A_TOKEN = 4  # declared: tokens are counted as letters by four, on both sides alike
SECONDS_A_CALL, SECONDS_A_TOKEN = 1.0, 0.02  # declared: until the first token, and for each that is written

JUDGE = read_prompt(JUDGE_PROMPT)
OUTPUT = {each.name: each for each in GUARDRAILS if each.stage == "output"}


@dataclass
class Spent:
    """What a session's model calls came to, the judge's among them."""

    calls: int = 0
    judge: int = 0  # of these, by the judge
    tokens: int = 0
    seconds: float = 0.0
    tools: int = 0  # reachable


@dataclass
class _Session:
    """What agents see of a session, and a place for what they do."""

    assignment: Assignment
    specialist: str
    spent: Spent = field(default_factory=Spent)
    made: Calls = field(default_factory=list)
    fell_back: bool = False
    overstepped: bool = False

    async def require_running(self, _: str) -> None:
        """Nothing is halted in a deck."""

    async def record(self, key: str, _: Any) -> None:
        """Remember a fallback; nothing else is kept."""
        self.fell_back |= key == "fallback"


class _Tools:
    """Runs tools within the mandate."""

    async def call(self, session: _Session, context: ToolContext, name: str, args: Any) -> ToolAnswer:
        """One call, counted."""
        if name not in session.assignment.mandate.tools:
            raise Refused(f"{name} is not in the mandate", control="mandate.tools")
        session.made.append((name, dict(args)))
        entry = f"{session.assignment.stream(session.specialist)}/{len(session.made)}"
        return await run_tool(TOOLS[name], context, args, entry)


class _Closed:
    """Breakers that never open; in a deck nobody breaks off unseen."""

    async def enter(self, name: str, lasts: float = 0) -> None:
        """Always let in."""

    async def succeeded(self, name: str) -> None:
        """Nothing is counted."""

    async def failed(self, name: str) -> None:
        """End the deck: its figures would be of a broken run."""
        raise Unavailable(f"{name} broke off", control="deck")


class _Models:
    """Passes model calls on, counting what they use."""

    breakers = _Closed()

    async def call(self, session: _Session, prompt: Prompt, _: Any, request: Any, handler: Any) -> Any:
        """One call, counted."""
        response = await handler(request)
        session.spent.judge += prompt.front.id == JUDGE.front.id
        (message,) = [each for each in response.result if isinstance(each, AIMessage)]
        usage = message.usage_metadata or {"input_tokens": 0, "output_tokens": 0}
        session.spent.calls += 1
        session.spent.tokens += usage["input_tokens"] + usage["output_tokens"]
        session.spent.seconds += SECONDS_A_CALL + SECONDS_A_TOKEN * usage["output_tokens"]
        session.spent.tools = max(session.spent.tools, len(request.tools))
        return response


class Scripted(BaseChatModel):
    """Makes the calls of its stages, one stage a turn, and then answers; judges what it is asked to judge."""

    stages: list[Calls]
    answer: dict[str, Any] | None = None  # instead of a specialist's
    _turn: int = PrivateAttr(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **more: Any) -> Any:
        """Tools count as prompt, as they do for a real model."""
        shown = json.dumps([[each.name, each.description, _schema(each)] for each in tools])
        return self.bind(shown=shown)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **given: Any,
    ) -> ChatResult:
        said = self._said(messages)
        prompt = "".join(_written(each) for each in messages) + str(given.get("shown", ""))
        used = {
            "input_tokens": len(prompt) // LETTERS_A_TOKEN,
            "output_tokens": len(_written(said)) // LETTERS_A_TOKEN,
        }
        said.usage_metadata = cast("Any", used | {"total_tokens": sum(used.values())})
        return ChatResult(generations=[ChatGeneration(message=said)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **given: Any,
    ) -> ChatResult:
        return self._generate(messages, **given)

    def _said(self, messages: list[BaseMessage]) -> AIMessage:
        turn, self._turn = self._turn, self._turn + 1
        if turn < len(self.stages):
            calls = [
                {"name": name, "args": args, "id": f"c{turn}.{n}"}
                for n, (name, args) in enumerate(self.stages[turn])
            ]
            return AIMessage(content="", tool_calls=calls)
        return AIMessage(content=json.dumps(self.answer or _answer(messages)))


def _answer(messages: list[BaseMessage]) -> dict[str, Any]:
    """A specialist's answer; judgements once they are asked for, with words from a tool's result.

    As the judge, which is asked with a counter-argument, it upholds.
    """
    last = messages[-1]
    said = json.loads(str(last.content)) if isinstance(last, HumanMessage) else {}
    if "counter" in said:
        return {"verdict": "uphold", "reasons": "The quoted words carry the answer."}
    asked = said.get("judgements_asked", {})
    result = next((str(each.content) for each in reversed(messages) if each.type == "tool"), "")
    judged = {
        "answer": "supports",
        "quote": result[:30],
        "confidence_percent": 90,
        "counter": "It may be otherwise.",
    }
    judgements = [{"code": code, **judged} for code in asked] if isinstance(asked, dict) else []
    return {"judgements": judgements, "narrative": "The records were read.", "confidence_percent": 90}


async def by_playbook(given: Assignment, desk: Desk) -> Finding:
    """A specialist's playbook."""
    finding, _ = await session_of(ROSTER[given.specialists[0]], given, desk, None)
    return finding


async def session_of(
    specialist: Specialist, given: Assignment, desk: Desk, model: Scripted | None
) -> tuple[Finding, _Session]:
    """One session: the finding, and what was done and spent for it."""
    session = _Session(given, specialist.job)
    models: Any = dict.fromkeys(("routine", "standard", "advanced"), model) if model else {}
    crew = Crew(models, cast("Any", _Models()), cast("Any", _Tools()), TOOLS, guardrails=OUTPUT)
    finding = await work(crew, specialist, cast("Any", session), _context(given, desk), frozenset())
    return finding, session


def planner_crew(model: Scripted) -> tuple[Crew, type[_Session]]:
    """What the planning model is asked through."""
    models: Any = dict.fromkeys(("routine", "standard", "advanced"), model)
    return Crew(models, cast("Any", _Models()), cast("Any", _Tools()), TOOLS, guardrails=OUTPUT), _Session


def _context(given: Assignment, desk: Desk) -> ToolContext:
    async def itself(value: str) -> str:
        return value  # nothing is tokenised here: everybody is invented

    context = tool_context(
        application=desk.application,
        inputs=given.inputs,
        parameters=given.mandate.parameters,
        lists=_LISTS,
    )
    return replace(context, warehouse=FakeWarehouse(*typed(desk.records)), reveal=itself, as_of=given.as_of)


def _schema(tool: Any) -> Any:
    return tool.args_schema.model_json_schema() if getattr(tool, "args_schema", None) else {}


def _written(message: BaseMessage) -> str:
    calls = json.dumps(message.tool_calls) if isinstance(message, AIMessage) and message.tool_calls else ""
    return str(message.content) + calls


_LISTS = reference_lists(Settings(_env_file=None))
