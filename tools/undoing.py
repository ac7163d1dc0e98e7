"""Effects that take back what the core banking system did: a loan is cancelled, an amendment reversed.

Owns what has to be there before anything is asked for: exactly what the earlier order made, under its key, with
its receipt and its cents. Never decides whether something is taken back, and needs no identity to do it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated
from urllib.parse import quote

from pydantic import Field

from domain.effect import EffectOrder, EffectReceipt, ExternalEffect
from domain.errors import Refused, Unavailable
from domain.identity import Record
from domain.leaving import Audience
from domain.unwinding import RECEIPT, UNDOES
from tools.core_bank import CONTROL, CoreBankClient, Entry, id_of


class _Undone(Record):
    """What every compensation names."""

    undoes: str  # key of the earlier order
    receipt: str  # the bank's id of what it made
    attempt: Annotated[int, Field(ge=1)]  # one more than were asked for in vain


class CancelTerms(_Undone):
    """Arguments of a cancelled loan."""

    principal_cents: int


class ReversalTerms(_Undone):
    """Arguments of a reversed amendment."""

    amount_cents: int


class _Undoing(ABC):
    """Takes back what an earlier order made. The bank changes nothing when it is asked again.

    Arguments: ``undoes`` (key of the earlier order), ``receipt`` (the bank's id of what it made), the cents that
    it moved, and the number of the attempt. What the bank holds under the earlier order must be exactly that.
    """

    name: str
    collection: str
    undoing: str  # last part of the address
    stands: str  # status afterwards
    lasting: str
    terms: type[Record]
    audience = Audience.SYSTEM
    idempotent = True
    undone_by: str | None = None
    money: str | None
    counterparty: str | None = None
    sort: str | None = None
    region = "US"

    def __init__(self, client: CoreBankClient) -> None:
        self._client = client

    async def perform(self, order: EffectOrder) -> str:
        """Ask for it; ``Refused``: the bank said no, or holds something else. ``Unavailable``: may be done."""
        entry = await self._made(order)
        if entry is None:
            raise Refused("the core bank holds nothing that this would take back", control=CONTROL)
        return id_of(
            await self._client.post(f"/{self.collection}/{quote(id_of(entry), safe='')}/{self.undoing}", {})
        )

    async def read_back(self, order: EffectOrder) -> EffectReceipt | None:
        """Shown as taken back; ``None`` while it stands.

        Raises:
            Unavailable: the bank cannot be read, or holds something else than was to be taken back.
        """
        entry = await self._made(order)
        if entry is None:
            raise Unavailable("the core bank holds nothing under the order to be undone", control=CONTROL)
        if entry.get("status") != self.stands:
            return None
        shown = {"id": id_of(entry), "status": self.stands}
        return EffectReceipt(receipt=f"{id_of(entry)} {self.stands}", read_back=shown)

    async def _made(self, order: EffectOrder) -> Entry | None:
        """What the earlier order made, compared with what is to be taken back."""
        args = order.action.args
        found = await self._client.find(self.collection, str(args.get(UNDOES)))
        held = [(id_of(each), self._moved(each)) for each in found]
        if held and held != [(args.get(RECEIPT), args.get(self.money or ""))]:
            raise Unavailable(
                "the core bank holds something else under the order to be undone", control=CONTROL
            )
        return found[0] if found else None

    @abstractmethod
    def _moved(self, entry: Entry) -> object:
        """Cents that the bank says it moved."""


class CancelOffer(_Undoing):
    """Cancels a booked loan; the bank says no once money is out."""

    name = "cancel_offer"
    collection = "loans"
    undoing = "cancel"
    stands = "cancelled"
    terms: type[Record] = CancelTerms
    lasting = "a loan was cancelled: book it anew if that was wrong"
    money: str | None = "principal_cents"

    def _moved(self, entry: Entry) -> object:
        return entry.get("principal_cents", "")


class ReverseAmendment(_Undoing):
    """Reverses a change of terms or a refund; the bank says no once the refund is out."""

    name = "reverse_amendment"
    collection = "amendments"
    undoing = "reverse"
    stands = "reversed"
    terms: type[Record] = ReversalTerms
    lasting = "an amendment was reversed: apply it anew if that was wrong"
    money: str | None = "amount_cents"

    def _moved(self, entry: Entry) -> object:
        changes = entry.get("changes")
        return changes.get("amount_cents", 0) if isinstance(changes, dict) else ""


EFFECTS = (CancelOffer, ReverseAmendment)


def effects(client: CoreBankClient) -> tuple[ExternalEffect, ...]:
    """Every compensation of this system, ready for the outbox."""
    return tuple(effect(client) for effect in EFFECTS)
