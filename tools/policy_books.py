"""Brings a version of a book into force, on the outbox's own connection.

Owns the last check: exactly the proposal of this case, signed by two people, on the book that is live now. Never
reads a rule, and never changes what was published: to go back, an earlier version is published again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from checkpoints.books import SEED
from checkpoints.books import SQL as BOOKS
from checkpoints.database import Connection
from checkpoints.proposals import Proposal
from domain.canonical import canonical
from domain.clock import parse_time
from domain.effect import EffectOrder
from domain.errors import Refused
from domain.identity import Record
from domain.leaving import Audience, Wording

Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
PEOPLE = 2  # who sign, beside whoever proposed it


class PublishTerms(Record):
    """A version of a book as it was proposed."""

    book: Code
    version: Annotated[str, Field(min_length=1, max_length=200)]
    source_sha256: Sha256
    replaces: Annotated[str, Field(max_length=200)]
    report_digest: Sha256
    not_primary: str


class PublishBook:
    """Adds one row to ``countersign.publications``.

    Arguments of the action: ``book``, ``version``, ``source_sha256``, ``replaces``, ``report_digest`` and
    ``not_primary``, all as proposed.
    """

    name = "publish_book"
    terms: type[Record] = PublishTerms
    audience = Audience.SYSTEM
    undone_by: str | None = None
    lasting = "the version is in force: publish or roll back to another one, as a change of policy of its own"
    money: str | None = None
    counterparty: str | None = None
    sort: str | None = None
    region = "US"

    async def perform_in(self, connection: Connection, order: EffectOrder, now: str) -> str:
        """Publish it and give ``<version>#<order>``; the same order publishes nothing twice.

        Raises:
            Refused: it is not what was proposed, fewer than two people signed, or another version is live by now.
        """
        await connection.execute(BOOKS["turn"], (str(order.action.args.get("book")),))
        if await self.read_back_in(connection, order) is None:
            await _publish(connection, order, await _proposed(connection, order), now)
        return f"{order.action.args['version']}#{order.key[:12]}"

    async def read_back_in(self, connection: Connection, order: EffectOrder) -> Mapping[str, Any] | None:
        """What this order brought into force: number, kind, version, and what it replaced."""
        return await (await connection.execute(BOOKS["published"], (order.key,))).fetchone()

    async def said_in(self, connection: Connection, order: EffectOrder) -> Wording:
        """The arguments: nobody outside reads them, and no word of them is anybody's own."""
        return Wording(canonical(dict(order.action.args)).decode())


def terms(proposal: Proposal) -> dict[str, str]:
    """The arguments of the action that publishes a proposal."""
    return {
        "book": proposal.kind,
        "version": proposal.version,
        "source_sha256": proposal.source_sha256,
        "replaces": proposal.replaces,
        "report_digest": proposal.report_digest,
        "not_primary": proposal.not_primary,
    }


async def _proposed(connection: Connection, order: EffectOrder) -> Proposal:
    case = [order.case_id]
    row = await (await connection.execute(BOOKS["proposal"], (case, case))).fetchone()
    proposal = None if row is None else Proposal.model_validate(row)
    if proposal is None or not proposal.whole or order.action.args != terms(proposal):
        raise Refused("this is not what the case proposes", control="policy.proposal")
    signed = await (await connection.execute(BOOKS["signed"], (order.case_id,))).fetchone()
    if signed is None or signed["people"] < PEOPLE:
        raise Refused(f"{PEOPLE} people sign a change of policy", control="policy.two_people")
    return proposal


async def _publish(connection: Connection, order: EffectOrder, proposal: Proposal, now: str) -> None:
    live = await (await connection.execute(BOOKS["live"], (proposal.kind,))).fetchone()
    if (SEED if live is None else live["n"]) != proposal.replaces_n:
        raise Refused("another version came into force since this was proposed", control="policy.overtaken")
    at = parse_time(now)
    await connection.execute(BOOKS["insert"], (proposal.version, proposal.kind, proposal.source, at))
    kept = await (await connection.execute(BOOKS["get"], (proposal.version,))).fetchone()
    if kept is None or kept["source"] != proposal.source:
        raise Refused("another book is kept under this version", control="policy.version")
    row = (proposal.kind, proposal.version, proposal.replaces, order.case_id, order.key, at)
    await connection.execute(BOOKS["publish"], row)


EFFECTS = (PublishBook,)
