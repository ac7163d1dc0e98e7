"""A specialist's session over the real journal, vault and ledger, without the graphs around it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agents.roster import ROSTER
from api.demo.stories import routine
from checkpoints.lease import take
from domain.assignment import Assignment, Mandate
from domain.clock import Clock
from graphs.lease import CURRENT
from graphs.services import Services
from graphs.sessions import OpenSession, open_session
from tests.fakes.casework import open_story


async def session_of(
    services: Services, clock: Clock, job: str, case_id: str | None = None, **bounds: Any
) -> OpenSession:
    """A session under a mandate with these bounds; of a new routine case unless one is given."""
    case_id = case_id or await open_story(services, routine(clock.now().date()))
    CURRENT.set(await take(services.database, case_id, "test", clock))
    specialist = ROSTER[job]
    allowed: dict[str, Any] = {
        "tools": frozenset(specialist.tools),
        "records": frozenset(specialist.records),
        "parameters": dict(services.books.seed("home_loan").on(clock.now().date()).parameters),
    }
    given = Assignment(
        id=f"r1.{specialist.worker}",
        case_id=case_id,
        worker=specialist.worker,
        specialists=(job,),
        objective="test",
        inputs={},
        parties=("party:1",),
        boundaries=(),
        expected=specialist.provides,
        as_of=clock.now(),
        deadline=clock.now() + timedelta(hours=1),
        mandate=Mandate(**(allowed | bounds)),
    )
    return await open_session(given, job)
