"""Planning from the gap: which facts the book needs, who can provide them, and in which order policy lets them.

Pure functions over state and book. ``propose`` covers exactly the gap; ``violations`` checks any plan,
whoever proposed it, against the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agents.contract import Specialist
from agents.roster import ROSTER
from domain.assignment import Cause, Plan, PlanStep
from domain.finding import Fact, Finding
from graphs.supervisor.judged import JUDGEMENTS
from graphs.supervisor.reopening import resting_on
from graphs.supervisor.rules import Due, asked_for, due, raised
from policies.book import InForce
from policies.hand import HandRow

DERIVED = (
    frozenset({"open_gaps", "degraded", "text_quarantined"}) | JUDGEMENTS
)  # the supervisor finds these when it decides


@dataclass(frozen=True, slots=True)
class Known:
    """What planning looks at.

    Args:
        facts: by name.
        findings: newest per specialist.
        tried: specialist -> how many records of each kind had arrived when it last worked.
        arrived: how many have arrived by now.
        waited: kinds that nobody waits for any more.
        reopened: fact -> why it is not known any more.
        used: replan rule -> how often it was used.
        company: whether a company applies, whose owners evidence may name.
        returned: whether people sent the decision back for more: then every fact is found out.
    """

    facts: Mapping[str, Fact]
    findings: Mapping[str, Finding]
    tried: Mapping[str, Mapping[str, int]]
    arrived: Mapping[str, int]
    waited: frozenset[str]
    reopened: Mapping[str, Cause] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    company: bool = False
    returned: bool = False


def needed(book: InForce) -> tuple[str, ...]:
    """Facts that the decision table asks for and somebody must provide, in the table's order."""
    return tuple(name for name in book.decision.needed_facts() if name not in DERIVED)


def jobs_of(book: InForce) -> list[Specialist]:
    """The specialists whom a book uses, in its order."""
    return [ROSTER[job] for of_worker in book.rules.workers.values() for job in of_worker]


def propose(book: InForce, known: Known, round_number: int) -> Plan:
    """The plan for the gap and for what the book's rules make due, as far as order and evidence allow.

    No steps when nothing can run, or when nothing that could still be found would change the outcome and the
    book stops there.
    """
    if _enough(book, known):
        return Plan(round=round_number, steps=())
    again = {each.job: each for each in due(book.rules.replan, known)}
    early = _on_doubtful_ground(book, known) | _before_every_party_is_named(book, known)
    wanted = (_wanted(book, known) | set(again)) - early
    steps = []
    for worker, jobs in book.rules.workers.items():
        if not _may_start(book, worker, known.facts):
            continue
        ready = _ready([ROSTER[job] for job in jobs if job in wanted], known, frozenset(again))
        if ready:
            steps.append(_step(worker, ready, known, again))
    return Plan(round=round_number, steps=tuple(steps))


@dataclass(frozen=True, slots=True)
class Move:
    """What comes next: a plan with steps, records to wait for, what the applicant failed to bring, or nothing."""

    plan: Plan
    awaiting: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def next_move(book: InForce, known: Known, round_number: int) -> Move:
    """Work before waiting, waiting before giving up; nothing when facts alone do not say what to do next."""
    plan = propose(book, known, round_number)
    if plan.steps:
        return Move(plan)
    waiting = awaitable(book, known)
    return Move(plan, waiting, () if waiting else unanswered(book, known))


def awaitable(book: InForce, known: Known) -> tuple[str, ...]:
    """Kinds of record that may still come and would close a gap of wanted facts, or that a rule asks for."""
    if _enough(book, known):
        return ()
    asked = _lacked(book, known) | {rule.ask_for for rule in asked_for(book.rules.replan, known)}
    return tuple(kind for kind in book.rules.waits if kind in asked - known.waited)


def unanswered(book: InForce, known: Known) -> tuple[str, ...]:
    """What the applicant did not bring in time and facts are still wanted for, where the book closes for that."""
    rule = book.rules.applicant
    if rule is None or rule.unanswered != "close":
        return ()
    return tuple(kind for kind in rule.brings if kind in _lacked(book, known) & known.waited)


def by_hand(book: InForce, known: Known) -> tuple[HandRow, ...]:
    """Work that failed, that no record would help and that the book has people do; none where a decline is certain."""
    if _enough(book, known):
        return ()
    return tuple(
        row
        for row in book.rules.by_hand
        if row.specialist in known.tried
        and not row.settles.keys() <= known.facts.keys()
        and not _worth_running(row.specialist, known)
    )


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


def _enough(book: InForce, known: Known) -> bool:
    return not known.returned and book.declines_already(known.facts)


def _on_doubtful_ground(book: InForce, known: Known) -> frozenset[str]:
    """Specialists whose work would rest on a finding for which a further record is asked and may still come."""
    doubted = {
        job
        for rule in asked_for(book.rules.replan, known)
        if rule.ask_for not in known.waited
        for job, _ in raised(rule, known)
    }
    jobs = jobs_of(book)
    return resting_on(jobs, {fact for job in doubted for fact in ROSTER[job].provides})


