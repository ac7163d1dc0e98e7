"""What the scripted model says: requests as it sees them, replies, and the scripts that pick a reply.

Owns no socket and no time (see ``model_server``). A script never guesses: a request without a reply is a
``ScriptError``, which the server reports and raises again when it is closed.
"""

from __future__ import annotations

import copy
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from domain.canonical import Json

Payload = Mapping[str, Json]


class ScriptError(AssertionError):
    """The script has no reply for this request, or a reply that the request cannot carry."""


@dataclass(frozen=True)
class ModelRequest:
    """One chat-completions request."""

    body: dict[str, Json]  # the JSON body as it was sent

    @property
    def messages(self) -> list[dict[str, Json]]:
        """The conversation so far, oldest first."""
        return list(self.body.get("messages", []))

    @property
    def system(self) -> str:
        """The text of the first system (or developer) message; empty when there is none."""
        texts = [_text(m) for m in self.messages if m["role"] in ("system", "developer")]
        return texts[0] if texts else ""

    @property
    def job(self) -> str:
        """``<job>`` when the first line of the system prompt is ``# <job>``; else empty."""
        first = self.system.split("\n", 1)[0].strip()
        return first.removeprefix("# ").strip() if first.startswith("# ") else ""

    @property
    def tools(self) -> dict[str, Json]:
        """Offered tools in order: name to JSON schema of the arguments."""
        functions = [tool["function"] for tool in self.body.get("tools") or []]
        return {f["name"]: f.get("parameters", {}) for f in functions}

    @property
    def wants_json_content(self) -> bool:
        """Whether ``response_format`` asks for JSON in the content."""
        return (self.body.get("response_format") or {}).get("type") in ("json_schema", "json_object")

    @property
    def answered(self) -> list[tuple[str, Json, str]]:
        """Tool calls that have a result: name, arguments, text of the result."""
        results = {m["tool_call_id"]: _text(m) for m in self.messages if m["role"] == "tool"}
        made = [call for m in self.messages for call in m.get("tool_calls") or []]
        return [(c["function"]["name"], _arguments(c), results[c["id"]]) for c in made if c["id"] in results]

    def results(self, tool: str) -> list[str]:
        """The texts that ``tool`` returned in this conversation, oldest first."""
        return [text for name, _, text in self.answered if name == tool]

    def output_tool(self, payload: Payload) -> str:
        """The offered tool that stands for the answer's schema.

        The forced tool if one is forced, else the last offered one whose properties fit ``payload``
        (langchain appends schema tools after the real ones), else, when some tool is required, the last.
        """
        choice = self.body.get("tool_choice")
        if isinstance(choice, dict):
            return str(choice["function"]["name"])
        fitting = [name for name, schema in self.tools.items() if _fits(payload, schema)]
        if fitting or (choice == "required" and self.tools):
            return (fitting or list(self.tools))[-1]
        raise ScriptError(f"job {self.job!r}: neither response_format nor a tool takes {sorted(payload)}")


Given = Payload | Callable[[ModelRequest], Payload]  # as it is, or worked out from the request


@dataclass(frozen=True)
class Call:
    """A tool call that the model makes."""

    tool: str
    args: Given = field(default_factory=dict)

    def resolved(self, request: ModelRequest) -> Call:
        """The same call with its arguments worked out."""
        return replace(self, args=dict(_given(self.args, request)))


class Fault(StrEnum):
    """How the server misbehaves below the level of what the model says."""

    RATE_LIMITED = "rate_limited"  # 429 with retry-after
    SERVER_ERROR = "server_error"  # 500
    HANG = "hang"  # no answer until the server is closed
    BROKEN_BODY = "broken_body"  # 200, and the HTTP body is not JSON
    MALFORMED_JSON = "malformed_json"  # the model's own JSON (content or arguments) is cut short


@dataclass(frozen=True)
class Reply:
    """One turn of the model.

    Args:
        text: prose.
        calls: tool calls, several for parallel ones.
        payload: structured output (or a function of the request that gives it).
        fault: how the server misbehaves, if it does.
        offered_only: whether a call of a tool that was not offered is an error of the script.
        retry_after: seconds, sent with ``RATE_LIMITED``.
        prompt_tokens: usage reported.
        completion_tokens: usage reported.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    payload: Given | None = None
    fault: Fault | None = None
    offered_only: bool = True
    retry_after: int = 1
    prompt_tokens: int = 100
    completion_tokens: int = 20

    def resolved(self, request: ModelRequest) -> Reply:
        """With arguments and payload worked out and put where this request asks for them."""
        calls = tuple(call.resolved(request) for call in self.calls)
        unknown = [call.tool for call in calls if call.tool not in request.tools]
        if unknown and self.offered_only:
            raise ScriptError(f"job {request.job!r}: {unknown} not offered, only {list(request.tools)}")
        if self.payload is None:
            return replace(self, calls=calls)
        payload = dict(_given(self.payload, request))
        if request.wants_json_content:
            return replace(self, calls=calls, payload=None, text=json.dumps(payload))
        answer = Call(request.output_tool(payload), payload)
        return replace(self, calls=(*calls, answer), payload=None)


SERVER_ERROR = Reply(fault=Fault.SERVER_ERROR)
HANG = Reply(fault=Fault.HANG)
BROKEN_BODY = Reply(fault=Fault.BROKEN_BODY)


def says(text: str) -> Reply:
    """Prose."""
    return Reply(text=text)


def calls(*made: Call) -> Reply:
    """Tool calls in one turn; several are parallel."""
    return Reply(calls=made)


def structured(payload: Given) -> Reply:
    """Structured output, as content or as a call of the schema's tool, whichever the request offers."""
    return Reply(payload=payload)


