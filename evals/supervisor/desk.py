"""Supervises a case in memory: the real planning, rules, learning, specialists and tools; no database, no waiting.

Owns the order in which moves are carried out, which is that of ``graphs/supervisor/rounds.py``; a test runs one
case of each family through the governed graph as well and compares the work that was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from agents.roster import ROSTER
from api.intake import parse_application, parse_record
from domain.assignment import Assignment, Plan, PlanStep
from domain.case import Case, CaseStatus
from domain.decision import Decision
from domain.finding import Fact, Finding, Receipt
from evals.supervisor.families import Body, Labelled
from graphs.mandates import Setting, assignment, for_specialist
from graphs.supervisor.deciding import table_facts
from graphs.supervisor.known import Standing, facts, findings, found_parties, holds
from graphs.supervisor.learning import learn, look_again
from graphs.supervisor.opening import asked_for as asked_by_application
from graphs.supervisor.planning import Known, Move, jobs_of, next_move, violations
from graphs.supervisor.reopening import overtaken
from graphs.supervisor.rules import asked_for, due, named
from graphs.supervisor.state import CaseState
from graphs.worker import HandOff
from policies.book import InForce
from policies.concluding import conclude

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
Worker = Callable[[Assignment, "Desk"], Awaitable[Finding]]
Planner = Callable[["Desk", int], Awaitable[Plan | None]]


@dataclass
class Desk:
    """One case on the desk: what it holds, what was done, and how it ended."""

    case: Labelled
    book: InForce
    records: list[Body] = field(default_factory=list)
    rounds: list[list[Assignment]] = field(default_factory=list)
    waits: list[tuple[str, ...]] = field(default_factory=list)
    moves: list[tuple[CaseState, Move]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked_the_model: int = 0
    sessions: list[Any] = field(default_factory=list)  # of models, as a worker notes them

    def __post_init__(self) -> None:
        self.records = list(self.case.records)
        model = parse_application(self.case.application)
        self.application: dict[str, Any] = model.model_dump(mode="json")
        known = asked_by_application(self.application)
        known |= {
            name: {"value": value, "unit": "code", "source": "customer_file"}
            for name, value in self.case.spared.items()
        }
        empty: dict[str, Any] = {
            "case_id": self.case.name,
            "round": 0,
            "facts": known,
            "findings": {},
            "tried": {},
        }
        self.state = cast("CaseState", empty | {"waited": [], "rules_used": {}})
        self.late = list(self.case.late)

    @property
    def done(self) -> Counter[str]:
        """How often each specialist worked."""
        return Counter(job for each in self.rounds for given in each for job in given.specialists)

    def known(self) -> Known:
        """What planning looks at."""
        state = self.state
        return Known(
            facts=facts(state),
            findings=findings(state),
            tried=state.get("tried", {}),
            arrived=self.arrived(),
            waited=frozenset(state.get("waited", ())),
            used=state.get("rules_used", {}),
            company=bool(self.application.get("company")),
        )

    def arrived(self) -> dict[str, int]:
        """Records of each kind that are there."""
        return dict(Counter(each["kind"] for each in self.records))

    def concluded(self) -> Decision:
        """What policy concludes over what is known now."""
        return conclude(self.book, table_facts(self.book, self.state))

    def standing(self) -> Standing:
        """The case as nodes of the graph see it."""
        return Standing(_case(self), self.book, self.application)


async def supervise(desk: Desk, work: Worker, planner: Planner | None = None) -> None:
    """Carry the case to where policy or a person decides."""
    while not holds(desk.state):
        _look_again(desk)
        number = desk.state["round"] + 1
        move = next_move(desk.book, desk.known(), number)
        desk.moves.append((cast("CaseState", dict(desk.state)), move))
        if move.awaiting:
            _wait(desk, move.awaiting)
            continue
        plan = move.plan
        if not plan.steps:
            proposed = await planner(desk, number) if planner and not desk.asked_the_model else None
            desk.asked_the_model += 1
            if proposed is None:
                if _conditions_met(desk):
                    continue
                return
            plan = proposed
        wrong = violations(desk.book, desk.known(), plan)
        if wrong:
            desk.refused += wrong
            return
        await _round(desk, plan, work)


def _conditions_met(desk: Desk) -> bool:
    """Whether a record that was to come late meets a condition of the approval; it is evidence then."""
    wanted = {desk.book.rules.conditions[code].satisfied_by for code in desk.concluded().condition_codes}
    met = [each for each in desk.late if each["kind"] in wanted]
    desk.late = [each for each in desk.late if each not in met]
    desk.records += met
    return bool(met)


def _look_again(desk: Desk) -> None:
    """What came after its readers had worked is read anew."""
    late = overtaken(jobs_of(desk.book), desk.known())
    if late:
        learnt = look_again(desk.state, jobs_of(desk.book), late)
        desk.state = cast("CaseState", {**desk.state, **learnt.update})


async def _round(desk: Desk, plan: Plan, work: Worker) -> None:
    used = dict(desk.state.get("rules_used", {}))
    sent = {job for step in plan.steps for job in step.specialists}
    for each in due(desk.book.rules.replan, desk.known()):
        if each.rule and each.job in sent:
            used[each.rule] = used.get(each.rule, 0) + 1
    arrived, taken = desk.arrived(), dict[str, HandOff]()
    given = [assignment(_setting(desk, plan), step) for step in plan.steps]
    desk.rounds.append(given)
    for whole, step in zip(given, plan.steps, strict=True):
        taken |= await _step(desk, whole, step, work)
    before = {**desk.state, "plan": plan.model_dump(mode="json"), "rules_used": used}
    before["tried"] = {**desk.state["tried"], **dict.fromkeys(sent, arrived)}
    learnt = learn(cast("CaseState", before), taken, jobs_of(desk.book))
    desk.state = cast("CaseState", {**before, **learnt.update, "round": plan.round})


async def _step(desk: Desk, whole: Assignment, step: PlanStep, work: Worker) -> dict[str, HandOff]:
    """Specialists of one assignment, colleagues' facts handed on; the book lists them in the worker's order."""
    taken, found = dict[str, HandOff](), dict[str, Fact]()
    order = desk.book.rules.workers[step.worker]
    for job in sorted(step.specialists, key=lambda each: (bool(ROSTER[each].needs), order.index(each))):
        finding = await work(for_specialist(whole, ROSTER[job], desk.book, found), desk)
        found |= {each.name: each.value for each in finding.figures}
        receipt = Receipt.of(finding, f"{step.worker}@{whole.id}")
        taken[job] = HandOff(finding=finding.model_dump(mode="json"), receipt=receipt.model_dump())
    return taken


def _wait(desk: Desk, kinds: tuple[str, ...]) -> None:
    """What was to come late comes, or the waiting time is over."""
    desk.waits.append(kinds)
    came = list(desk.late) if any(each["kind"] in kinds for each in desk.late) else []
    if not came:
        desk.state["waited"] = sorted({*desk.state["waited"], *kinds})
        return
    rules = asked_for(desk.book.rules.replan, desk.known())
    used = dict(desk.state.get("rules_used", {}))
    for rule in rules:
        if rule.ask_for in {each["kind"] for each in came}:
            used[named(rule)] = used.get(named(rule), 0) + 1
    desk.state["rules_used"] = used
    desk.late = [each for each in desk.late if each not in came]
    desk.records += came


def _setting(desk: Desk, plan: Plan) -> Setting:
    parties = tuple(f"party:{n}" for n, _ in enumerate(desk.application["borrowers"], 1))
    known = facts(desk.state)
    return Setting(_case(desk), desk.book, known, parties, plan.round, NOW, found=found_parties(desk.state))


def _case(desk: Desk) -> Case:
    return Case(
        id=desk.case.name,
        kind=desk.case.kind,
        status=CaseStatus.OPEN,
        policy_version=desk.book.version,
        application_date=NOW.date(),
        opened_at=NOW,
        maker="advisor",
        content_digest="",
    )


def typed(records: list[Body]) -> list[Any]:
    """Source records as intake reads them."""
    return [parse_record(each) for each in records]
