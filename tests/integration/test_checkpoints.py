"""What a checkpoint may hold: plain JSON and LangGraph's own control types; never an object, never a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Send

from checkpoints.lease import take
from checkpoints.saver import CaseSaver, PlainSerializer
from domain.clock import SetClock
from domain.finding import Gap
from graphs.services import Services

SERIALIZER = PlainSerializer()
GAP = Gap(code="missing:valuation", detail="no valuation", needs="valuation")


@dataclass
class Smuggled:
    """A type of nobody's list."""

    value: int


@pytest.mark.parametrize("value", [GAP, Smuggled(1), {"deep": [GAP]}, {1: "a key that is no text"}, {1, 2}])
def test_an_object_in_state_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="plain JSON only"):
        SERIALIZER.dumps_typed(value)


@pytest.mark.parametrize("value", [{"a": [1, "x", None, True, 2.5]}, Send("mortgage", {"case_id": "c"})])
def test_plain_state_and_control_types_come_back_as_they_were(value: Any) -> None:
    assert SERIALIZER.loads_typed(SERIALIZER.dumps_typed(value)) == value


def test_an_object_that_got_in_another_way_is_not_revived() -> None:
    written = JsonPlusSerializer().dumps_typed(Smuggled(1))
    assert not isinstance(SERIALIZER.loads_typed(written), Smuggled)


def test_of_an_error_only_its_kind_is_kept() -> None:
    kept = SERIALIZER.loads_typed(SERIALIZER.dumps_typed(ValueError("Avery Demo Quill was here")))
    assert kept == "ValueError"


async def test_a_checkpoint_with_an_object_writes_nothing(services: Services, clock: SetClock) -> None:
    lease = await take(services.database, "case-1", "test", clock)
    config: Any = {"configurable": {"thread_id": "case-1", "checkpoint_ns": ""}}
    checkpoint = empty_checkpoint() | {"channel_values": {"facts": GAP}, "channel_versions": {"facts": "1"}}
    with pytest.raises(TypeError):
        await CaseSaver(services.database.pool, lease).aput(config, checkpoint, {}, {"facts": "1"})  # type: ignore[arg-type]
    assert await services.database.rows("select * from checkpoints") == []
