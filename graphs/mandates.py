"""Derives a mandate and an assignment from the book: what a worker may use for exactly this work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agents.contract import Specialist
from agents.roster import ROSTER, rows_read_by
from domain.assignment import Assignment, Mandate, PlanStep
from domain.bounds import EffectMandate
from domain.case import Case
from domain.finding import Fact
from domain.guard import Guardrail
from domain.rate import Rate
from guardrails.catalog import OF_CALLS, OF_EFFECTS, OF_LEAVING, OF_TEXTS, OVER_RATE
from policies.book import TIER_SECONDS, InForce, Rules
from policies.settled import certain


@dataclass(frozen=True, slots=True)
class Setting:
    """What every assignment of a round shares."""

    case: Case
    book: InForce
    facts: dict[str, Fact]
    parties: tuple[str, ...]
    round: int
    as_of: datetime
    begins: datetime | None = None  # when it is handed out, if not at ``as_of``
    found: tuple[str, ...] = ()  # parties beyond the application
    supposed: Mapping[str, Any] = field(default_factory=dict)  # by a what-if copy: ``attempt``, ``model``


def assignment(setting: Setting, step: PlanStep) -> Assignment:
    """The assignment of one step of an authorised plan."""
    return Assignment(
        id=f"r{setting.round}.{step.worker}",
        case_id=setting.case.id,
        worker=step.worker,
        specialists=step.specialists,
        objective=step.reason,
        inputs=setting.facts,
        parties=setting.parties,
        found=setting.found,
        boundaries=("use the tools of the mandate only", "never state a figure that no tool gave"),
        expected=step.covers,
        as_of=setting.as_of,
        deadline=(setting.begins or setting.as_of)
        + timedelta(minutes=_minutes(setting.book, step.specialists)),
        mandate=mandate(setting.book, [ROSTER[job] for job in step.specialists]),
        attempt=setting.supposed.get("attempt", 1),
        model=setting.supposed.get("model", ""),
    )


def mandate(book: InForce, specialists: Iterable[Specialist]) -> Mandate:
    """The mandate of a worker: the tools and records of its specialists together."""
    chosen = list(specialists)
    tightest = book.rules.mandate(chosen[0].job)
    return Mandate(
        tools=frozenset(tool for each in chosen for tool in each.tools),
        records=frozenset(kind for each in chosen for kind in each.records),
        parameters=dict(book.parameters),
        **_bounds(book, tightest.model_dump()),
    )


def for_specialist(
    whole: Assignment, specialist: Specialist, book: InForce, facts: dict[str, Fact], *, shadow: bool = False
) -> Assignment:
    """The part of a worker's assignment that one specialist gets: own tools, own bounds, colleagues' facts.

    Of the book it gets the rows that it and its tools declare: what a change of them touches is known that way.
    Parties that were found are for those whose work covers every party; the others see the applicants.
    """
    return whole.model_copy(
        update={
            "parties": (*whole.parties, *whole.found) if specialist.per_party else whole.parties,
            "specialists": (specialist.job,),
            "inputs": whole.inputs | facts,
            "expected": specialist.provides,
            "mandate": mandate(book, [specialist]).model_copy(
                update={"shadow": shadow, "parameters": _declared(specialist, book)}
            ),
        }
    )


def _declared(specialist: Specialist, book: InForce) -> dict[str, Any]:
    declared = rows_read_by(specialist)
    return {name: each for name, each in book.parameters.items() if name in declared}


def for_effects(
    book: InForce,
    today: Rules,
    releases: tuple[str, ...] = (),
    facts: Mapping[str, Fact] | None = None,
) -> EffectMandate:
    """What the effects of a case are held to.

    What was promised stands in the case's pinned book. When something may happen is of the day on which it happens,
    so hours, freezes, sequences, rates and countries are those of today's book, for cases in flight as well. A
    guardrail that either switches on is on.

    Args:
        releases: approvals that let a held one go.
        facts: of the decision that they follow from.
    """
    over_effects = _names(OF_EFFECTS)
    switched_on = (*_over_actions(book.rules), *_over_actions(today))
    return EffectMandate(
        policy_version=book.version,
        guardrails=tuple(name for name in dict.fromkeys(switched_on) if name in over_effects),
        thresholds=book.rules.thresholds,
        unattended_at_most=book.rules.unattended_at_most,
        hours=today.hours,
        freezes=today.freezes,
        sequences=today.sequences,
        rates=tuple(row for row in today.rates if row.effects),
        geography=today.geography,
        releases=releases,
        output=over_what_leaves(book),
        facts=facts or {},
        graver={reason: book.rules.unwinding.graver_than(reason) for reason in book.rules.unwinding.defects}
        if book.rules.unwinding
        else {},
    )


def _over_actions(rules: Rules) -> tuple[str, ...]:
    return rules.guardrails.get("execution", ())


def _names(guardrails: Iterable[Guardrail]) -> frozenset[str]:
    return frozenset(each.name for each in guardrails)


def call_rates(today: Rules) -> tuple[Rate, ...]:
    """How often tools may be called, as today's book says; nothing where it does not switch the guardrail on."""
    on = OVER_RATE.name in _over_actions(today)
    return tuple(row for row in today.rates if on and row.tools)


