"""Forks: a what-if copy of a case from one of its moments, as a case of its own that is marked a simulation.

Reads the original without a lease and writes to the copy only. The copy reads through to its parent's journal
and records; nobody is asked about it, standing authority is not used for it, and effects refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from langgraph.types import StateSnapshot

from audit.events import CaseOpened
from audit.time_travel import CaseForked
from checkpoints.database import Connection
from checkpoints.lease import take
from checkpoints.ledger import OPS
from checkpoints.saver import CaseSaver
from domain.case import Case, CaseStatus
from domain.decision import Verb
from domain.errors import BadInput, Conflict
from domain.finding import Fact
from domain.person import Person
from graphs.services import Services
from graphs.time_machine.moments import at_moment, snapshots
from graphs.time_machine.supposing import Supposed, suppose
from graphs.worker import book_of
from policies.book import Book

FORGOTTEN: dict[str, Any] = {  # what a copy must find out again
    "plan": {},
    "assignments": [],
    "awaiting": [],
    "pending": {},
    "said": None,
    "decision": {},
    "standing": None,
    "authorised": [],
    "effects": [],
    "unmet": [],
    "held": {},
    "shut": {},
    "releases": {},
    "missing": [],
    "outcome": None,
}
BOUNDARIES = ("compliance", "offer", "exceptions")
GOES_ON_AFTER = {  # by graph; the supervisor plans anew
    "register_review": "review",
    "policy_change": "weigh",
    "unwinding": "plan_unwinding",
}


MAY_BE_SUPPOSED = (
    Verb.APPROVE,
    Verb.REJECT,
    Verb.OVERRIDE,
)  # the others ask again, and nobody answers a copy


@dataclass(frozen=True, slots=True)
class Instead:
    """What is supposed beside facts: another version of the book, another model, what people decide by boundary."""

    policy: str | None = None
    model: str | None = None
    decisions: dict[str, str] = field(default_factory=dict)


AS_IT_WAS = Instead()


async def fork(
    services: Services,
    person: Person,
    case_id: str,
    number: int,
    changes: dict[str, Fact],
    instead: Instead = AS_IT_WAS,
) -> Case:
    """A what-if copy from one moment with something changed; it is planned and decided anew from there.

    Everything that rests on a changed fact is found out again; everything else is taken from the original,
    whose answers are recalled and not asked for again. Under another model, or under a book with other parameters,
    all work is done again from when the case was opened. A runner moves the copy to its next boundary or end.

    Raises:
        BadInput: a fact that was not known then or is a term of the application, or a value it cannot have; a book
            of another kind; a model where none is configured; a decision that cannot be supposed.
        Conflict: the case was not opened by a runner yet.
        NotFound: no such case, moment or book, or its key was destroyed.
    """
    parent = await services.cases.get(case_id)
    found = await snapshots(services, parent)
    at_moment(found, number, case_id)
    _require_possible(services, instead)
    book = await _book(services, parent, instead)
    anew = await _all_anew(parent, instead, book)
    known = _first_known(found[0 if anew else number - 1 :], case_id)
    start = suppose(known, Supposed(changes, book.on(parent.application_date).decision.inputs))
    supposed = _beside_facts(known.get("supposed", {}), instead, anew)
    start |= FORGOTTEN | {"hours": _hours(found), "supposed": supposed}
    application = await services.cases.application(case_id)
    async with services.database.transaction() as connection:
        nth = await services.cases.count_forks(connection, case_id) + 1
        copy = _copy(parent, person, nth).model_copy(update={"policy_version": book.version})
        await _begin(services, copy, start)
        await services.vault.open_case(connection, copy.id, key_of=case_id)
        await services.cases.insert(connection, copy, application)
        forked = CaseForked(fork=copy.id, moment=number, changes=changes, **asdict(instead))
        await _recorded(services, connection, copy, forked)
        await services.jobs.defer_advance(connection, copy.id)
    return copy


def _require_possible(services: Services, instead: Instead) -> None:
    if instead.model is not None and not services.crew.models:
        remedy = "set COUNTERSIGN_MODEL__BASE_URL, or leave it out"
        raise BadInput("no model is configured, so none can be supposed", field="model", remedy=remedy)
    for boundary, verb in instead.decisions.items():
        if verb not in MAY_BE_SUPPOSED or boundary not in BOUNDARIES:
            remedy = f"{' or '.join(BOUNDARIES)}, and one of {', '.join(MAY_BE_SUPPOSED)}"
            raise BadInput(f"{boundary}={verb} cannot be supposed", field="decide", remedy=remedy)


async def _book(services: Services, parent: Case, instead: Instead) -> Book:
    book = await services.books.pinned(instead.policy or parent.policy_version)
    if book.rules.kind != parent.kind:
        raise BadInput(
            f"{book.version} is no book for {parent.kind}",
            field="policy",
            remedy=f"a version of {parent.kind}",
        )
    return book


async def _all_anew(parent: Case, instead: Instead, book: Book) -> bool:
    """Whether work rests on what is supposed: a model did it, or calculators read the book's parameters."""
    before = await book_of(parent.id)
    return instead.model is not None or before.parameters != book.on(parent.application_date).parameters


