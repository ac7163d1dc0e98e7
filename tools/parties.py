"""Who stands behind a reference: the borrower, the company or the holder, as tokens, with country and kind.

The one place that resolves references, from the application and the newest ownership record. Never
reveals a value, and never makes a party up: an unknown reference is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from domain.errors import Refused
from domain.party import BORROWER, COMPANY, OWNER
from tools.contract import ToolContext

Kind = Literal["individual", "entity", "trust"]
RECORD = "ownership_record"
READS = frozenset({RECORD})  # what a tool that resolves references has to be allowed to read


@dataclass(frozen=True, slots=True)
class Party:
    """One party, tokenised."""

    reference: str
    """``party:1``, ``entity:1`` or ``owner:h1``."""
    kind: Kind
    """What it is."""
    name: str
    """Token of its name."""
    birth_date: str | None
    """Token of its date of birth; none for companies and trusts, and where it is not recorded."""
    country: str
    """ISO 3166 code: of residence, or of registration."""
    stated: Mapping[str, Any]
    """What the application or the record says of it, tokenised."""


async def party_of(context: ToolContext, reference: str) -> Party:
    """The party behind a reference.

    Raises:
        Refused: when the case has no such party.
    """
    known = parties_of(context.application, await ownership(context))
    if reference not in known:
        raise Refused(f"no such party; the case has {', '.join(known)}", control="tool.arguments")
    return known[reference]


async def ownership(context: ToolContext) -> dict[str, Any] | None:
    """The ownership record that arrived last; it replaces earlier ones."""
    records = await context.warehouse.records(RECORD)
    return records[-1] if records else None


def parties_of(application: Mapping[str, Any], record: Mapping[str, Any] | None) -> dict[str, Party]:
    """Every party of a case by reference: borrowers, the company, holders.

    A holder that the record names as a borrower is that borrower and has no reference of its own.
    """
    borrowers = enumerate(application.get("borrowers", ()), start=1)
    known = {f"{BORROWER}{number}": _person(f"{BORROWER}{number}", each) for number, each in borrowers}
    company = application.get("company")
    if company:
        known[COMPANY] = Party(COMPANY, "entity", company["name"], None, company["country"], company)
    for holder in (record or {}).get("holders", ()):
        if holder.get("party") not in known:
            reference = f"{OWNER}{holder['id']}"
            known[reference] = _person(reference, holder)
    return known


def reference_of(holder: Mapping[str, Any], application: Mapping[str, Any]) -> str:
    """How a holder is called in the case."""
    party = holder.get("party")
    return str(party) if party in parties_of(application, None) else f"{OWNER}{holder['id']}"


def _person(reference: str, stated: Mapping[str, Any]) -> Party:
    kind: Kind = stated.get("kind", "individual") if reference.startswith(OWNER) else "individual"
    return Party(reference, kind, stated["name"], stated.get("birth_date"), stated["country"], stated)
