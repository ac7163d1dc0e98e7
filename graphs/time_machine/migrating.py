"""Migration: a case that waits goes on by another version of its workflow, on a person's word, after a preview.

Nothing migrates by itself. What was done stays done; only the steps that follow are those of the other version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from audit.time_travel import CaseMigrated
from checkpoints.answers import require_reason
from checkpoints.cases import Cases
from checkpoints.lease import take
from domain.case import Case, CaseStatus
from domain.errors import Conflict
from domain.person import Person
from graphs.services import Services
from graphs.time_machine.moments import coming, snapshots
from graphs.time_machine.record import read_record
from graphs.time_machine.replaying import replay
from graphs.workflows import Only, Workflow

ENDED = (CaseStatus.CLOSED, CaseStatus.REFERRED)


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration would do.

    Args:
        stands_at: what comes next, in plain words.
        new_steps: of the other version; the case takes them where its way leads there.
        gone_steps: of the present version that the other one has not.
        changed_ways: edges that only one of the two has.
        diverges: where the record, replayed by the other version from the start, first differs; nothing when it
            comes out the same, so that the other version changes nothing of what was done.
        obstacle: why it cannot be migrated; nothing when it can.
    """

    case_id: str
    from_workflow: str
    to_workflow: str
    stands_at: tuple[str, ...]
    new_steps: tuple[str, ...]
    gone_steps: tuple[str, ...]
    changed_ways: tuple[str, ...]
    diverges: str | None
    obstacle: str | None


async def preview(services: Services, case_id: str, version: int) -> Migration:
    """What migrating would do; changes nothing.

    Raises:
        BadInput: there is no such version.
        NotFound: no such case.
    """
    case = await services.cases.get(case_id)
    now, then = services.workflows.of(case), services.workflows.version(case, version)
    found = await snapshots(services, case)
    waits = found[-1].next if found else ()
    before, after = _steps(now), _steps(then)
    return Migration(
        case_id=case_id,
        from_workflow=now.id,
        to_workflow=then.id,
        stands_at=coming(case, found[-1]) if found else (),
        new_steps=tuple(sorted(after - before)),
        gone_steps=tuple(sorted(before - after)),
        changed_ways=tuple(sorted(_ways(now) ^ _ways(then))),
        diverges=await _diverges(services, case, then),
        obstacle=_obstacle(case, (now, then), waits),
    )


async def migrate(services: Services, person: Person, case_id: str, version: int, reason: str) -> Migration:
    """Pin the case to the other version, beside its event, and wake it; what was done.

    The lease is taken first: a runner that has the case writes nothing any more, and whoever comes next goes on by
    the other version.

    Raises:
        BadInput: no reason, or no such version.
        Conflict: it cannot be migrated; says why.
    """
    require_reason(reason)
    lease = await take(services.database, case_id, "migration", services.clock)
    seen = await preview(services, case_id, version)
    if seen.obstacle is not None:
        raise Conflict(f"case {case_id} cannot be migrated: {seen.obstacle}")
    event = CaseMigrated(from_workflow=seen.from_workflow, to_workflow=seen.to_workflow, reason=reason)
    async with services.database.transaction(lease) as connection:
        await Cases.set_workflow(connection, case_id, seen.to_workflow)
        key = f"migration/{services.clock.now().isoformat()}"
        await services.ledger.append(connection, case_id, key, event, person.id)
        await services.jobs.defer_advance(connection, case_id)
    return seen


def _obstacle(case: Case, versions: tuple[Workflow, Workflow], waits: Iterable[str]) -> str | None:
    now, then = versions
    if case.status in ENDED:
        return f"it is {case.status} already"
    if now.id == then.id:
        return f"it is on {now.id} already"
    gone = [name for name in waits if name not in then.graph.builder.nodes]
    return f"it stands before {', '.join(gone)}, which {then.id} does not have" if gone else None


async def _diverges(services: Services, case: Case, then: Workflow) -> str | None:
    came = await replay(await read_record(services, case.id), Only(then))
    return None if came.divergence is None else str(came.divergence["message"])


def _steps(workflow: Workflow) -> set[str]:
    return {name for name, step in workflow.graph.builder.nodes.items() if not step.is_error_handler}


def _ways(workflow: Workflow) -> set[str]:
    drawn: Any = workflow.graph.get_graph()
    return {f"{each.source} → {each.target}" for each in drawn.edges}
