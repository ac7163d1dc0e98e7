"""Reads typed views out of the state's plain JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.supervisor.planner import JOB as PLANNER
from domain.assignment import Cause
from domain.canonical import digest
from domain.case import Case
from domain.decision import Decision
from domain.finding import Fact, Finding, Flag, Gap
from domain.party import COMPANY
from graphs.services import services
from graphs.sessions import with_terms
from graphs.supervisor.dissent import Dissent, Superseded, dissents
from graphs.supervisor.planning import Known
from graphs.supervisor.state import CaseState, KnownFact
from graphs.worker import book_of
from policies.book import InForce


@dataclass(frozen=True, slots=True)
class Standing:
    """A case with its book and tokenised application: what nearly every node starts from."""

    case: Case
    book: InForce
    application: dict[str, Any]

    @property
    def parties(self) -> tuple[str, ...]:
        """``party:1`` … in the order of the application."""
        return tuple(f"party:{n}" for n, _ in enumerate(self.application.get("borrowers", ()), 1))

    @property
    def beyond(self) -> tuple[str, ...]:
        """The company that applies: a party for work that covers every party."""
        return (COMPANY,) if self.application.get("company") else ()


async def standing(state: CaseState) -> Standing:
    """Read the case anew: what stands in rows is never copied into state."""
    case_id = state["case_id"]
    here = services()
    application = with_terms(await here.cases.application(case_id), facts(state))
    return Standing(await here.cases.get(case_id), await book_of(case_id), application)


def facts(state: CaseState) -> dict[str, Fact]:
    """Facts by name."""
    return {name: known["value"] for name, known in state.get("facts", {}).items()}


def findings(state: CaseState) -> dict[str, Finding]:
    """Findings by specialist."""
    return {job: Finding.model_validate(each["finding"]) for job, each in state.get("findings", {}).items()}


def behind(state: CaseState) -> dict[str, Any]:
    """Whoever a decision rests on: specialists whose findings count, and the planner whose plan was carried out."""
    planner = state.get("planned_by")
    return dict(state.get("findings", {})) | ({PLANNER: planner} if planner else {})


async def known(state: CaseState, beyond: tuple[str, ...] = ()) -> Known:
    """What planning looks at; ``beyond`` as the application has it."""
    return Known(
        facts=facts(state),
        findings=findings(state),
        tried=state.get("tried", {}),
        arrived=await arrived_by(state),
        waited=frozenset(state.get("waited", ())),
        reopened={fact: Cause.model_validate(each) for fact, each in state.get("reopened", {}).items()},
        used=state.get("rules_used", {}),
        company=bool(beyond),
        returned=any(
            each["boundary"] == "offer" and each["status"] == "returned"
            for each in state.get("approvals", ())
        ),
    )


def found_parties(state: CaseState) -> tuple[str, ...]:
    """References of parties beyond the application."""
    return tuple(each["reference"] for each in state.get("parties", ()))


def superseded(state: CaseState) -> tuple[Superseded, ...]:
    """Earlier findings, oldest first."""
    return tuple(
        Superseded(Finding.model_validate(each["finding"]), each["cause"]["kind"])
        for each in state.get("superseded", ())
    )


async def hour_of(state: CaseState, number: int, now: datetime) -> datetime:
    """``as_of`` of a round: now; in a what-if copy the original's hour, unless records have come since then.

    So that the copy asks what the original asked, and its answers are recalled.
    """
    then = state.get("hours", {}).get(str(number))
    if then is not None and await arrived_by(state, then) == await arrived_by(state):
        return datetime.fromisoformat(then)
    return now


async def arrived_by(state: CaseState, moment: str | None = None) -> dict[str, int]:
    """How many records of each kind the case and its ancestors have, or had at a moment (ISO 8601)."""
    here = services()
    lineage = (state["case_id"], *await here.cases.ancestors(state["case_id"]))
    return await here.records.counts(lineage, datetime.fromisoformat(moment) if moment else None)


def disagreements(book: InForce, state: CaseState) -> tuple[Dissent, ...]:
    """Facts on which findings disagree, settled or open."""
    return dissents(findings(state), superseded(state), book.rules.reconcile)


def open_gaps(state: CaseState) -> tuple[Gap, ...]:
    """Every gap of the newest findings that no known fact closed since."""
    return tuple(gap for finding in findings(state).values() for gap in finding.gaps)


def held(state: CaseState) -> tuple[Flag, ...]:
    """Flags that hold the case and that compliance has not released.

    A hold that was raised before work became due again stands when that work was tried and nothing came back.
    """
    newest, released = findings(state), frozenset(state.get("released", ()))
    failed = [each.finding for each in superseded(state) if _left_open(each.finding, state)]
    flags = (flag for finding in (*newest.values(), *failed) for flag in finding.flags if flag.hold)
    return tuple(flag for flag in flags if release_of(flag) not in released)


def release_of(flag: Flag) -> str:
    """Under which name the state keeps that compliance dealt with exactly this flag."""
    return digest(flag.model_dump(mode="json"))


def holds(state: CaseState) -> tuple[str, ...]:
    """Details of what holds the case."""
    return tuple(dict.fromkeys(flag.detail for flag in held(state)))


def _left_open(finding: Finding, state: CaseState) -> bool:
    job = finding.specialist
    return job in state.get("tried", {}) and job not in state.get("findings", {})


def decision(state: CaseState) -> Decision:
    """What policy concluded."""
    return Decision.model_validate(state["decision"])


def fact(value: Fact, unit: str, source: str) -> KnownFact:
    """One known fact."""
    return KnownFact(value=value, unit=unit, source=source)
