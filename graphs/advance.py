"""Advances a case: takes its lease, looks where it stands, and runs its graph to the next stop.

Starts what never ran, finishes what crashed, and resumes an interrupt only when what it waits for is
settled by the desk, the warehouse or a timer. Goes on only from what is as the record says it was left. Safe to
call at any time, by any runner, any number of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from langgraph.types import Command

from checkpoints.database import Lease
from checkpoints.halts import require_running
from checkpoints.lease import take
from checkpoints.saver import CaseSaver
from domain.approval import ApprovalStatus
from domain.case import ENDED, Case
from domain.chat import CHAT
from domain.errors import Halted, RecordChanged, StaleWriter
from graphs.advisor.holding import settle_held
from graphs.approval import supposes
from graphs.lease import CURRENT
from graphs.model_watch import MODELS, watch_models
from graphs.on_record import anchor_what_ended, on_record, stamp_what_ended, stand_still
from graphs.services import Services
from graphs.supervisor.waiting import more_than
from graphs.watch import watch

log = structlog.get_logger(__name__)
STEPS = 200  # of one advance; the book's rounds bound the loop long before


@dataclass(frozen=True, slots=True)
class Runner:
    """One runner: its name stands on leases."""

    services: Services
    name: str

    async def advance(self, case_id: str) -> None:
        """Move the case as far as it goes; gives up quietly when another runner took it over.

        ``MODELS`` is no case: it is when the models are looked at.
        """
        if case_id == MODELS:
            await watch_models(self.services)
            return
        case = await self.services.cases.get(case_id)
        if case.status in ENDED:
            await stamp_what_ended(self.services, case_id, self.name)
            return
        if await self._halted(case_id):
            return
        lease = await take(self.services.database, case_id, self.name, self.services.clock)
        saver = CaseSaver(self.services.database.pool, lease)
        graph = self.services.workflows.of(case).graph.copy(update={"checkpointer": saver})
        config = {"configurable": {"thread_id": case_id}, "recursion_limit": STEPS, "run_name": case.kind}
        token = CURRENT.set(lease)
        try:
            async with on_record(self.services, lease):
                await self._go_on(graph, config, case, lease)
            await anchor_what_ended(self.services, case_id)
        except Halted as error:
            log.info("case_halted", case_id=case_id, target=error.attributes.get("target"))
        except StaleWriter:
            log.info("case_taken_over", case_id=case_id, runner=self.name, epoch=lease.epoch)
        except RecordChanged as error:
            await stand_still(self.services, case_id, error)
        finally:
            CURRENT.reset(token)

    async def _go_on(self, graph: Any, config: dict[str, Any], case: Case, lease: Lease) -> None:
        """From where the case stands to its next stop, if there is anything to go on with."""
        if case.kind == CHAT:
            await settle_held(case.id, lease)
        await self._move(graph, config, case)

    async def _halted(self, case_id: str) -> bool:
        """Whether the case stands still: it is not even looked at, and woken when resumed."""
        try:
            await require_running(self.services.database, case_id)
        except Halted:
            log.info("case_halted", case_id=case_id)
            return True
        return False

    async def run(self, graph: Any, given: Any, config: dict[str, Any]) -> None:
        """Run the graph to its next stop."""
        await graph.ainvoke(given, config, durability="sync")

    async def _move(self, graph: Any, config: dict[str, Any], case: Case) -> None:
        """To the next stop; a copy on from each boundary of which it supposes what people decide."""
        given, go = await self.given(graph, config, case)
        while go:
            with watch(case, first=isinstance(given, dict)):
                await self.run(graph, given, config)
            if not case.simulation:
                return
            given, go = await self.given(graph, config, case)

    async def given(self, graph: Any, config: dict[str, Any], case: Case) -> tuple[Any, bool]:
        """What the graph is given to go on with, and whether there is anything to do."""
        state = await graph.aget_state(config)
        if case.kind == CHAT and not state.tasks:
            return await self._said(case.id)
        if state.created_at is None:
            return {"case_id": case.id}, True
        if state.interrupts:
            pending = state.interrupts[0]
            settled = await self._settled(pending.value, state.values)
            return Command(resume={pending.id: "wake up"}), settled
        return None, bool(state.tasks)  # ``next`` hides a crash right after the input was written

    async def _said(self, thread: str) -> tuple[Any, bool]:
        """The message of a thread at rest that waits for its answer, if there is one."""
        turn = await self.services.chats.unanswered(thread)
        if turn is None:
            return None, False
        message = {"type": "human", "id": f"t{turn.n}.q", "content": turn.message}
        return {"case_id": thread, "turn": turn.n, "messages": [message]}, True

    async def _settled(self, waits_for: dict[str, Any], state: Mapping[str, Any]) -> bool:
        if "approval_id" in waits_for:
            request = await self.services.desk.get(waits_for["approval_id"])
            if request.status is ApprovalStatus.SIMULATED:
                return supposes(state, request.boundary) is not None
            return request.status is not ApprovalStatus.PENDING
        case_id = waits_for["case_id"]
        if await self.services.timers.fired(case_id, waits_for["timer"]):
            return True
        if "release" in waits_for:
            request = await self.services.desk.get(waits_for["release"])
            return request.status is not ApprovalStatus.PENDING
        if "conditions" in waits_for and await self.services.waivers.granted(case_id):
            return True
        lineage = (case_id, *await self.services.cases.ancestors(case_id))
        return more_than(waits_for["awaits"], await self.services.records.counts(lineage))