def over_what_leaves(book: InForce) -> tuple[str, ...]:
    """The book's guardrails over what leaves, in its order; all of them in a book from before there were any."""
    switched_on = book.rules.guardrails.get("output", ())
    known = tuple(each.name for each in OF_LEAVING)
    return switched_on if set(switched_on) & set(known) else (*known, *switched_on)


def over_text(book: InForce) -> tuple[str, ...]:
    """The book's output guardrails over what a model writes, on its way."""
    of_leaving = {each.name for each in OF_LEAVING}
    return tuple(name for name in book.rules.guardrails.get("output", ()) if name not in of_leaving)


def for_planner(book: InForce) -> Mandate:
    """The planning model's mandate: no tools, no records."""
    row = book.rules.mandate("planner")
    return Mandate(tools=frozenset(), records=frozenset(), **_bounds(book, row.model_dump()))


def for_advisor(book: InForce, tools: Iterable[str], parameters: Mapping[str, Any]) -> Mandate:
    """The chat's mandate: read-only case tools, no source records, the rows that its calculators need.

    Of what its tools answer only what may come from outside is ruled on (``Tool.foreign``): rows of a book read
    together may look like an order. A case's own book may not have ruled on its texts when they came in.
    """
    row = book.rules.mandate("advisor")
    given = dict(parameters)
    bounds = _bounds(book, row.model_dump())
    return Mandate(tools=frozenset(tools), records=frozenset(), parameters=given, **bounds)


def outcomes(book: InForce, inputs: Mapping[str, Fact], figures: Mapping[str, Fact]) -> frozenset[str]:
    """What rows of the decision table say that these figures, with the facts known before, already settle.

    Rows that no figure of these touches are another specialist's matter.
    """
    touched = (row for row in certain(book.decision, {**inputs, **figures}) if row.reads() & set(figures))
    return frozenset(str(row.outputs["outcome"]) for row in touched)


def _bounds(book: InForce, row: dict[str, Any]) -> dict[str, Any]:
    shared = {
        "prices": book.rules.prices,
        "case_budget": book.rules.case_budget,
        "judgements": book.rules.judgements,
        "call_guardrails": tuple(name for name in _over_actions(book.rules) if name in _names(OF_CALLS)),
        "input_guardrails": of_texts(book),
        "output_guardrails": over_text(book),
    }
    area = book.rules.geography
    if area is not None and area.systems is not None:
        shared["regions"] = frozenset(area.systems)
    limits = {name: value for name, value in row.items() if name != "deadline_minutes"}
    return limits | {"timeout_seconds": row["timeout_seconds"] or TIER_SECONDS[row["tier"]]} | shared


def of_texts(book: InForce) -> tuple[str, ...]:
    """The book's guardrails over texts from outside, in its order."""
    known = {each.name for each in OF_TEXTS}
    return tuple(name for name in book.rules.guardrails.get("input", ()) if name in known)


def _minutes(book: InForce, specialists: tuple[str, ...]) -> int:
    return max(book.rules.mandate(job).deadline_minutes for job in specialists)
