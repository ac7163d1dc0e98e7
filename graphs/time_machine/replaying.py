"""Exact replay: a case carried out again in memory from its record, each event held against the one on record.

Asks no model and no tool, performs no effect and writes nothing: what would is a ``Divergence``, and the first one
ends the replay. People, records and timers are done again where they stand in the record.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from checkpoints.database import Lease
from checkpoints.saver import PlainSerializer
from domain.errors import Divergence
from graphs.advance import STEPS, Runner
from graphs.catalog import WORKFLOWS
from graphs.lease import CURRENT
from graphs.services import using
from graphs.time_machine.fork import begin
from graphs.time_machine.past import RecordEnds
from graphs.time_machine.record import CaseRecord
from graphs.time_machine.stage import Stage, staged
from graphs.workflows import Workflows


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to.

    Args:
        events: of steps, that were told again as they are on record.
        streams: of the case, its assignments and their specialists.
        answers: journaled answers that stood in for models and tools.
        effects: effects on record that stood in for performing them.
        divergence: the first one; nothing when all is identical.
    """

    case_id: str
    policy_version: str
    events: int
    streams: int
    answers: int
    effects: int
    divergence: dict[str, Any] | None = None

    @property
    def identical(self) -> bool:
        """Whether everything on record came out again."""
        return self.divergence is None

    def told(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"identical": self.identical, **asdict(self)}


async def replay(record: CaseRecord, workflows: Workflows = WORKFLOWS) -> Replayed:
    """Carry the case out again by the versions of its workflow that it is pinned to and was.

    Raises:
        BadInput: the record is not as it was written.
    """
    record.require_intact()
    stage = await staged(record, workflows)
    divergence: dict[str, Any] | None = None
    try:
        with suppress(RecordEnds):
            await _carried_out(record, stage)
        stage.past.require_all_met()
    except Divergence as error:
        divergence = {"message": error.message, **error.attributes}
    return Replayed(
        case_id=record.case.id,
        policy_version=record.case.policy_version,
        events=stage.past.met,
        streams=stage.past.streams,
        answers=sum(each.response is not None for each in record.calls),
        effects=len(record.outside),
        divergence=divergence,
    )


async def _carried_out(record: CaseRecord, stage: Stage) -> None:
    saver, services, case_id = InMemorySaver(serde=PlainSerializer()), stage.services, record.case.id
    config = {"configurable": {"thread_id": case_id}, "recursion_limit": STEPS, "run_name": record.case.kind}
    runner = Runner(services, "replay")
    token = CURRENT.set(Lease(case_id, 1))
    try:
        with using(services):
            await stage.past.begin()
            go = True
            while go:
                case = await services.cases.get(case_id)  # it may have been migrated meanwhile
                graph = services.workflows.of(case).graph.copy(update={"checkpointer": saver})
                if record.start is not None and (await graph.aget_state(config)).created_at is None:
                    await begin(graph, config, record.start)
                given, go = await runner.given(graph, config, case)
                if go:
                    await runner.run(graph, given, config)
    finally:
        CURRENT.reset(token)
