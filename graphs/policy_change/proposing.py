"""Opens the governed case of a change of policy: a candidate, the report of its simulation, and what was acknowledged.

Owns who may propose, and what a proposal must bring. Publishes nothing and asks nobody: the case does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from audit.events import AttemptRefused, CaseOpened
from audit.policy import PolicyProposed
from checkpoints.answers import require_reason
from checkpoints.database import Connection
from checkpoints.ledger import OPS
from checkpoints.proposals import Proposal, Proposals, sha256
from domain.canonical import digest
from domain.case import Case, CaseStatus
from domain.errors import BadInput, Conflict, CountersignError, Forbidden
from domain.person import Person
from graphs.policy_change.report import Report
from graphs.services import Services
from policies.book import Book
from policies.citations import digest_of

KIND = "policy_change"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to come into force, and on which report.

    Args:
        action: a new version, or one that was in force before.
        candidate: as the loader took it.
        report: of its simulation, made just now.
        acknowledges: digest of the rows whose source is not primary; whoever proposes has read them.
        reason: why, in a sentence.
    """

    action: Literal["publish", "rollback"]
    candidate: Book
    report: Report
    acknowledges: str | None
    reason: str


async def propose(here: Services, person: Person, wish: Wish) -> Case:
    """Open the case; a refusal is recorded among operations.

    Raises:
        BadInput: no reason, or rows whose source is not primary are not acknowledged.
        Forbidden: the person may not propose.
        Conflict: it is in force already, is proposed already, or the live book moved since the simulation.
    """
    try:
        return await _opened(here, person, wish)
    except CountersignError as error:
        key = f"policy/{wish.candidate.version}/{person.id}/{here.clock.now().isoformat()}"
        event = AttemptRefused(action="propose", target=wish.candidate.version, reason=error.message)
        await here.ledger.record(OPS, key, event, person.id)
        raise


async def require_proposer(here: Services, person: Person) -> Book:
    """The book of changes, for somebody whom it lets propose; ``Forbidden`` for everybody else."""
    book = await here.books.current(KIND)
    rows = book.on(here.clock.now().date()).parameters["may_propose"]
    groups = [str(row["group"]) for row in rows] if isinstance(rows, list) else []
    if not person.groups & set(groups):
        raise Forbidden(f"a change of policy is proposed by {' or '.join(groups)}")
    return book


async def _opened(here: Services, person: Person, wish: Wish) -> Case:
    book = await require_proposer(here, person)
    require_reason(wish.reason)
    _require_acknowledged(wish)
    live, n = await here.books.live(wish.candidate.rules.kind)
    if wish.candidate.version == live.version:
        raise Conflict(f"{live.version} is in force already")
    if (wish.report.live, wish.report.candidate) != (live.version, wish.candidate.version):
        raise Conflict(
            f"the report compares {wish.report.candidate} with {wish.report.live}, and {live.version} is in force",
            remedy="simulate the candidate again",
        )
    proposal = _proposal(here, person, wish, (live, n))
    case = _case(book, proposal).model_copy(update={"workflow": here.workflows.newest(KIND).id})
    async with here.database.transaction() as connection:
        await Proposals.require_new(connection, wish.candidate)
        await here.vault.open_case(connection, case.id)
        await here.cases.insert(connection, case, _application(proposal))
        await Proposals.keep(connection, proposal)
        await _recorded(here, connection, case, proposal)
        await here.jobs.defer_advance(connection, case.id)
    return case


def _proposal(here: Services, person: Person, wish: Wish, replaced: tuple[Book, int]) -> Proposal:
    (live, n), now = replaced, here.clock.now()
    return Proposal(
        case_id=f"{KIND}-{digest([person.id, wish.candidate.version, now.isoformat()])[:12]}",
        kind=live.rules.kind,
        action=wish.action,
        version=wish.candidate.version,
        source=wish.candidate.source,
        source_sha256=sha256(wish.candidate.source),
        replaces=live.version,
        replaces_n=n,
        report=wish.report.model_dump(mode="json"),
        report_digest=wish.report.digest,
        not_primary=digest_of(wish.report.not_primary),
        reason=wish.reason,
        proposed_by=person.id,
        proposed_at=now,
    )


def _application(proposal: Proposal) -> dict[str, str]:
    """What stands where other cases have what was applied for; it names nobody."""
    return {
        "kind": KIND,
        "product": proposal.kind,
        "application_date": proposal.proposed_at.date().isoformat(),
        "version": proposal.version,
        "report_digest": proposal.report_digest,
    }


def _case(book: Book, proposal: Proposal) -> Case:
    return Case(
        id=proposal.case_id,
        kind=KIND,
        status=CaseStatus.OPEN,
        policy_version=book.version,
        application_date=proposal.proposed_at.date(),
        opened_at=proposal.proposed_at,
        maker=proposal.proposed_by,
        product=proposal.kind,
        content_digest=digest(_application(proposal)),
    )


def _require_acknowledged(wish: Wish) -> None:
    rows = wish.report.not_primary
    if not rows or wish.acknowledges == digest_of(rows):
        return
    first = "; ".join(f"{each.where} ({each.status})" for each in rows[:3])
    raise BadInput(
        f"{len(rows)} rows rest on a source that is not primary: {first}{', …' if len(rows) > 3 else ''}",
        field="acknowledges",
        remedy=f"read them all in the simulation, then acknowledge exactly them: {digest_of(rows)}",
    )


async def _recorded(here: Services, connection: Connection, case: Case, proposal: Proposal) -> None:
    opened = CaseOpened(
        case_kind=case.kind,
        policy_version=case.policy_version,
        workflow=case.workflow,
        application_date=case.application_date.isoformat(),
        content_digest=case.content_digest,
    )
    proposed = PolicyProposed(
        book=proposal.kind,
        action=proposal.action,
        version=proposal.version,
        source_sha256=proposal.source_sha256,
        replaces=proposal.replaces,
        report_digest=proposal.report_digest,
        not_primary=proposal.not_primary,
        reason=proposal.reason,
    )
    await here.ledger.append(connection, case.id, "intake", opened, case.maker)
    await here.ledger.append(connection, case.id, "proposal", proposed, case.maker)
    await here.ledger.append(connection, OPS, f"policy/{case.id}", proposed, case.maker)
