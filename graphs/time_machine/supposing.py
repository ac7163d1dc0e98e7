"""Supposes facts in a copied state: puts them in, and takes out whatever rests on what was there before. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.roster import ROSTER
from domain.errors import BadInput
from domain.finding import Fact
from graphs.sessions import TERMS
from graphs.supervisor.reopening import resting_on
from graphs.supervisor.state import WHAT_IF, KnownFact
from graphs.time_machine.possible import possible
from policies.cell import Input

ASKED_FOR = ("application",)  # sources of facts that were asked, not found out


@dataclass(frozen=True, slots=True)
class Supposed:
    """Facts to suppose, and what the decision table says that its inputs can be."""

    changes: dict[str, Fact]
    inputs: Mapping[str, Input]


def suppose(state: dict[str, Any], supposed: Supposed) -> dict[str, Any]:
    """The state with the facts in place and everything outdated left out, to be found out again.

    The round goes back to before the first outdated finding, so that what is done again is the same assignment
    and every call with the same inputs is recalled from the parent's journal.

    Raises:
        BadInput: names the fact and what can be supposed.
    """
    facts: dict[str, KnownFact] = state["facts"]
    for name, value in supposed.changes.items():
        _check(name, value, facts, supposed.inputs.get(name))
    changed = {
        name: KnownFact(value=value, unit=facts[name]["unit"], source=WHAT_IF)
        for name, value in supposed.changes.items()
    }
    outdated = _outdated(
        state, {name for name, each in changed.items() if each["value"] != facts[name]["value"]}
    )
    gone = {figure["name"] for job in outdated for figure in state["findings"][job]["finding"]["figures"]}
    rounds = [_round(state["findings"][job]["finding"]["assignment"]) - 1 for job in outdated]
    return state | {
        "facts": {name: each for name, each in facts.items() if name not in gone} | changed,
        "findings": _without(state.get("findings", {}), outdated),
        "tried": _without(state.get("tried", {}), outdated),
        "round": min([state["round"], *rounds]),
    }


def _outdated(state: dict[str, Any], moved: set[str]) -> frozenset[str]:
    """Specialists whose finding rests on a fact that moved, directly or through a colleague's."""
    return resting_on([ROSTER[job] for job in state.get("findings", {})], moved)


def _round(assignment: str) -> int:
    """``r2.mortgage`` → 2."""
    return int(assignment.partition(".")[0].removeprefix("r"))


def _without(by_job: dict[str, Any], jobs: frozenset[str]) -> dict[str, Any]:
    return {job: each for job, each in by_job.items() if job not in jobs}


def _check(name: str, value: Fact, facts: Mapping[str, KnownFact], allowed: Input | None) -> None:
    open_to = sorted(each for each in facts if not _term(each, facts))
    if name not in facts:
        remedy = f"one of {', '.join(open_to)}" if open_to else "fork from a later moment"
        raise BadInput(f"{name} was not known at that moment", field=name, remedy=remedy)
    if _term(name, facts):
        remedy = f"submit another application, or suppose one of {', '.join(open_to)}"
        raise BadInput(
            f"{name} is a term of the application, not something found out", field=name, remedy=remedy
        )
    before = facts[name]["value"]
    if type(value) is not type(before):
        kind = type(before).__name__
        raise BadInput(f"a value of type {kind} is expected", field=name, remedy=f"as in {before!r}")
    _in_range(name, value, allowed or possible(name, facts[name]["unit"]))


def _in_range(name: str, value: Fact, allowed: Input | None) -> None:
    """A table's own range comes first; what no table bounds has the range of its unit."""
    if allowed is None or allowed.holds(value):
        return
    remedy = f"give {allowed}"
    if isinstance(value, int) and not isinstance(value, bool):
        raise BadInput("an impossible amount: it lies out of its range", field=name, remedy=remedy)
    raise BadInput("the policy's table knows no such value", field=name, remedy=remedy)


def _term(name: str, facts: Mapping[str, KnownFact]) -> bool:
    return facts[name]["source"] in ASKED_FOR or name in (*TERMS, "amount_cents")
