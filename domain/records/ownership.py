"""Source records of who owns and controls a company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.identity import Identity, IdentityKind, Prose, Record
from domain.party import COMPANY, HOLDER_ID

WHOLE = 10_000  # basis points
HolderId = Annotated[str, Field(pattern=f"^{HOLDER_ID}$")]


class Holder(Record):
    """Somebody who owns a part, stands between an owner and the company, or controls it."""

    id: HolderId  # of this record; the holder is ``owner:<id>`` everywhere else
    kind: Literal["individual", "entity", "trust"]
    name: Annotated[str, Field(min_length=2, max_length=200), Identity(IdentityKind.NAME)]
    birth_date: Annotated[date | None, Identity(IdentityKind.BIRTH_DATE)] = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "US"
    party: Annotated[str | None, Field(pattern="^party:[1-9][0-9]*$")] = None  # the borrower that it is
    trustee: HolderId | None = None  # of a trust


class StatedStake(Record):
    """One direct holding."""

    owner: HolderId
    owned: Annotated[str, Field(pattern=f"^(entity:1|{HOLDER_ID})$")]  # the company, or a holder
    share_bps: Annotated[int, Field(gt=0, le=WHOLE)]


class OwnershipRecord(Record):
    """Register extract or certification of owners; a later one replaces an earlier one as a whole."""

    kind: Literal["ownership_record"]
    stated_on: date
    holders: Annotated[tuple[Holder, ...], Field(max_length=60)]
    stakes: Annotated[tuple[StatedStake, ...], Field(max_length=200)]
    control_person: HolderId | None = None  # one individual with significant responsibility
    explanation: Annotated[str | None, Field(max_length=2000), Prose()] = (
        None  # why it is built like this, as stated
    )

    @model_validator(mode="after")
    def _coherent(self) -> OwnershipRecord:
        """Every reference is a holder of this record, and nobody holds more than all of anything."""
        wrong = next(iter(_contradictions(self)), None)
        if wrong is not None:
            raise ValueError(wrong)
        return self


def _contradictions(record: OwnershipRecord) -> Iterable[str]:
    kinds = {holder.id: holder.kind for holder in record.holders}
    if len(kinds) < len(record.holders):
        yield "holders: two holders have the same id"
    for holder in record.holders:
        if holder.trustee is not None and (holder.kind != "trust" or kinds.get(holder.trustee) == "trust"):
            yield f"holders {holder.id}: only a trust has a trustee, and a trust is none"
        if holder.trustee is not None and holder.trustee not in kinds:
            yield f"holders {holder.id}: trustee {holder.trustee} is no holder of this record"
        if holder.party is not None and holder.kind != "individual":
            yield f"holders {holder.id}: only an individual can be a borrower"
    yield from _impossible_stakes(record, kinds)
    if record.control_person is not None and kinds.get(record.control_person) != "individual":
        yield f"control_person {record.control_person} is no individual among the holders"


def _impossible_stakes(record: OwnershipRecord, kinds: Mapping[str, str]) -> Iterable[str]:
    held: Counter[str] = Counter()
    for number, stake in enumerate(record.stakes, start=1):
        if stake.owner not in kinds:
            yield f"stakes row {number}: owner {stake.owner} is no holder of this record"
        if stake.owned != COMPANY and kinds.get(stake.owned) != "entity":
            yield f"stakes row {number}: {stake.owned} is neither {COMPANY} nor an entity of this record"
        held[stake.owned] += stake.share_bps
    for owned, total in held.items():
        if total > WHOLE:
            yield f"stakes: the shares of {owned} add up to {total} basis points, more than {WHOLE}"