def _beside_facts(before: Mapping[str, Any], instead: Instead, anew: bool) -> dict[str, Any]:
    """As the copy's state keeps it, on what a copied copy supposed; under other parameters nothing is recalled."""
    supposed = {**before, "decisions": {**before.get("decisions", {}), **instead.decisions}}
    if instead.model is not None:
        supposed["model"] = instead.model
    elif anew:
        supposed["attempt"] = before.get("attempt", 1) + 1
    return supposed


def _first_known(found: list[StateSnapshot], case_id: str) -> dict[str, Any]:
    """The state of the moment, or of the first after it at which the case was opened: nothing is known before."""
    for each in found:
        if "facts" in each.values:
            return dict(each.values)
    raise Conflict(f"case {case_id} knows nothing yet: fork it when it was opened")


def _hours(found: list[StateSnapshot]) -> dict[str, str]:
    """When the original did each round; a copy of a copy keeps what it was given."""
    hours: dict[str, str] = {}
    for each in found:
        hours |= each.values.get("hours", {})
        hours |= {
            str(each.values["plan"]["round"]): given["as_of"] for given in each.values.get("assignments", ())
        }
    return hours


def _copy(parent: Case, person: Person, n: int) -> Case:
    return parent.model_copy(
        update={
            "id": f"{parent.id}-fork-{n}",
            "status": CaseStatus.OPEN,
            "maker": person.id,
            "simulation": True,
            "parent": parent.id,
            "outcome": None,
        }
    )


async def _begin(services: Services, copy: Case, start: dict[str, Any]) -> None:
    """Write the copy's first checkpoint, before its row: a thread without a case is nothing to anybody."""
    lease = await take(services.database, copy.id, "fork", services.clock)
    saver = CaseSaver(services.database.pool, lease)
    await saver.adelete_thread(copy.id)  # of a fork that failed half-way under the same number
    graph = services.workflows.of(copy).graph.copy(update={"checkpointer": saver})
    await begin(graph, {"configurable": {"thread_id": copy.id}}, start | {"case_id": copy.id})


async def begin(graph: Any, config: dict[str, Any], start: dict[str, Any]) -> None:
    """Write the first checkpoint of a copy, so that it goes on from there."""
    await graph.aupdate_state(config, start, as_node=GOES_ON_AFTER.get(graph.name, "collect_findings"))


async def _recorded(services: Services, connection: Connection, copy: Case, forked: CaseForked) -> None:
    """On the copy's own ledger and among operations; the original's ledger does not move."""
    opened = CaseOpened(
        case_kind=copy.kind,
        policy_version=copy.policy_version,
        workflow=copy.workflow,
        application_date=copy.application_date.isoformat(),
        content_digest=copy.content_digest,
        parent=copy.parent,
    )
    await services.ledger.append(connection, copy.id, "intake", opened, copy.maker)
    await services.ledger.append(connection, copy.id, "fork", forked, copy.maker)
    await services.ledger.append(connection, OPS, copy.id, forked, copy.maker)
