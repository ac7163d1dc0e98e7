"""The one process-wide holder of everything that nodes use; filled by ``api`` at start.

Never from ``context`` or ``configurable``: a client can forge both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from agents.work import Crew
from checkpoints.anchors import Anchors
from checkpoints.approvals import Desk
from checkpoints.autonomy import AutonomyLevels
from checkpoints.books import BookShelf
from checkpoints.breakers import Breakers
from checkpoints.cases import Cases
from checkpoints.chats import Chats
from checkpoints.clearances import Clearances
from checkpoints.conditions import Conditions
from checkpoints.database import Database
from checkpoints.drift import Drift
from checkpoints.golden import GoldenResults
from checkpoints.halts import Halts
from checkpoints.incidents import Incidents
from checkpoints.information import Information
from checkpoints.jobs import Jobs
from checkpoints.leaving import OutputGate
from checkpoints.ledger import Ledger
from checkpoints.outbox import Outbox
from checkpoints.proofs import Proofs
from checkpoints.proposals import Proposals
from checkpoints.quarantine import Quarantine
from checkpoints.records import Records
from checkpoints.referrals import Referrals
from checkpoints.retention import Retention
from checkpoints.session import Session
from checkpoints.stamps import Stamps
from checkpoints.standing import StandingAuthority
from checkpoints.timers import Timers
from checkpoints.tripwires import Tripwires
from checkpoints.unwound import Unwound
from checkpoints.vault import Vault
from checkpoints.waivers import Waivers
from domain.case import Case
from domain.chat import AmendmentWish
from domain.clock import Clock
from domain.errors import Misconfigured
from domain.guard import Guardrail
from domain.person import Person
from graphs.golden.sets import Questions, shipped
from graphs.workflows import Workflows
from tools.contract import CoreBank


class Intake(Protocol):
    """The way in for work that a person asks for in a chat; the front that built the services hands it in."""

    async def __call__(self, person: Person, wish: AmendmentWish, key: str) -> Case:
        """Open a case with this person as its maker, once per key; ``BadInput`` names what is not known."""
        ...


Mode = Literal["live", "sandbox"]  # sandbox: effects are impossible, whatever a case says


@dataclass(frozen=True, slots=True)
class Services:
    """What nodes work with."""

    database: Database
    ledger: Ledger
    vault: Vault
    records: Records
    cases: Cases
    books: BookShelf
    proposals: Proposals
    desk: Desk
    outbox: Outbox
    gate: OutputGate
    unwound: Unwound
    standing: StandingAuthority
    autonomy: AutonomyLevels
    drift: Drift
    golden: GoldenResults
    incidents: Incidents
    timers: Timers
    conditions: Conditions
    waivers: Waivers
    information: Information
    referrals: Referrals
    halts: Halts
    tripwires: Tripwires
    jobs: Jobs
    breakers: Breakers
    clock: Clock
    crew: Crew
    bank: CoreBank
    lists: Mapping[str, Any]
    chats: Chats
    intake: Intake
    guardrails: Mapping[str, Guardrail]
    clearances: Clearances
    workflows: Workflows
    stamps: Stamps
    anchors: Anchors
    proofs: Proofs
    quarantine: Quarantine
    retention: Retention
    mode: Mode = "live"
    sets: Callable[[str], Questions | None] = shipped  # golden sets by job
    session: Callable[..., Session] = Session  # what specialists' calls go through; a replay hands in its own


_installed: list[Services] = []
_instead: ContextVar[Services | None] = ContextVar("services", default=None)


def install(services: Services) -> None:
    """Make these the services of this process."""
    _installed[:] = [services]


@contextmanager
def using(services: Services) -> Iterator[None]:
    """Everything that runs inside works with these, and nothing else in this process does (a replay)."""
    token = _instead.set(services)
    try:
        yield
    finally:
        _instead.reset(token)


def services() -> Services:
    """The services of this process, or those that this task is given; ``Misconfigured`` before ``install``."""
    if (given := _instead.get()) is not None:
        return given
    if not _installed:
        raise Misconfigured(
            "no services are installed; start through `countersign` or the dev server's entry"
        )
    return _installed[0]
