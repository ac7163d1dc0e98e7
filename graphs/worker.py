"""What worker graphs share: accept an assignment, let one specialist work, hand its finding over with a receipt.

Worker graphs never interrupt and never wait; they return findings, with ``hold`` flags where a person is
needed. A node may run again: the journal gives the same answers and the ledger appends nothing twice.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, NotRequired, Protocol

from typing_extensions import TypedDict

from agents.contract import Specialist
from agents.prompt import read_prompt
from agents.roster import ROSTER
from agents.work import work
from audit.events import AssignmentOpened, FindingReturned
from checkpoints.session import Session
from domain.assignment import Assignment, PlanStep
from domain.autonomy import Level
from domain.canonical import digest
from domain.finding import Fact, Finding, Receipt
from domain.party import COMPANY
from graphs.autonomy import level_at_work
from graphs.lease import lease_for
from graphs.mandates import Setting, assignment, for_specialist, outcomes
from graphs.sealing import seal
from graphs.services import services
from graphs.sessions import open_session
from policies.book import InForce


def merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Reducer: findings of parallel specialists side by side."""
    return {**left, **right}


class HandOff(TypedDict):
    """A finding with its receipt, as plain JSON; beside it which models answered under which prompt (digest)."""

    finding: dict[str, Any]
    receipt: dict[str, Any]
    models: NotRequired[list[str]]
    prompt: NotRequired[str]


class Delegated(TypedDict):
    """What the supervisor sends a worker."""

    case_id: str
    assignment: dict[str, Any]


class WorkerInput(TypedDict):
    """What a worker needs: a case, and its assignment; from the dev server's form the case is enough."""

    case_id: str
    assignment: NotRequired[dict[str, Any]]


class WorkerState(WorkerInput):
    """``assignment`` is written by the supervisor or by ``accept``; ``findings`` by specialist."""

    findings: Annotated[dict[str, HandOff], merged]


class Node(Protocol):
    """A node of a worker graph."""

    async def __call__(self, state: WorkerState) -> dict[str, Any]:
        """Run it."""


def accept(worker: str) -> Node:
    """The first node of a worker: records the assignment; makes one for all its specialists if none came."""

    async def accept_assignment(state: WorkerState) -> dict[str, Any]:
        given = state.get("assignment")
        whole = Assignment.model_validate(given) if given else await _whole(worker, state["case_id"])
        async with services().database.transaction(await lease_for(whole.case_id)) as connection:
            event = AssignmentOpened(
                worker=worker,
                specialists=whole.specialists,
                mandate_digest=digest(plain(whole)["mandate"]),
                deadline=whole.deadline.isoformat(),
            )
            await services().ledger.append(connection, whole.case_id, whole.id, event)
        return {"assignment": plain(whole), "findings": {}}

    return accept_assignment


def specialist(job: str) -> Node:
    """A node that lets one specialist work, if the assignment names it."""

    async def specialise(state: WorkerState) -> dict[str, Any]:
        whole = Assignment.model_validate(state["assignment"])
        if job not in whole.specialists:
            return {}
        chosen = ROSTER[job]
        book = await book_of(whole.case_id)
        level = await level_at_work(book, job)
        part = for_specialist(whole, chosen, book, _facts(state), shadow=level is Level.SHADOW)
        opened = await open_session(part, job)
        table = partial(outcomes, book, part.inputs)
        finding = await work(services().crew, chosen, opened.session, opened.context, opened.blocked, table)
        if chosen.audience == "compliance":
            finding = await seal(opened.session, finding)
        event = _returned(finding, opened.session, chosen, level)
        await opened.session.record("finding", event)
        receipt = Receipt.of(finding, f"{whole.worker}@{whole.id}")
        hand_off = HandOff(
            finding=finding.model_dump(mode="json"),
            receipt=receipt.model_dump(),
            models=list(opened.session.answered_by.get(event.prompt_digest, ())),
            prompt=event.prompt_digest,
        )
        return {"findings": {job: hand_off}}

    return specialise


def plain(given: Assignment) -> dict[str, Any]:
    """An assignment as plain JSON with sets in order."""
    dumped = given.model_dump(mode="json")
    for name in ("tools", "records", "regions"):
        dumped["mandate"][name] = sorted(dumped["mandate"][name])
    return dumped


async def book_of(case_id: str) -> InForce:
    """The book that a case is pinned to, as in force on its application date."""
    case = await services().cases.get(case_id)
    return (await services().books.pinned(case.policy_version)).on(case.application_date)


async def _whole(worker: str, case_id: str) -> Assignment:
    case = await services().cases.get(case_id)
    book = await book_of(case_id)
    jobs = book.rules.workers.get(worker, ())
    application = await services().cases.application(case_id)
    parties = tuple(f"party:{n}" for n, _ in enumerate(application.get("borrowers", ()), 1))
    beyond = (COMPANY,) if application.get("company") else ()
    setting = Setting(case, book, {}, parties, 0, services().clock.now(), found=beyond)
    covers = tuple(fact for job in jobs for fact in ROSTER[job].provides)
    step = PlanStep(worker=worker, specialists=jobs, covers=covers, reason="asked for directly")
    return assignment(setting, step)


def _facts(state: WorkerState) -> dict[str, Fact]:
    """What colleagues found, from findings whose receipt covers them."""
    facts: dict[str, Fact] = {}
    for hand_off in state.get("findings", {}).values():
        finding = Finding.model_validate(hand_off["finding"])
        if Receipt.model_validate(hand_off["receipt"]).covers(finding):
            facts |= {figure.name: figure.value for figure in finding.figures}
    return facts


def _returned(finding: Finding, session: Session, chosen: Specialist, level: Level) -> FindingReturned:
    prompt = read_prompt(chosen.prompt_file).digest
    return FindingReturned(
        specialist=finding.specialist,
        finding_digest=digest(finding.model_dump(mode="json")),
        produced_by=finding.produced_by,
        degraded=finding.degraded,
        gaps=tuple(gap.code for gap in finding.gaps),
        holds=tuple(flag.code for flag in finding.flags if flag.hold),
        models=session.answered_by.get(prompt, ()),
        prompt_digest=prompt,
        confidence_bps=finding.confidence_bps,
        answers=finding.answers,
        autonomy=level,
    )