def _before_every_party_is_named(book: InForce, known: Known) -> frozenset[str]:
    """Specialists whose work rests on work over every party, while owners of the company may still be named."""
    if not known.company:
        return frozenset()
    jobs = jobs_of(book)
    namers = [each.job for each in jobs if each.names_parties and each.job in _wanted(book, known)]
    if not any(_worth_running(job, known) or _may_still_come(job, book, known) for job in namers):
        return frozenset()
    return resting_on(jobs, {fact for each in jobs if each.per_party for fact in each.provides})


def _may_still_come(job: str, book: InForce, known: Known) -> bool:
    """Whether a record that the specialist lacked is still waited for."""
    lacked = {gap.needs for gap in known.findings[job].gaps} if job in known.findings else set()
    return bool(lacked & (set(book.rules.waits) - known.waited))


def _lacked(book: InForce, known: Known) -> frozenset[str]:
    """Kinds of record that would close a gap of somebody whose facts are wanted.

    Nobody is asked for what our own work failed to read: a specialist that broke off says nothing of its records.
    """
    jobs = [known.findings[job] for job in _wanted(book, known) if job in known.findings]
    lacked = frozenset(gap.needs for finding in jobs for gap in finding.gaps)
    unread = {kind for finding in jobs if finding.broke_off for kind in ROSTER[finding.specialist].records}
    return lacked - unread


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


def _step(worker: str, ready: list[Specialist], known: Known, again: Mapping[str, Due]) -> PlanStep:
    covers = tuple(
        fact for each in ready for fact in each.provides if each.job in again or fact not in known.facts
    )
    asked = tuple(dict.fromkeys(again[each.job].reason for each in ready if each.job in again))
    needs = tuple(
        fact for each in ready if each.job not in again for fact in each.provides if fact not in known.facts
    )
    reasons = (*asked, *(("The book needs " + ", ".join(needs),) if needs else ()))
    causes = [cause for each in ready for cause in _causes(each, known, again)]
    return PlanStep(
        worker=worker,
        specialists=tuple(each.job for each in ready),
        covers=covers,
        reason="; ".join(reasons),
        triggered_by=tuple(dict.fromkeys(causes)),
    )


def _causes(job: Specialist, known: Known, again: Mapping[str, Due]) -> Iterable[Cause]:
    """Why this specialist works now: a rule, a record that it lacked, a fact reopened, or never known."""
    if job.job in again:
        yield again[job.job].cause
        return
    reopened = [known.reopened[fact] for fact in job.provides if fact in known.reopened]
    if reopened:
        yield from reopened
    elif job.job in known.tried:
        yield from (Cause(kind="record_arrived", what=kind) for kind in _arrived_since(job.job, known))
    else:
        unknown = (fact for fact in job.provides if fact not in known.facts)
        yield from (Cause(kind="unknown_fact", what=fact) for fact in unknown)


def _ready(candidates: list[Specialist], known: Known, again: frozenset[str]) -> list[Specialist]:
    """Those whose needs are known, or provided by a colleague who is ready in the same assignment."""
    ready: list[Specialist] = []
    available = set(known.facts)
    while True:
        more = [
            each
            for each in candidates
            if each not in ready
            and set(each.needs) <= available
            and (each.job in again or _worth_running(each.job, known))
        ]
        if not more:
            return [each for each in candidates if each in ready]
        ready += more
        available |= {fact for each in more for fact in each.provides}


def _worth_running(job: str, known: Known) -> bool:
    """Not tried yet, or a record that it lacked has arrived since."""
    return job not in known.tried or bool(_arrived_since(job, known))


def _arrived_since(job: str, known: Known) -> tuple[str, ...]:
    """Kinds that the specialist lacked when it last worked and that have come since."""
    lacked = sorted({gap.needs for gap in known.findings[job].gaps}) if job in known.findings else []
    before = known.tried.get(job, {})
    return tuple(kind for kind in lacked if known.arrived.get(kind, 0) > before.get(kind, 0))


def _may_start(book: InForce, worker: str, facts: Mapping[str, Fact]) -> bool:
    return all(facts.get(rule.fact) == rule.equals for rule in book.rules.order if rule.worker == worker)


def _order(book: InForce, worker: str) -> str:
    return ", ".join(
        f"{rule.fact} must be {rule.equals}" for rule in book.rules.order if rule.worker == worker
    )


def _lacking(job: str, step: PlanStep, facts: Mapping[str, Fact]) -> list[str]:
    same = {fact for each in step.specialists if each in ROSTER for fact in ROSTER[each].provides}
    return [fact for fact in ROSTER[job].needs if fact not in facts and fact not in same]
