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
from graphs.catalog import case_graph
from graphs.lease import CURRENT
from graphs.services import using
from graphs.time_machine.fork import begin
from graphs.time_machine.past import RecordEnds
from graphs.time_machine.record import CaseRecord
from graphs.time_machine.stage import Stage, staged


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


async def replay(record: CaseRecord, graph: Any = None) -> Replayed:
    """Carry the case out again, by the graph that it ran on or by another one.

    Raises:
        BadInput: the record is not as it was written.
    """
    record.require_intact()
    stage = await staged(record)
    divergence: dict[str, Any] | None = None
    try:
        with suppress(RecordEnds):
            await _carried_out(record, stage, graph or case_graph(record.case.kind))
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


async def _carried_out(record: CaseRecord, stage: Stage, of_case: Any) -> None:
    case = record.case
    graph = of_case.copy(update={"checkpointer": InMemorySaver(serde=PlainSerializer())})
    config = {"configurable": {"thread_id": case.id}, "recursion_limit": STEPS, "run_name": case.kind}
    runner = Runner(stage.services, "replay")
    token = CURRENT.set(Lease(case.id, 1))
    try:
        with using(stage.services):
            await stage.past.begin()
            if record.start is not None:
                await begin(graph, config, record.start)
            given, go = await runner.given(graph, config, case)
            while go:
                await runner.run(graph, given, config)
                given, go = await runner.given(graph, config, case)
    finally:
        CURRENT.reset(token)
