"""One way of asking one item: its session, under the mandate and the book that work of its kind has.

Owns the assignment and the session of a golden item. Never asks a model and never says what an answer is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from langchain_core.language_models import BaseChatModel

from agents.crew import Crew
from agents.golden import Told, answering
from checkpoints.database import Lease
from checkpoints.journal import open_journal
from checkpoints.session import Session
from domain.assignment import Assignment, Mandate
from domain.case import Case
from domain.errors import NotFound
from domain.finding import Fact
from domain.model_use import TIERS
from graphs.services import Services
from guardrails.catalog import OF_CALLS, OVER_RATE
from policies.book import InForce
from tools.contract import ToolContext
from tools.gateway import Inbound, ToolGateway

GOLDEN = "golden"
UNANSWERED = "unanswered"  # the model said nothing that could be used: open too, and never right


@dataclass(frozen=True, slots=True)
class Asking:
    """One item asked in one way, in the case that its calls are recorded in.

    Args:
        way: sample, rewording or swap; names its session.
        words: in the place of the item's own, if they are others.
    """

    here: Services
    book: InForce
    case: Case
    lease: Lease
    way: str
    words: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as a decision counts it, and which models gave it; of none nothing was heard."""

    answer: str
    models: tuple[str, ...]


class NoRecords:
    """The warehouse of an item: its tools answer without any record."""

    async def records(self, kind: str, party: str | None = None) -> list[dict[str, Any]]:
        """None."""
        return []


def with_model(here: Services, model: BaseChatModel) -> Services:
    """The same services with this model and no other behind it."""
    alone = replace(here.crew.model_gateway, fallback=None)
    crew = replace(here.crew, models=dict.fromkeys(TIERS, model), model_gateway=alone)
    return replace(here, crew=crew)


def crew_with(here: Services, told: tuple[Told, ...]) -> Crew:
    """The crew with tools that answer what an item says."""
    tools = answering(here.crew.tools, told)
    inbound = Inbound(here.guardrails, here.quarantine)
    return replace(here.crew, tool_gateway=ToolGateway(tools, here.breakers, OF_CALLS, OVER_RATE, inbound))


def given(asking: Asking, worker: str, job: str, mandate: Mandate, inputs: Mapping[str, Fact]) -> Assignment:
    """The assignment of a job that is no specialist's."""
    opened = asking.case.opened_at
    return Assignment(
        id=f"{GOLDEN}.{asking.way}",
        case_id=asking.case.id,
        worker=worker,
        specialists=(job,),
        objective="Show what the model answers",
        inputs=dict(inputs),
        parties=(),
        boundaries=("nothing follows from it",),
        expected=(),
        as_of=opened,
        deadline=opened + timedelta(hours=1),
        mandate=mandate,
    )


async def session_of(asking: Asking, part: Assignment, job: str) -> tuple[Session, ToolContext]:
    """Its session, and a context in which nobody and no record can be reached."""
    here, case = asking.here, asking.case
    session = Session(
        assignment=part,
        specialist=job,
        lease=asking.lease,
        database=here.database,
        journal=await open_journal(here.database, here.vault, here.clock, (case.id,)),
        ledger=here.ledger,
        clock=here.clock,
    )
    context = ToolContext(
        case.id, case.opened_at, {}, part.inputs, part.mandate.parameters, NoRecords(), _nobody
    )
    return session, context


async def _nobody(token: str) -> str:
    raise NotFound(f"a golden item has no {token}")
