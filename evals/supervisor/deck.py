"""Measures the supervisor on its deck: what was left out, what was too much, and what orchestration costs.

Three figures with their parts: required work omitted, unnecessary assignments, decisive findings whose removal
changes the next plan; by the planner's playbook and with a scripted planning model apart. Beside them the same
cases as one agent with all tools. Nothing here says how good a model is: quality is not measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from agents.roster import ROSTER
from domain.decision import Outcome
from evals.scores import rate, score
from evals.supervisor.costs import COUNTED, Sums, alone, by_model, supervised
from evals.supervisor.crews import SECONDS_A_CALL, SECONDS_A_TOKEN, by_playbook
from evals.supervisor.desk import NOW, Desk, supervise
from evals.supervisor.families import Labelled, cases, differs
from evals.supervisor.planning import scripted_planner
from graphs.catalog import VOCABULARY
from graphs.supervisor.planning import needed, next_move
from graphs.supervisor.state import CaseState
from policies.book import InForce
from policies.loader import shipped

NAME = "supervisor"


@dataclass
class Work:
    """What was done against what was needed."""

    cases: int = 0
    exact: int = 0
    referred: int = 0
    needed: int = 0
    omitted: int = 0
    done: int = 0
    unnecessary: int = 0
    refused: int = 0
    off: dict[str, Counter[str]] = field(default_factory=dict)  # family -> what was omitted or too much

    def add(self, desk: Desk, needs: Counter[str]) -> None:
        """One case more."""
        omitted, unnecessary = needs - desk.done, desk.done - needs
        self.cases += 1
        self.exact += not omitted and not unnecessary
        self.referred += desk.concluded().outcome is Outcome.REFER
        self.needed += needs.total()
        self.omitted += omitted.total()
        self.done += desk.done.total()
        self.unnecessary += unnecessary.total()
        self.refused += bool(desk.refused)
        off = self.off.setdefault(desk.case.family, Counter())
        off.update({f"omitted {job}": n for job, n in omitted.items()})
        off.update({f"unnecessary {job}": n for job, n in unnecessary.items()})

    def report(self) -> dict[str, Any]:
        """Counts with their parts."""
        return {
            "cases": self.cases,
            "exactly_the_needed_work": rate(self.exact, self.cases),
            "required_work_omitted": rate(self.omitted, self.needed),
            "unnecessary_assignments": rate(self.unnecessary, self.done),
            "plans_refused_by_the_book": self.refused,
            "where": {family: dict(off) for family, off in self.off.items() if off},
        }


async def measure(progress: Callable[[str], None], quick: bool = False) -> dict[str, Any]:
    """The whole deck, a few minutes; quick: the first case of each family."""
    books = {book.rules.kind: book.on(NOW.date()) for book in shipped(VOCABULARY)}
    deck = list(cases())
    if quick:
        deck = list({case.family: case for case in reversed(deck)}.values())
    progress(f"supervisor: {len(deck)} cases by playbook …")
    by_rule, changed = await _by_playbook(deck, books)
    progress("supervisor: the same with a planning model …")
    by_planner = await _with_planner(deck, books)
    progress("supervisor: the same by scripted models, supervised and as one agent …")
    costs = await _costs(deck, books)
    calls = costs["supervised"]["model_calls_per_case"] * len(deck)
    return {
        **score(by_rule.exact, by_rule.cases, by_rule.referred, round(calls)),
        "families": len({case.family for case in deck}),
        "records_differ_from_the_application": rate(sum(map(differs, deck)), len(deck)),
        "planner_playbook": by_rule.report(),
        "planner_model_scripted": by_planner.report(),
        "removing_a_decisive_finding_changes_the_plan": changed,
        "declared": {"seconds_a_call": SECONDS_A_CALL, "seconds_a_token": SECONDS_A_TOKEN},
        **costs,
    }


async def _by_playbook(deck: list[Labelled], books: dict[str, InForce]) -> tuple[Work, dict[str, Any]]:
    work, removed, changed = Work(), 0, 0
    for case in deck:
        desk = Desk(case, books[case.kind])
        await supervise(desk, by_playbook)
        work.add(desk, case.needs)
        for job in decisive(desk):
            removed += 1
            changed += changes_the_plan(desk, job)
    return work, rate(changed, removed)


async def _with_planner(deck: list[Labelled], books: dict[str, InForce]) -> Work:
    work = Work()
    for case in deck:
        desk = Desk(case, books[case.kind])
        await supervise(desk, by_playbook, scripted_planner)
        work.add(desk, case.needs + case.model_adds)
    return work


async def _costs(deck: list[Labelled], books: dict[str, InForce]) -> dict[str, Any]:
    families: dict[str, tuple[Sums, Sums]] = {}
    together, apart = Sums(), Sums()
    for case in deck:
        desk = Desk(case, books[case.kind])
        await supervise(desk, by_model)
        many, one = supervised(desk), await alone(desk)
        together.add(many)
        apart.add(one)
        of_family = families.setdefault(case.family, (Sums(), Sums()))
        of_family[0].add(many)
        of_family[1].add(one)
    return {
        "calls_counted": COUNTED,
        "supervised": together.report(),
        "one_agent_with_all_tools": apart.report(),
        "by_family": {
            name: {"supervised": many.report(), "one_agent": one.report()}
            for name, (many, one) in families.items()
        },
        "orchestration_is_not_worth_it": list(_not_worth_it(families)),
    }


def _not_worth_it(families: dict[str, tuple[Sums, Sums]]) -> Iterable[str]:
    """Families in which one specialist works: nothing to order, nothing side by side, no tool to keep away."""
    for name, (many, one) in families.items():
        sessions, runs = many.report()["sessions_per_case"], one.report()["sessions_per_case"]
        if sessions <= runs:
            yield (
                f"{name}: one specialist at a time ({sessions} sessions against {runs}); one agent needs "
                f"{one.report()['tokens_per_case']} tokens, not {many.report()['tokens_per_case']}, and the "
                "supervisor adds only its gates and its record"
            )


def decisive(desk: Desk) -> list[str]:
    """Specialists whose finding carries a fact that the book needs, or on which its order rests."""
    asked = {*needed(desk.book), *(rule.fact for rule in desk.book.rules.order)}
    known = desk.state["facts"]
    return [job for job in desk.state["findings"] if asked & set(ROSTER[job].provides) & set(known)]


def changes_the_plan(desk: Desk, job: str) -> bool:
    """Whether the next plan has the specialist work again once the finding is taken away."""
    state = desk.state
    gone = set(ROSTER[job].provides)
    lesser = {
        "facts": {name: each for name, each in state["facts"].items() if name not in gone},
        "findings": {name: each for name, each in state["findings"].items() if name != job},
        "tried": {name: each for name, each in state["tried"].items() if name != job},
    }
    without = Desk(desk.case, desk.book)
    without.records = desk.records
    without.state = cast("CaseState", {**state, **lesser})
    number = state["round"] + 1
    before = next_move(desk.book, desk.known(), number)
    after = next_move(desk.book, without.known(), number)
    again = {name for step in after.plan.steps for name in step.specialists}
    return after != before and job in again
