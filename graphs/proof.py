"""Proves of the compiled graphs that no path skips a control; a process whose graphs do not hold it does not start.

Owns the properties and the walk over every path: edges, branches, error handlers and what each goes to. What a step
can do is read from its code (``deeds``), not from a list. Where a branch does not say where it goes, it goes
everywhere. Paths are those of wiring: what a condition inside a step lets happen is the tests' matter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from langgraph.graph import END, START

from domain.errors import Misconfigured
from graphs.deeds import Deed, deeds, destinations
from graphs.lint import WAITS, pathless

ASKS, READS = "prepare_", "record_"
APPROVAL = "graphs.approval"  # the module whose steps hold a boundary


@dataclass(frozen=True, slots=True)
class Proven:
    """One property of one graph.

    Args:
        graph: its name.
        holds: the property, in a sentence.
        against: paths or steps that break it; none when it is proven.
    """

    graph: str
    holds: str
    against: tuple[str, ...]


class Wiring:
    """A compiled graph as steps, what they can do, and where each may lead."""

    def __init__(self, graph: Any) -> None:
        builder = graph.builder
        self.specs: Mapping[str, Any] = builder.nodes
        self.sub_graph = graph.checkpointer is False
        self.input = tuple(getattr(builder.input_schema, "__annotations__", ()))
        self.steps = tuple(name for name, spec in builder.nodes.items() if not spec.is_error_handler)
        self.does = {name: deeds(_code(spec)) for name, spec in builder.nodes.items()}
        self.leads = {name: frozenset(self._leads(builder, name)) for name in (START, *builder.nodes)}

    def who(self, *wanted: Deed) -> frozenset[str]:
        """Steps that can do all of this."""
        return frozenset(name for name in self.steps if self.does[name].issuperset(wanted))

    def boundary_steps(self, prefix: str) -> frozenset[str]:
        """Steps of approval boundaries, by what they begin with."""
        return frozenset(
            name
            for name in self.steps
            if name.startswith(prefix) and _code(self.specs[name]).__module__ == APPROVAL
        )

    def into(self, step: str) -> frozenset[str]:
        """What may lead to a step."""
        return frozenset(name for name, ends in self.leads.items() if step in ends)

    def path(self, start: str, ends: frozenset[str], without: frozenset[str]) -> tuple[str, ...] | None:
        """A shortest path to one of ``ends`` through none of ``without``; ``None`` when there is none at all."""
        came: dict[str, str] = {}
        left = deque([start])
        while left:
            here = left.popleft()
            for step in sorted(self.leads.get(here, frozenset()) - without):
                if step in came or step == start:
                    continue
                came[step] = here
                if step in ends:
                    return _back(came, start, step)
                left.append(step)
        return None

    def _leads(self, builder: Any, name: str) -> Iterator[str]:
        yield from (end for begin, end in builder.edges if begin == name)
        yield from (end for begins, end in builder.waiting_edges if name in begins)
        for branch in builder.branches.get(name, {}).values():
            yield from (branch.ends.values() if branch.ends else (*self.steps, END))
        spec = builder.nodes.get(name)
        if spec is not None:
            yield from spec.ends or ()
            yield from (spec.error_handler_node,) if spec.error_handler_node else ()
            if spec.is_error_handler:
                yield from destinations(_code(spec)) or (*self.steps, END)


Check = Callable[[Wiring, Any], Iterator[str]]


def prove(graphs: Mapping[str, Any]) -> tuple[Proven, ...]:
    """Every property of every graph."""
    return tuple(
        Proven(name, holds, tuple(check(wiring, graph)))
        for name, graph in graphs.items()
        for wiring in (Wiring(graph),)
        for holds, check in PROPERTIES
    )


def require_proven(graphs: Mapping[str, Any]) -> None:
    """Raises ``Misconfigured`` with every path and step that breaks a property."""
    broken = [f"{each.graph}: {path}" for each in prove(graphs) for path in each.against]
    if broken:
        raise Misconfigured("; ".join(broken), remedy="see `countersign policy prove`")


def _paths(_: Wiring, graph: Any) -> Iterator[str]:
    yield from pathless(graph)


def _ends(wiring: Wiring, _: Any) -> Iterator[str]:
    stops = frozenset({END, *wiring.who(Deed.WAIT)})
    fallbacks = frozenset(wiring.specs) - frozenset(wiring.steps)
    for step in wiring.specs:
        if step not in stops and wiring.path(step, stops, fallbacks) is None:
            yield f"{step} leads to no end and to nobody"


def _escalates(wiring: Wiring, _: Any) -> Iterator[str]:
    """A step that fails ends before people who have until some moment, or with an answer to who asked."""
    told = wiring.who(Deed.REFER) | wiring.who(Deed.ASK) | wiring.who(Deed.SPEAK)
    for step in wiring.steps:
        handler = wiring.specs[step].error_handler_node
        if handler and wiring.path(handler, told, frozenset()) is None:
            yield f"{step} fails and nobody is told who would have to act by some time"


def _overdue(wiring: Wiring, _: Any) -> Iterator[str]:
    """What is waited for is overdue at some moment: a timer ends the waiting, or the request climbs and expires."""
    for step in (name for name in wiring.steps if name.startswith(WAITS)):
        for before in sorted(wiring.into(step) - wiring.leads[step]):
            if not wiring.does.get(before, frozenset()) & {Deed.TIMER, Deed.ASK}:
                yield f"{step}: nothing ends the waiting, {before} sets no timer and asks nobody by some time"


def _authority(wiring: Wiring, _: Any) -> Iterator[str]:
    """An approval that was read at the desk, or a use of standing authority, stands before every effect."""
    gates = _gates(wiring)
    for effect in sorted(wiring.who(Deed.EFFECT)):
        yield from _told(wiring.path(START, frozenset({effect}), gates))


def _gates(wiring: Wiring) -> frozenset[str]:
    read = wiring.boundary_steps(READS) & wiring.who(Deed.AUTHORISE, Deed.DESK)
    return read | wiring.who(Deed.AUTHORISE, Deed.STANDING)


def _nobody_else(wiring: Wiring, _: Any) -> Iterator[str]:
    allowed = _gates(wiring) | wiring.boundary_steps(ASKS)
    for step in sorted(wiring.who(Deed.AUTHORISE) - allowed):
        yield f"{step} says what is to be settled, and is neither an approval nor standing authority"


def _asked(wiring: Wiring, _: Any) -> Iterator[str]:
    for step in sorted(wiring.who(Deed.WAIT) | {name for name in wiring.steps if name.startswith(WAITS)}):
        if not step.startswith(WAITS) or wiring.does[step] != {Deed.WAIT}:
            yield f"{step}: a step that waits is called {WAITS}… and does nothing else"
        readers = wiring.leads[step]
        if (
            any(not each.startswith(READS) or wiring.into(each) != {step} for each in readers)
            or len(readers) != 1
        ):
            yield f"{step}: one step {READS}… alone reads what it waited for, and follows nothing else"
        if len(wiring.into(step) - readers) != 1:
            yield f"{step}: one step alone leads to it, beside the one that reads"


def _boundaries(wiring: Wiring, _: Any) -> Iterator[str]:
    for step in sorted(wiring.boundary_steps(ASKS)):
        name = step.removeprefix(ASKS)
        if wiring.leads[step] - _handler(wiring, step) != {f"{WAITS}{name}"}:
            yield f"{step}: whoever was asked is waited for"


def _handler(wiring: Wiring, step: str) -> frozenset[str]:
    return frozenset(filter(None, (wiring.specs[step].error_handler_node,)))


def _receipts(wiring: Wiring, _: Any) -> Iterator[str]:
    """From a worker to an effect, a person or the end: through the step that takes findings against receipts."""
    ends = frozenset({END}) | wiring.who(Deed.EFFECT) | wiring.who(Deed.WAIT)
    for worker in sorted(wiring.who(Deed.DELEGATE)):
        yield from _told(wiring.path(worker, ends, wiring.who(Deed.RECEIPT)))


def _answers(wiring: Wiring, _: Any) -> Iterator[str]:
    """Where an answer is shown, agents hear what guardrails let in, and say what they let out."""
    shown = wiring.who(Deed.SPEAK)
    if not shown:
        return
    for step in sorted(shown - wiring.who(Deed.GUARD)):
        yield f"{step} shows an answer and runs no guardrail"
    admits = wiring.who(Deed.GUARD) - shown
    for agent in sorted(wiring.who(Deed.WORK)):
        yield from _told(wiring.path(START, frozenset({agent}), admits))
        yield from _told(wiring.path(agent, frozenset({END}), shown))


def _agents(wiring: Wiring, _: Any) -> Iterator[str]:
    for step in sorted(wiring.who(Deed.MODEL)):
        yield f"{step} reaches a model past the gateway's crew"
    if wiring.sub_graph:
        for step in sorted(wiring.who(Deed.EFFECT) | wiring.who(Deed.WAIT) | wiring.who(Deed.AUTHORISE)):
            yield f"{step}: a worker neither performs, nor waits, nor authorises"


def _input(wiring: Wiring, _: Any) -> Iterator[str]:
    allowed = {"case_id", "assignment"} if wiring.sub_graph else {"case_id"}
    spoken = {"turn", "messages"} if wiring.who(Deed.SPEAK) else set()
    for name in sorted(set(wiring.input) - allowed - spoken):
        yield f"a client could send {name}"


PROPERTIES: tuple[tuple[str, Check], ...] = (
    ("every step has its time limit, its retries and its fallback; a waiting step has none", _paths),
    ("every step and every fallback leads to an end or to a person", _ends),
    ("every failure ends with people who have until some time, and climbs when they let it pass", _escalates),
    ("nothing is waited for without an end", _overdue),
    ("no path from input to an effect skips an approval or standing authority", _authority),
    ("nothing else says what is to be settled", _nobody_else),
    ("who waits does nothing else, and what was waited for is read from the desk at once", _asked),
    ("whoever is asked is waited for", _boundaries),
    ("no path from a worker to an effect, a person or an end skips the receipts of its findings", _receipts),
    ("no path to or from an agent that answers skips the guardrails", _answers),
    ("agents work behind the gateways alone; workers neither perform, nor wait, nor authorise", _agents),
    ("what a client sends is a case and nothing else", _input),
)


def _told(path: tuple[str, ...] | None) -> Iterator[str]:
    if path is not None:
        yield " → ".join(path)


def _back(came: Mapping[str, str], start: str, step: str) -> tuple[str, ...]:
    path = [step]
    while path[-1] != start:
        path.append(came[path[-1]])
    return tuple(reversed(path))


def _code(spec: Any) -> Any:
    return spec.runnable.afunc or spec.runnable.func
