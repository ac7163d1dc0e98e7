"""What model calls come to: the supervised specialists, and one agent that holds all tools, on the same records.

Both are scripted, make the calls that the work needs, are asked the same judgements and have each reviewed by the
same judge; all these calls are counted on both sides alike. Planning is by playbook and calls no model. Latency is
worked out from declared seconds per call and token; under the supervisor the specialists of a round work side by
side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.contract import CallTool, Conclude, Conclusion, Evidence, Specialist
from agents.roster import ROSTER
from domain.assignment import Assignment
from domain.finding import Finding
from evals.supervisor.crews import Calls, Scripted, Spent, session_of
from evals.supervisor.desk import Desk
from graphs.mandates import mandate

COUNTED = (
    "on both sides: every call that reads records or answers, answers that were sent back, the judgements asked for, "
    "and the judge's review of each; on neither side: planning, which is by playbook here and calls no model"
)
"""Which calls the comparison counts, as its report says it."""


@dataclass(frozen=True)
class Noted:
    """One session of a specialist: when it was, what it called and what it spent."""

    phase: int  # the case waits between phases
    round: int
    job: str
    calls: Calls
    judged: tuple[str, ...]  # codes of the judgements that its work raised
    spent: Spent


@dataclass
class Cost:
    """What one case came to."""

    calls: int = 0
    judge: int = 0  # of these, by the judge
    tokens: int = 0
    seconds: float = 0.0
    tools: int = 0  # the most that one model could reach
    sessions: int = 0

    def add(self, spent: Spent) -> None:
        """One session more, after those before."""
        self.calls += spent.calls
        self.judge += spent.judge
        self.tokens += spent.tokens
        self.tools = max(self.tools, spent.tools)
        self.sessions += 1


class OneAgent(Specialist):
    """All of a book's specialists in one; its prompt stands beside the deck."""

    @property
    def prompt_file(self) -> Path:
        """``evals/supervisor/one_agent.md``."""
        return Path(__file__).with_name("one_agent.md")


async def by_model(given: Assignment, desk: Desk) -> Finding:
    """A specialist as a scripted model that makes its playbook's calls; noted on the desk."""
    specialist = ROSTER[given.specialists[0]]
    _, played = await session_of(specialist, given, desk, None)
    stages = [played.made] if played.made else []
    finding, session = await session_of(specialist, given, desk, Scripted(stages=stages))
    number = int(given.id.partition(".")[0][1:])
    judged = tuple(each.code for each in finding.judgements)
    desk.sessions.append(Noted(len(desk.waits), number, specialist.job, played.made, judged, session.spent))
    return finding


def supervised(desk: Desk) -> Cost:
    """The specialists' sessions of one case; those of a round side by side, who needs a colleague after them."""
    cost = Cost()
    rounds: dict[int, list[Noted]] = {}
    for each in desk.sessions:
        cost.add(each.spent)
        rounds.setdefault(each.round, []).append(each)
    cost.seconds = sum(_longest(each) for each in rounds.values())
    return cost


async def alone(desk: Desk) -> Cost:
    """One agent with every tool of the book: one run per phase, because the case waits in between."""
    cost = Cost()
    for phase in sorted({each.phase for each in desk.sessions}):
        noted = [each for each in desk.sessions if each.phase == phase]
        judged = tuple(dict.fromkeys(code for each in noted for code in each.judged))
        spent = await _run(desk, list(_stages(noted)), judged)
        cost.add(spent)
        cost.seconds += spent.seconds
    return cost


async def _run(desk: Desk, stages: list[Calls], judged: tuple[str, ...]) -> Spent:
    jobs = [ROSTER[job] for of_worker in desk.book.rules.workers.values() for job in of_worker]
    first = desk.rounds[0][0]
    given = first.model_copy(
        update={
            "specialists": ("one_agent",),
            "expected": tuple(fact for each in jobs for fact in each.provides),
            "mandate": mandate(desk.book, jobs).model_copy(update={"max_model_calls": 40}),
        }
    )
    everything = OneAgent(
        job="one_agent",
        worker="one_agent",
        provides=given.expected,
        needs=(),
        tools=tuple(dict.fromkeys(tool for each in jobs for tool in each.tools)),
        required=(),
        records=(),
        gather=_nothing,
        conclude=_asking(judged),
    )
    _, session = await session_of(everything, given, desk, Scripted(stages=stages))
    return session.spent


def _stages(noted: Iterable[Noted]) -> Iterable[Calls]:
    """Calls of one phase in turns: per round what can be asked at once, then what needs it; nothing twice."""
    asked: list[Any] = []
    for number in sorted({each.round for each in noted}):
        for level in range(len(ROSTER)):
            turn = [
                call
                for each in noted
                if each.round == number and _level(each.job) == level
                for call in each.calls
            ]
            fresh = [call for n, call in enumerate(turn) if call not in asked and call not in turn[:n]]
            asked += fresh
            if fresh:
                yield fresh


def _longest(noted: list[Noted]) -> float:
    """Seconds of a round: specialists of one level side by side, one level after the other."""
    levels: dict[int, float] = {}
    for each in noted:
        level = _level(each.job)
        levels[level] = max(levels.get(level, 0.0), each.spent.seconds)
    return sum(levels.values())


def _level(job: str) -> int:
    """How many colleagues come one after the other before this specialist can work."""
    before = [each.job for each in ROSTER.values() if set(each.provides) & set(ROSTER[job].needs)]
    return 1 + max(_level(each) for each in before) if before else 0


async def _nothing(assignment: Assignment, call: CallTool) -> None:
    """A scripted agent needs no playbook."""


def _asking(judged: tuple[str, ...]) -> Conclude:
    """A conclusion that asks for the judgements that the specialists' work raised."""

    def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
        return Conclusion("Every tool was asked.", asks=judged)

    return conclude


@dataclass
class Sums:
    """Costs of several cases."""

    cases: int = 0
    total: Cost = field(default_factory=Cost)

    def add(self, cost: Cost) -> None:
        """One case more."""
        self.cases += 1
        self.total.calls += cost.calls
        self.total.judge += cost.judge
        self.total.tokens += cost.tokens
        self.total.seconds += cost.seconds
        self.total.sessions += cost.sessions
        self.total.tools = max(self.total.tools, cost.tools)

    def report(self) -> dict[str, Any]:
        """Per case, and the most tools that one model could reach."""
        n = max(self.cases, 1)
        return {
            "cases": self.cases,
            "model_calls_per_case": round(self.total.calls / n, 2),
            "of_these_by_the_judge_per_case": round(self.total.judge / n, 2),
            "tokens_per_case": self.total.tokens // n,
            "seconds_per_case_worked_out": round(self.total.seconds / n, 1),
            "sessions_per_case": round(self.total.sessions / n, 2),
            "tools_reachable_by_one_model_at_most": self.total.tools,
            "quality": "not measured",
        }
