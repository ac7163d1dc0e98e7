"""What a step of a graph can do, read from its code and from everything of the graphs that it calls.

Owns the reading: names, attributes and keys of every function that a step reaches, closures included. A step is said
to do what any of that code mentions, so it may be credited with too much and never with too little. Runs nothing.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache, partial
from types import FunctionType
from typing import Any

PACKAGE = "graphs"


class Deed(StrEnum):
    """What a step can do."""

    EFFECT = "performs effects"  # it reaches the outbox
    AUTHORISE = "authorises effects"  # it writes what is to be settled
    DESK = "reads the desk"
    STANDING = "uses standing authority"
    WAIT = "waits"  # it interrupts
    DELEGATE = "delegates to workers"
    RECEIPT = "checks receipts"
    WORK = "lets an agent work"
    MODEL = "reaches a model by itself"
    GUARD = "runs guardrails"
    SPEAK = "shows an answer"
    ASK = "opens a request that is due and climbs"
    REFER = "opens a referral that is due and climbs"
    TIMER = "sets a timer"


ATTRIBUTES = {
    "outbox": Deed.EFFECT,
    "models": Deed.MODEL,
    "model_gateway": Deed.MODEL,
    "ainvoke": Deed.MODEL,
}
PAIRS = {
    ("desk", "get"): Deed.DESK,
    ("desk", "open"): Deed.ASK,
    ("gate", "verdicts"): Deed.GUARD,
    ("standing", "use"): Deed.STANDING,
    ("receiver", "covers"): Deed.RECEIPT,
}
CALLED = {
    "langgraph.types.interrupt": Deed.WAIT,
    "agents.build.run_detached": Deed.DELEGATE,
    "agents.work.work": Deed.WORK,
    "agents.advisor.advisor.answer": Deed.WORK,
    "domain.guard.verdict_of": Deed.GUARD,
}
USED = {"Referrals": Deed.REFER, "Timers": Deed.TIMER}  # rows of a store, written in the step's transaction
WRITTEN = {"authorised": Deed.AUTHORISE, "messages": Deed.SPEAK}


@dataclass(frozen=True, slots=True)
class _Mentioned:
    """What the source of one function mentions."""

    names: frozenset[str]
    attributes: frozenset[str]
    written: frozenset[str]  # keys of dictionaries that it makes, with something behind them


def deeds(step: Callable[..., Any]) -> frozenset[Deed]:
    """Everything that a step can do."""
    found: set[Deed] = set()
    for function in _reached(step):
        mentioned = _mentions(function)
        found |= {deed for name, deed in ATTRIBUTES.items() if name in mentioned.attributes}
        found |= {deed for pair, deed in PAIRS.items() if mentioned.attributes.issuperset(pair)}
        found |= {deed for key, deed in WRITTEN.items() if key in mentioned.written}
        found |= {deed for name, deed in USED.items() if name in mentioned.names}
        found |= {CALLED[name] for name in _foreign(function, mentioned) if name in CALLED}
    return frozenset(found)


def destinations(step: Callable[..., Any]) -> tuple[str, ...] | None:
    """Where a step goes by itself (``Command[Literal[...]]``); ``None`` when its signature does not say."""
    returned = inspect.signature(step, eval_str=True).return_annotation
    (names,) = getattr(returned, "__args__", None) or (None,)
    return tuple(getattr(names, "__args__", ())) or None


def _reached(step: Callable[..., Any]) -> Iterator[FunctionType]:
    seen: set[int] = set()
    left: list[Any] = [step]
    while left:
        for function in _functions(left.pop()):
            if id(function) not in seen:
                seen.add(id(function))
                yield function
                left.extend(_called(function))


def _functions(value: Any) -> Iterator[FunctionType]:
    """The functions in a value: itself, of a partial, of the fields of a record."""
    if isinstance(value, partial):
        yield from _functions(value.func)
    elif isinstance(value, FunctionType):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _functions(getattr(value, field.name))


def _called(function: FunctionType) -> Iterator[Any]:
    """What a function mentions of the graphs' own code, and what its closure holds."""
    for cell in function.__closure__ or ():
        yield cell.cell_contents
    for name in _mentions(function).names:
        value = function.__globals__.get(name)
        if _own(value, function):
            yield value


def _own(value: Any, function: FunctionType) -> bool:
    module = str(getattr(value, "__module__", "") or "")
    return module.split(".", maxsplit=1)[0] == PACKAGE or module == function.__module__


def _foreign(function: FunctionType, mentioned: _Mentioned) -> Iterator[str]:
    """Full names of the functions that a function mentions."""
    for name in mentioned.names:
        value = function.__globals__.get(name)
        if isinstance(value, FunctionType):
            yield f"{value.__module__}.{value.__qualname__}"


@cache
def _mentions(function: FunctionType) -> _Mentioned:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    nodes = list(ast.walk(tree))
    return _Mentioned(
        names=frozenset(node.id for node in nodes if isinstance(node, ast.Name)),
        attributes=frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        written=frozenset(
            key.value
            for node in nodes
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and not _nothing(value)
        ),
    )


def _nothing(value: ast.expr) -> bool:
    """An empty list, tuple or dictionary, or ``None``: what takes away and gives nothing."""
    if isinstance(value, ast.List | ast.Tuple):
        return not value.elts
    return (isinstance(value, ast.Dict) and not value.keys) or (
        isinstance(value, ast.Constant) and value.value is None
    )
