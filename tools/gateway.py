"""The tool gateway: the only way to call a tool. Check the mandate, guard, act, record.

Nothing passes that the mandate does not name; a refusal is recorded and raised. Texts in a result that try to turn
a model are kept from everybody who works on the case before the result is on record. An answer that is on record is
given again without running the tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import ValidationError

from audit.events import GuardrailRuled, ToolCalled
from checkpoints.breakers import Breakers
from checkpoints.journal import Call, CallKey
from checkpoints.quarantine import Quarantine, Source
from checkpoints.session import Keeps, Session
from domain.canonical import digest, settled
from domain.errors import Misconfigured, Refused, TooSoon, Unavailable
from domain.guard import Guardrail, Passage, Ruling, verdict_of
from domain.identity import Record
from domain.quarantine import Ruled, rule_on, texts
from tools.asking import ATTEMPTS, ask
from tools.contract import Declared, Tool, ToolContext


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """A result with the journal entry that it came from."""

    tool: str
    args: dict[str, Any]
    result: dict[str, Any]
    entry: str
    turn: int = field(default=0, compare=False)  # in which order it was asked for


@dataclass(frozen=True, slots=True)
class Inbound:
    """What rules on texts in results, by name, and where a text goes that no agent may read."""

    guardrails: Mapping[str, Guardrail]
    quarantine: Quarantine


class ToolGateway:
    """Calls tools for one session at a time; holds no state of its own."""

    def __init__(
        self,
        tools: Mapping[str, Tool],
        breakers: Breakers,
        guardrails: tuple[Guardrail, ...],
        pace: Guardrail,
        inbound: Inbound | None = None,
    ) -> None:
        """``guardrails`` are switched on and ordered by the mandate; ``pace`` rules over rates of calls."""
        self._tools = tools
        self._breakers = breakers
        self._guardrails = {each.name: each for each in guardrails}
        self._pace = pace
        self._inbound = inbound

    async def call(
        self, session: Session, context: ToolContext, name: str, args: Mapping[str, Any]
    ) -> ToolAnswer:
        """One call.

        Raises:
            Refused: the mandate, a guardrail or the arguments do not allow it, or it fails.
            TooSoon: as many were made as the book lets all runners make in this window of time.
        """
        try:
            tool, parsed = self._allowed(session, name, args)
            session.spent.tool_calls += 1
            passed = await self._guard(session, tool, parsed)
            seen = _shown(tool, context)
            result, key = await self._answer(session, seen, tool, parsed, passed)
        except Refused as error:
            await session.refused("tool", name, error)
            raise
        return ToolAnswer(name, dict(args), result, key.entry)

    async def _answer(
        self,
        session: Session,
        context: ToolContext,
        tool: Tool,
        args: Record,
        passed: tuple[GuardrailRuled, ...],
    ) -> tuple[dict[str, Any], CallKey]:
        """What is on record, else what the tool says now."""
        call = Call("tool", tool.name, await _request(tool, args, context))
        key = session.counter.key(call.request)
        result, ruled = await session.journal.recall(key), None
        if result is None:
            breaker = f"tool:{tool.name}"
            await session.require_running(breaker)
            passed += await self._paced(session, tool)
            await self._breakers.enter(breaker, ATTEMPTS * session.assignment.mandate.tool_timeout_seconds)
            on_record = await session.ask(key, call, passed)
            try:
                result = on_record
                if result is None:
                    ruled = await self._act(session, context, tool, args)
                    result = cast("dict[str, Any]", ruled.body)
                called = ToolCalled(
                    tool=tool.name,
                    entry=key.entry,
                    result_digest=digest(result),
                    lists=_lists_read(tool, result),
                )
                await session.answered(key, result, called, self._keeping(session, tool, key, ruled))
            except Unavailable:
                await self._breakers.failed(breaker)
                raise
            await self._breakers.succeeded(breaker)
        return result, key

    async def _act(self, session: Session, context: ToolContext, tool: Tool, args: Record) -> Ruled:
        checked = await ask(tool, args, context, session.assignment.mandate.tool_timeout_seconds)
        return await self._ruled(session, tool, settled(checked.model_dump(mode="json")))

    async def _ruled(self, session: Session, tool: Tool, result: dict[str, Any]) -> Ruled:
        """The result without texts that the mandate's guardrails keep from agents."""
        names = session.assignment.mandate.input_guardrails
        if not names:
            return Ruled(result, (), ())
        if self._inbound is None:
            raise Misconfigured(f"nothing rules on the texts of {tool.name}: {', '.join(names)} must")
        guardrails = [self._inbound.guardrails[name] for name in names]
        return await rule_on(guardrails, session.assignment.case_id, result, tool.foreign)

    def _keeping(self, session: Session, tool: Tool, key: CallKey, ruled: Ruled | None) -> Keeps | None:
        """Puts the originals into the vault when the answer goes on record; nothing where nobody ruled on a text."""
        if ruled is None or not ruled.verdicts or self._inbound is None:
            return None
        source = Source(session.assignment.case_id, f"tool {tool.name}", f"{session.stream}/{key.entry}")
        keep = self._inbound.quarantine.keep
        return lambda connection: keep(connection, source, ruled, session.clock.now())

    def _allowed(self, session: Session, name: str, args: Mapping[str, Any]) -> tuple[Tool, Record]:
        mandate = session.assignment.mandate
        tool = self._tools.get(name)
        if tool is None or name not in mandate.tools:
            raise Refused(f"the mandate does not name the tool {name}", control="mandate.tools")
        if not tool.records <= mandate.records:
            raise Refused(f"{name} reads {sorted(tool.records - mandate.records)}", control="mandate.records")
        if tool.region not in mandate.regions:
            raise Refused(f"{name} reads from region {tool.region}", control="mandate.regions")
        if session.spent.tool_calls >= mandate.max_tool_calls:
            raise Refused(f"more than {mandate.max_tool_calls} tool calls", control="mandate.tool_calls")
        start, end = mandate.hours_utc
        if not start <= session.assignment.as_of.hour < end:
            raise Refused(f"{name} may run from {start} to {end} o'clock UTC", control="mandate.hours")
        return tool, _parsed(tool, args)

    async def _guard(self, session: Session, tool: Tool, args: Record) -> tuple[GuardrailRuled, ...]:
        """The verdicts, all of them ``pass``; anything else is recorded and refused."""
        passage = Passage(session.assignment.case_id, args.model_dump_json(), {"tool": tool.name})
        passed = []
        for name in session.assignment.mandate.call_guardrails:
            guardrail = self._guardrails.get(name)
            if guardrail is None:
                raise Refused(f"no guardrail over tool calls is called {name}", control="tools.guardrails")
            verdict = await verdict_of(guardrail, passage)
            event = GuardrailRuled.of(guardrail, verdict)
            if verdict.ruling is not Ruling.PASS:
                await session.record(f"guard/{guardrail.name}/{tool.name}/{session.spent.tool_calls}", event)
                raise Refused(verdict.reason, control=f"guardrail.{guardrail.name}")
            passed.append(event)
        return tuple(passed)

    async def _paced(self, session: Session, tool: Tool) -> tuple[GuardrailRuled, ...]:
        """The verdict over the windows of the tool's rates, a ``pass``; a place is taken in each of them."""
        rows = [row for row in session.rates if tool.name in row.tools]
        if not rows:
            return ()
        paces = await session.places(rows)
        passage = Passage(session.lease.case_id, "", {"tool": tool.name, "paces": paces})
        verdict = await verdict_of(self._pace, passage)
        event = GuardrailRuled.of(self._pace, verdict)
        if verdict.ruling is Ruling.PASS:
            return (event,)
        if verdict.until is None:
            raise Refused(verdict.reason, control=f"guardrail.{self._pace.name}")
        await session.stand_still(paces, verdict.until, event)
        raise TooSoon(f"{tool.name}: {verdict.reason}", until=verdict.until.isoformat())


