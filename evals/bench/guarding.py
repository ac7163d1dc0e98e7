"""What the guardrails cost: the time of every verdict, with what it measures and writes down, over whole cases.

Verdicts over texts and calls go on record in one append with what they are about, which is not counted here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from types import coroutine
from typing import Any

from api import intake
from api.demo.stories import routine, small_amendment
from checkpoints.bounds import EffectGuard
from checkpoints.leaving import OutputGate
from checkpoints.tripwires import Tripwires
from evals.bench.report import Figure
from evals.bench.stage import NOW
from graphs.advisor import hearing
from graphs.services import Services
from tests.fakes.bounded import of_customer
from tests.fakes.casework import advance, decide, open_story, pending
from tests.fakes.chat import Talk
from tests.fakes.people import ADVISOR, UNDERWRITER
from tools.gateway import ToolGateway

AIM_MS = 3.0  # for a step, besides screening
LOOKED_AT: tuple[tuple[Any, str, str], ...] = (  # where, method, what it looks at
    (intake, "admitted", "intake"),
    (intake, "cleared", "intake"),
    (intake, "read_together", "intake"),
    (intake, "read_after", "intake"),
    (intake, "keep_away", "intake"),
    (EffectGuard, "verdict", "effect"),
    (EffectGuard, "again", "effect"),
    (ToolGateway, "_guard", "tool_call"),
    (ToolGateway, "_paced", "tool_call"),
    (ToolGateway, "_ruled", "tool_result"),
    (Tripwires, "look", "effect"),
    (hearing, "guarded", "chat_turn"),
    (OutputGate, "verdicts", "chat_turn"),  # where no effect asks it
)
QUESTION = "Where does case {} stand?"
WITHIN: ContextVar[bool] = ContextVar("within", default=False)  # another look, whose time this is part of
Times = dict[str, list[float]]  # milliseconds by what was looked at
CPU = "cpu"  # among them: of the processor alone, whatever was looked at


@contextmanager
def timed_guardrails() -> Iterator[Times]:
    """Milliseconds of every look, while the context is open."""
    times: Times = {what: [] for what in (*(what for _, _, what in LOOKED_AT), CPU)}
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in LOOKED_AT]
    for owner, name, what in LOOKED_AT:
        setattr(owner, name, _timed(getattr(owner, name), times[what], times[CPU]))
    try:
        yield times
    finally:
        for owner, name, original in kept:
            setattr(owner, name, original)


async def guarding(services: Services, rounds: int) -> list[Figure]:
    """Milliseconds of guardrails for each intake, effect, tool call and result, case, graph step and chat turn.

    The cases are home loans and amendments; input and output guardrails over text are those of the chat.
    """
    with timed_guardrails() as times:
        talked = await _talked(services, rounds)
        in_turns = list(times["chat_turn"])
        for looks in times.values():
            looks.clear()
        for n in range(rounds):
            change, loan = (of_customer(story(NOW.date()), n) for story in (small_amendment, routine))
            await advance(services, await open_story(services, change, f"guarded-change-{n}"))
            case_id = await open_story(services, loan, f"guarded-loan-{n}")
            await advance(services, case_id)
            await decide(services, UNDERWRITER, await pending(services, case_id))
            await advance(services, case_id)
    times.pop("chat_turn")
    of_processor, steps = sum(times.pop(CPU)), await _steps(services)
    every = [each for looks in times.values() for each in looks]
    if not times["effect"] or not times["tool_call"]:
        raise RuntimeError("no guardrail looked at an effect or at a tool call: nothing was measured")
    return [
        *(
            _figure(f"guardrails_per_{what}", sum(looks) / len(looks), len(looks))
            for what, looks in times.items()
        ),
        _figure("guardrails_per_case", sum(every) / (2 * rounds), 2 * rounds),
        _figure("guardrails_per_chat_turn", sum(in_turns) / talked, talked),
        _figure("guardrails_cpu_per_step", of_processor / steps, steps),
        Figure("guardrails_per_step", round(sum(every) / steps, 3), "ms", AIM_MS, steps),
    ]


async def _talked(services: Services, rounds: int) -> int:
    """A person asks as often; how many turns that were."""
    case_id = await open_story(services, of_customer(small_amendment(NOW.date()), 9_000), "asked-about")
    await advance(services, case_id)
    talk = Talk(services, ADVISOR)
    for n in range(rounds):
        await talk.ask(QUESTION.format(case_id), f"turn-{n}")
    return rounds


def _figure(name: str, value: float, rounds: int) -> Figure:
    return Figure(name, round(value, 3), "ms", None, rounds)


def _timed(method: Any, times: list[float], of_processor: list[float]) -> Any:
    @wraps(method)
    async def timing(*given: Any, **more: Any) -> Any:
        if WITHIN.get():
            return await method(*given, **more)
        token, started = WITHIN.set(True), time.perf_counter()
        try:
            return await _stepped(method(*given, **more), of_processor.append)
        finally:
            times.append((time.perf_counter() - started) * 1000)
            WITHIN.reset(token)

    return timing


@coroutine
def _stepped(work: Coroutine[Any, Any, Any], add: Callable[[float], None]) -> Generator[Any, Any, Any]:
    """Runs a coroutine and adds the milliseconds of this thread between its waits: not what others do meanwhile."""
    given, thrown = None, None
    while True:
        began = time.thread_time()
        try:
            waits = work.throw(thrown) if thrown is not None else work.send(given)
        except StopIteration as done:
            return done.value
        finally:
            add((time.thread_time() - began) * 1000)
        try:
            given, thrown = (yield waits), None
        except BaseException as error:
            given, thrown = None, error


async def _steps(services: Services) -> int:
    """Graph steps of the cases that were measured."""
    row = await services.database.row(
        "select count(*) as n from public.checkpoints p join countersign.cases c on c.id = p.thread_id"
        " where c.idempotency_key like 'guarded-%%'"
    )
    return int(row["n"]) if row else 1
