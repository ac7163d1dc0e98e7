"""Planning from the gap: which facts the book needs, who can provide them, and in which order policy lets them.

Pure functions over state and book. ``propose`` covers exactly the gap; ``violations`` checks any plan,
whoever proposed it, against the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.contract import Specialist
from agents.roster import ROSTER
from domain.assignment import Plan, PlanStep
from domain.finding import Fact, Finding
from policies.book import InForce

DERIVED = frozenset({"open_gaps", "degraded"})  # the supervisor computes these when it decides


@dataclass(frozen=True, slots=True)
class Known:
    """What planning looks at.

    Args:
        facts: by name.
        findings: newest per specialist.
        tried: specialist -> how many records of each kind had arrived when it last worked.
        arrived: how many have arrived by now.
        waited: kinds that nobody waits for any more.
    """

    facts: Mapping[str, Fact]
    findings: Mapping[str, Finding]
    tried: Mapping[str, Mapping[str, int]]
    arrived: Mapping[str, int]
    waited: frozenset[str]


def needed(book: InForce) -> tuple[str, ...]:
    """Facts that the decision table asks for and somebody must provide, in the table's order."""
    return tuple(name for name in book.decision.needed_facts() if name not in DERIVED)


def propose(book: InForce, known: Known, round_number: int) -> Plan:
    """The plan that covers exactly the gap, as far as order and evidence allow; no steps when nothing can run."""
    wanted = _wanted(book, known)
    steps = []
    for worker, jobs in book.rules.workers.items():
        if not _may_start(book, worker, known.facts):
            continue
        ready = _ready([ROSTER[job] for job in jobs if job in wanted], known)
        if ready:
            covers = tuple(fact for each in ready for fact in each.provides if fact not in known.facts)
            reason = "The book needs " + ", ".join(covers)
            steps.append(
                PlanStep(
                    worker=worker, specialists=tuple(each.job for each in ready), covers=covers, reason=reason
                )
            )
    return Plan(round=round_number, steps=tuple(steps))


def awaitable(book: InForce, known: Known) -> tuple[str, ...]:
    """Kinds of record that would close a gap of somebody whose facts are wanted, and that may still come."""
    wanted = _wanted(book, known)
    asked = {gap.needs for job in wanted if job in known.findings for gap in known.findings[job].gaps}
    return tuple(kind for kind in book.rules.waits if kind in asked - known.waited)


def violations(book: InForce, known: Known, plan: Plan) -> tuple[str, ...]:
    """What in a plan breaks the book; empty when it may run."""
    return tuple(_violations(book, known, plan))


def _violations(book: InForce, known: Known, plan: Plan) -> Iterable[str]:
    if plan.round > book.rules.max_rounds:
        yield f"round {plan.round} is beyond the book's {book.rules.max_rounds}"
    if not plan.steps:
        yield "the plan has no steps"
    for step in plan.steps:
        allowed = book.rules.workers.get(step.worker, ())
        for job in step.specialists:
            if job not in allowed:
                yield f"the book does not let {step.worker} use {job}"
            elif lacking := _lacking(job, step, known.facts):
                yield f"{job} needs {', '.join(lacking)} first"
        if not _may_start(book, step.worker, known.facts):
            yield f"{step.worker} may not start yet: {_order(book, step.worker)}"


def _wanted(book: InForce, known: Known) -> frozenset[str]:
    """Specialists whose facts are missing, with those whose facts they need."""
    providers = {
        fact: job for jobs in book.rules.workers.values() for job in jobs for fact in ROSTER[job].provides
    }
    ordered = [rule.fact for rule in book.rules.order]
    open_facts = [fact for fact in (*needed(book), *ordered) if fact not in known.facts]
    wanted: set[str] = set()
    while open_facts:
        job = providers.get(open_facts.pop())
        if job is not None and job not in wanted:
            wanted.add(job)
            open_facts += [fact for fact in ROSTER[job].needs if fact not in known.facts]
    return frozenset(wanted)


def _ready(candidates: list[Specialist], known: Known) -> list[Specialist]:
    """Those whose needs are known, or provided by a colleague who is ready in the same assignment."""
    ready: list[Specialist] = []
    available = set(known.facts)
    while True:
        more = [
            each
            for each in candidates
            if each not in ready and set(each.needs) <= available and _worth_running(each.job, known)
        ]
        if not more:
            return [each for each in candidates if each in ready]
        ready += more
        available |= {fact for each in more for fact in each.provides}


def _worth_running(job: str, known: Known) -> bool:
    """Not tried yet, or a record that it lacked has arrived since."""
    if job not in known.tried:
        return True
    lacked = {gap.needs for gap in known.findings[job].gaps} if job in known.findings else set()
    before = known.tried[job]
    return any(known.arrived.get(kind, 0) > before.get(kind, 0) for kind in lacked)


def _may_start(book: InForce, worker: str, facts: Mapping[str, Fact]) -> bool:
    return all(facts.get(rule.fact) == rule.equals for rule in book.rules.order if rule.worker == worker)


def _order(book: InForce, worker: str) -> str:
    return ", ".join(
        f"{rule.fact} must be {rule.equals}" for rule in book.rules.order if rule.worker == worker
    )


def _lacking(job: str, step: PlanStep, facts: Mapping[str, Fact]) -> list[str]:
    same = {fact for each in step.specialists if each in ROSTER for fact in ROSTER[each].provides}
    return [fact for fact in ROSTER[job].needs if fact not in facts and fact not in same]