def _lists_read(tool: Tool, result: Mapping[str, Any]) -> tuple[str, ...]:
    named = {version for path, version in texts(result) if path.rpartition(".")[2] in tool.versions}
    return tuple(sorted(named - {""}))


def _shown(tool: Tool, context: ToolContext) -> ToolContext:
    """What a tool may look at: facts and rows of the book that it names, lists and identity where it says so."""
    facts = {fact: context.inputs[fact] for fact in tool.facts if fact in context.inputs}
    rows = Declared(tool.name, tool.parameters, context.parameters)
    reveal = context.reveal if tool.identity else _withheld
    lists = context.lists if tool.versions else {}
    return replace(context, inputs=facts, parameters=rows, reveal=reveal, lists=lists)


async def _withheld(_: str) -> str:
    raise Refused("the tool's manifest does not say that it resolves identity", control="tool.identity")


async def _request(tool: Tool, args: Record, context: ToolContext) -> dict[str, Any]:
    """What an answer depends on: arguments, the facts that the tool reads, and digests of the records it finds."""
    records = {
        kind: [digest({**row, "id": None}) for row in await context.warehouse.records(kind)]
        for kind in sorted(tool.records)
    }
    return {
        "tool": tool.name,
        "args": args.model_dump(mode="json"),
        "facts": dict(context.inputs),
        "records": records,
    }


def _parsed(tool: Tool, args: Mapping[str, Any]) -> Record:
    try:
        return tool.args.model_validate(dict(args))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "arguments"
        raise Refused(f"{tool.name}: {where}: {first['msg']}", control="tool.arguments") from error