def rate_limited(retry_after: int = 1) -> Reply:
    """429 with ``retry-after`` in seconds."""
    return Reply(fault=Fault.RATE_LIMITED, retry_after=retry_after)


def malformed_json(payload: Payload) -> Reply:
    """A well-formed response in which the model's own JSON breaks off."""
    return Reply(payload=payload, fault=Fault.MALFORMED_JSON)


def wrong_tool(tool: str, args: Payload | None = None) -> Reply:
    """A call of a tool that was not offered."""
    return Reply(calls=(Call(tool, args or {}),), offered_only=False)


def ignored_instruction(prose: str = "Certainly! Here is my view in a few words.") -> Reply:
    """Prose where structured output was asked for."""
    return says(prose)


def invented_figure(payload: Given, path: str, figure: Json) -> Reply:
    """Structured output in which the value at dotted ``path`` (list places as numbers) is made up."""

    def invent(request: ModelRequest) -> Payload:
        answer = copy.deepcopy(dict(_given(payload, request)))
        *parents, last = [int(p) if p.isdecimal() else p for p in path.split(".")]
        place: Json = answer
        for key in parents:
            place = place[key]
        place[last] = figure
        return answer

    return structured(invent)


class Script(Protocol):
    """Picks the reply to a request."""

    def reply_to(self, request: ModelRequest) -> Reply:
        """The reply; ``ScriptError`` when there is none."""
        ...


class InOrder:
    """Replies one after the other, whatever is asked; ``then`` answers everything after the last."""

    def __init__(self, *replies: Reply, then: Reply | None = None) -> None:
        self._left = deque(replies)
        self._then = then

    def reply_to(self, request: ModelRequest) -> Reply:
        """The next reply."""
        if self._left:
            return self._left.popleft()
        if self._then is None:
            raise ScriptError(f"job {request.job!r}: the script has no reply left")
        return self._then


class Turns:
    """One job: call the tools of each step until all have results, then answer.

    Args:
        steps: calls per turn; calls of one step are parallel, and those already answered are not repeated.
        answer: the last reply, or its structured output as a dict or a function of the request.
        first: replies (faults, as a rule) given once each before anything else.
    """

    def __init__(
        self,
        *steps: Iterable[Call],
        answer: Reply | Given,
        first: Iterable[Reply] = (),
    ) -> None:
        self._steps = [tuple(step) for step in steps]
        self._answer = answer if isinstance(answer, Reply) else structured(answer)
        self._first = deque(first)

    def reply_to(self, request: ModelRequest) -> Reply:
        """A pending fault, else the calls still without a result, else the answer."""
        if self._first:
            return self._first.popleft()
        done = [(name, args) for name, args, _ in request.answered]
        for step in self._steps:
            if missing := _not_in(done, step, request):
                return calls(*missing)
        return self._answer


class ByPrompt:
    """A script, or a reply that is always the same, per job (first line ``# <job>`` of the system prompt)."""

    def __init__(self, jobs: Mapping[str, Script | Reply]) -> None:
        self._jobs = {name: InOrder(then=s) if isinstance(s, Reply) else s for name, s in jobs.items()}

    def reply_to(self, request: ModelRequest) -> Reply:
        """What the job's script says."""
        if request.job not in self._jobs:
            raise ScriptError(f"no script for job {request.job!r}, only {sorted(self._jobs)}")
        return self._jobs[request.job].reply_to(request)


class FallsSilent:
    """A script whose answers stop coming once a conversation has heard ``after`` of them.

    Args:
        script: what is said until then.
        after: for each job, how many answers still come.
    """

    def __init__(self, script: Script, after: Callable[[str], int]) -> None:
        self._script, self._after = script, after

    def reply_to(self, request: ModelRequest) -> Reply:
        """What the script says, until it says no more."""
        heard = sum(message["role"] == "assistant" for message in request.messages)
        return HANG if heard >= self._after(request.job) else self._script.reply_to(request)


def _given(value: Given, request: ModelRequest) -> Payload:
    return value(request) if callable(value) else value


def _text(message: Mapping[str, Json]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _arguments(call: Mapping[str, Json]) -> Json:
    try:
        return json.loads(call["function"]["arguments"])
    except json.JSONDecodeError:
        return call["function"]["arguments"]  # malformed on purpose: matches no scripted call


def _fits(payload: Payload, schema: Mapping[str, Json]) -> bool:
    return set(schema.get("required", [])) <= set(payload) <= set(schema.get("properties", {}))


def _not_in(done: list[tuple[str, Json]], step: Iterable[Call], request: ModelRequest) -> list[Call]:
    missing = [call.resolved(request) for call in step]
    for call in list(missing):
        if (call.tool, call.args) in done:
            done.remove((call.tool, call.args))
            missing.remove(call)
    return missing
