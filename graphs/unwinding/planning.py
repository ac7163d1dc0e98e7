"""Plans an unwinding: reads back what the case did, and puts what policy asks about it into facts.

Owns which facts there are of an unwinding. Never takes anything back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from audit.unwinding import UnwindingPlanned, UnwindingStarted
from domain.unwinding import Fate, UndoStep
from graphs.lease import lease_for
from graphs.services import services
from graphs.supervisor.known import Standing, fact, standing
from graphs.supervisor.state import KnownFact
from graphs.unwinding.state import UnwindingState

UNWINDING_FACTS = frozenset(
    {"effects_to_undo", "effects_that_stay", "effects_unknown", "unwound_kind", "unwinding_reason"}
)


async def plan_unwinding(state: UnwindingState) -> dict[str, Any]:
    """Stops the case where it is still open, reads back every effect of it and plans, the last one first.

    The unwound case is told. May run again: what was read first stands.
    """
    here, case = services(), await standing(state)
    of = str(case.application["unwinds"])
    if not case.case.simulation:
        async with here.database.transaction(await lease_for(case.case.id)) as connection:
            await here.unwound.stop(connection, of, case.case.id, case.application["reason"])
    steps, people = await here.unwound.steps(of), await here.unwound.people(of)
    planned = UnwindingPlanned(
        unwinds=of,
        reason=case.application["reason"],
        steps=tuple(each.model_dump(mode="json") for each in steps),
        people=people,
    )
    async with here.database.transaction(await lease_for(case.case.id)) as connection:
        read = await here.ledger.first(connection, case.case.id, "unwinding", planned)
        if not case.case.simulation:
            started = UnwindingStarted(
                unwinding=case.case.id
            )  # who reported what stands in the unwinding alone
            await here.ledger.append(connection, of, f"unwinding/{case.case.id}", started)
    return {
        "round": 0,
        "steps": list(read["steps"]),
        "people": list(read["people"]),
        "facts": known_facts(case, tuple(UndoStep.model_validate(each) for each in read["steps"])),
        "claims": {},
        "refused": None,
        "approvals": [],
        "authorised": [],
        "effects": [],
    }


def route_after_decide_unwinding(state: UnwindingState) -> Literal["prepare_unwinding", "close", "refer"]:
    """The plan goes to people while anything can be taken back; what only stays goes to a person at once."""
    fates = {each.fate for each in steps_of(state)}
    if "undo" in fates:
        return "prepare_unwinding"
    return "refer" if fates - {"undone"} else "close"


def steps_of(state: UnwindingState) -> tuple[UndoStep, ...]:
    """The plan."""
    return tuple(UndoStep.model_validate(each) for each in state.get("steps", ()))


def to_undo(state: UnwindingState) -> tuple[UndoStep, ...]:
    """Steps that take something back, in order."""
    return tuple(each for each in steps_of(state) if each.fate == "undo")


def known_facts(here: Standing, steps: Iterable[UndoStep]) -> dict[str, KnownFact]:
    """What the book's tables ask about; money is that of what is taken back."""
    planned, application = tuple(steps), here.application
    cents = sum(each.cents for each in planned if each.fate == "undo")
    return {
        "unwound_kind": fact(application["unwound_kind"], "code", "application"),
        "unwinding_reason": fact(application["reason"], "code", "application"),
        "amount_cents": fact(cents, "cents", "outbox"),
        "effects_to_undo": fact(_many(planned, "undo"), "count", "outbox"),
        "effects_that_stay": fact(_many(planned, "stays"), "count", "outbox"),
        "effects_unknown": fact(_many(planned, "unknown"), "count", "outbox"),
    }


def _many(steps: tuple[UndoStep, ...], fate: Fate) -> int:
    return sum(1 for each in steps if each.fate == fate)
