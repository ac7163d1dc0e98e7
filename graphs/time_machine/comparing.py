"""Two cases side by side, an original and its what-if copy: findings, facts, route, outcome, money.

Reads both as they stand and changes neither. What a copy would have done is what was authorised in it: its effects
are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.approval import Action
from domain.case import Case
from graphs.services import Services
from graphs.supervisor.account import shown
from graphs.time_machine.moments import Moment, history, snapshots
from tools.catalog import EFFECTS

MONEY = {each.name: each.money for each in EFFECTS if each.money}  # which argument says what an effect moves


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two.

    Args:
        outcome: reached, or where policy would go from here.
        asked: who is or was asked at which boundary, and how many of them must agree.
        money: what is authorised, else proposed: action and cents.
        findings: what each specialist concluded.
        facts: as people read them.
        route: what was done, in plain words.
    """

    case_id: str
    policy_version: str
    outcome: str
    decision: str
    reasons: tuple[str, ...]
    asked: tuple[str, ...]
    money: dict[str, int]
    findings: dict[str, str]
    facts: dict[str, str]
    route: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, what was supposed, and the names of what differs."""

    original: Side
    copy: Side
    supposed: dict[str, Any]
    differs: tuple[str, ...]


async def compare(services: Services, case_id: str, copy_id: str) -> Comparison:
    """Both as they stand; ``NotFound`` when one is not there."""
    original = await _side(services, await services.cases.get(case_id))
    copy = await _side(services, await services.cases.get(copy_id))
    told = [each.body for each in await services.ledger.entries(copy_id) if each.kind == "case_forked"]
    supposed = {name: each for name, each in (told[0] if told else {}).items() if each and name != "fork"}
    return Comparison(original, copy, supposed, tuple(_differing(original, copy)))


async def _side(services: Services, case: Case) -> Side:
    found = [each.values for each in await snapshots(services, case)]
    last = found[-1] if found else {}
    settled = next((each for each in reversed(found) if each.get("authorised") and _reached(each)), last)
    decision, requests = last.get("decision") or {}, await services.desk.of_case(case.id)
    proposed = requests[-1].actions if requests else ()
    actions = [Action.model_validate(each["action"]) for each in settled.get("authorised", ())] or list(
        proposed
    )
    return Side(
        case_id=case.id,
        policy_version=case.policy_version,
        outcome=str(
            settled.get("outcome") or case.outcome or f"{decision.get('outcome', 'open')} (proposed)"
        ),
        decision=f"{decision.get('outcome', 'none yet')} ({', '.join(decision.get('rows_hit', ())) or 'no row'})",
        reasons=tuple(decision.get("principal_reasons", ())),
        asked=tuple(
            f"{each.boundary}: {each.quorum} of {' or '.join(each.candidate_groups)}" for each in requests
        ),
        money={each.name: cents for each in actions if (cents := _cents(each)) is not None},
        findings={job: each["finding"]["conclusion"] for job, each in last.get("findings", {}).items()},
        facts={name: shown(each["value"], each["unit"]) for name, each in last.get("facts", {}).items()},
        route=_route(await history(services, case.id)),
    )


def _reached(state: Mapping[str, Any]) -> bool:
    """Whether an outcome was reached; a copy is referred afterwards, because its effects are refused."""
    return state.get("outcome") not in (None, "referred")


def _cents(action: Action) -> int | None:
    cents = action.args.get(MONEY.get(action.name, ""))
    return cents if isinstance(cents, int) and not isinstance(cents, bool) else None


def _route(moments: list[Moment]) -> tuple[str, ...]:
    return tuple(each.done for each in moments)


def _differing(original: Side, copy: Side) -> list[str]:
    """Plain parts by name, findings and facts by their own names."""
    parts = ("policy_version", "outcome", "decision", "reasons", "asked", "money")
    found = [name for name in parts if getattr(original, name) != getattr(copy, name)]
    for part in ("findings", "facts"):
        before, after = getattr(original, part), getattr(copy, part)
        found += [
            f"{part}.{name}" for name in sorted({*before, *after}) if before.get(name) != after.get(name)
        ]
    return found
