"""Effects: what a case may change outside itself, and what the outbox needs to know of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from domain.approval import Action
from domain.identity import Record
from domain.leaving import Audience, Wording
from domain.rating import Manifest


class EffectStatus(StrEnum):
    """Where an effect stands."""

    INTENDED = "intended"  # committed here; nothing was sent yet
    SENDING = "sending"  # a call is under way, or was when its runner died
    CONFIRMED = "confirmed"  # done, and read back
    REFUSED = "refused"  # the other system said no
    UNKNOWN = "unknown"  # it may have happened: a person finds out; never sent again
    COMPENSATED = "compensated"
    WAITING = "waiting"  # it may not happen now, but will by itself; nothing was sent
    HELD = "held"  # a guardrail holds it for a person; nothing was sent


class EffectOrder(Record):
    """One effect to be performed; ``key`` is the idempotency key (the action digest with case and step)."""

    case_id: str
    step: str
    action: Action
    key: str


class EffectReceipt(Record):
    """What the other system answered, and what it showed when it was read back."""

    receipt: str
    read_back: dict[str, Any]


class ExternalEffect(Protocol):
    """Changes another system over a network. ``read_back`` comes before any resend.

    ``idempotent``: the other system honours our key, so that sending again is safe. ``money``: the argument with
    the cents that it moves. ``counterparty``: the argument with the vault token of the account at the other end.
    ``sort``: the argument that says which sort of change it is. ``region``: the country in which the system stands.
    ``terms``: its arguments, typed; what goes downstream has exactly that shape. ``audience``: who gets it.
    ``undone_by``: the effect that takes it back, nothing where none can; ``stands``: how the other system shows it
    while it can; ``lasting``: what is left to a person when it is not taken back.
    """

    name: str
    terms: type[Record]
    audience: Audience
    undone_by: str | None
    stands: str
    lasting: str
    money: str | None
    counterparty: str | None
    sort: str | None
    region: str
    idempotent: bool

    async def perform(self, order: EffectOrder) -> str:
        """Do it and give the receipt; raises ``Refused`` (not done) or ``Unavailable`` (may be done)."""
        ...

    async def read_back(self, order: EffectOrder) -> EffectReceipt | None:
        """What the other system holds for this order; ``None`` when it holds nothing."""
        ...


class TransactionalEffect(Protocol):
    """Changes our own database with the connection of the outbox, in its transaction.

    All of them as of an external effect.
    """

    name: str
    terms: type[Record]
    audience: Audience
    undone_by: str | None
    lasting: str
    money: str | None
    counterparty: str | None
    sort: str | None
    region: str

    async def perform_in(self, connection: Any, order: EffectOrder, now: str) -> str:
        """Do it on ``connection``; gives the receipt."""
        ...

    async def read_back_in(self, connection: Any, order: EffectOrder) -> Mapping[str, Any] | None:
        """The row it wrote."""
        ...

    async def said_in(self, connection: Any, order: EffectOrder) -> Wording:
        """What whoever gets it will read, and which of it is somebody's own words."""
        ...


AnyEffect = ExternalEffect | TransactionalEffect


def manifest_of(effect: AnyEffect | type[AnyEffect]) -> Manifest:
    """What an effect touches: a transactional one writes our own records, an external one another system's.

    One with an account at the other end resolves identity before it sends.
    """
    return Manifest(
        name=effect.name,
        reads="identity" if effect.counterparty else "case",
        writes="own" if hasattr(effect, "perform_in") else "other",
        reversible=effect.undone_by is not None,
        permission="authority",
        money=effect.money is not None,
    )
