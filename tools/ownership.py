"""Who owns and controls the company that applies, and whether blocked persons own half of it.

Owns reading the ownership record against the rows of the book. Never says that a holder is the listed
person, never takes a stated structure for a complete one, and lets no name out: references and shares only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from domain.errors import InvalidPolicy
from domain.identity import Record
from domain.party import COMPANY
from tools.contract import NoArguments, Tool, ToolContext
from tools.parties import READS, ownership, parties_of, reference_of
from tools.sanctions import SANCTIONS, SCREENING, PartyScreening, PotentialMatch, reference_list, screening_of
from tools.screening.beneficial import Interests, interests
from tools.screening.ownership import WHOLE, OwnershipFinding, Stake, Standing, fifty_percent_rule


class Owner(Record):
    """Somebody who has to be identified because of the company."""

    reference: str
    role: Literal["beneficial_owner", "control_person"]
    kind: Literal["individual", "entity"]
    share_bps: int  # direct and indirect together, rounded down; 0 for a control person without a share
    way: Literal["direct", "indirect", "trustee", "control"]


class OwnershipStructure(Record):
    """Owners and control of the company, as far as records go."""

    applies: bool  # the case has a company
    exempt: str = (
        ""  # which prongs its type is exempt from: none, ``ownership``, or ``ownership and control``
    )
    found: bool = False  # an ownership record has arrived
    owners: tuple[Owner, ...] = ()
    control_person: str = ""  # its reference
    unresolved_bps: int = 0  # share that ends where owners are not recorded, rounded up
    unresolved_at: tuple[str, ...] = ()  # references of those entities
    problems: tuple[str, ...] = ()  # why owners or control are not established
    layers: int = 0  # entities between the company and its farthest owner
    loop: bool = False  # holdings lead back to where they began
    trusts: int = 0  # among the holders
    holders: int = 0
    explanation: str = ""  # the structure's reason as the customer states it: a statement, not evidence


class HolderHit(Record):
    """A holder who may be a listed person."""

    party: str
    subject: str
    potential_matches: tuple[PotentialMatch, ...]


class BlockedOwnership(Record):
    """The 50 percent rule over everybody in the ownership record."""

    applies: bool
    found: bool = False
    list_version: str = ""
    standing: Literal["clear", "refer", "blocked"] = "clear"  # while every potential match counts as listed
    blocked_share_bps: int = 0  # aggregate, of the company itself
    blocked_owners: tuple[str, ...] = ()  # direct owners that were counted
    hits: tuple[HolderHit, ...] = ()  # holders with potential matches that nobody cleared
    cleared: tuple[str, ...] = ()  # holders whose matches were all cleared before
    unscreened: tuple[str, ...] = ()  # holders who could not be screened


@dataclass(frozen=True, slots=True)
class Prongs:
    """Which of the two prongs apply to a type of entity."""

    ownership: bool
    control: bool


async def ownership_structure(_: NoArguments, context: ToolContext) -> OwnershipStructure:
    """Everybody at or above the book's ``ubo_threshold_bps``, the control person, and what is not known.

    Rule: each individual who owns the threshold or more, directly or indirectly; for a trust that does, its
    trustee; one individual with significant responsibility to control. A rest that no record explains leaves
    ownership open when it could lift somebody to the threshold. Source: 31 CFR 1010.230(d), (e).

    Raises:
        InvalidPolicy: when the book gives no threshold.
    """
    company, record = context.application.get("company"), await ownership(context)
    if not company:
        return OwnershipStructure(applies=False)
    prongs = _prongs(context, str(company["entity_type"]))
    exempt = {(False, True): "ownership", (False, False): "ownership and control"}.get(
        (prongs.ownership, prongs.control), ""
    )
    if record is None:
        return OwnershipStructure(applies=True, exempt=exempt)
    return _structure(context, record, prongs).model_copy(update={"exempt": exempt})


def structure_of(context: ToolContext, record: Mapping[str, Any]) -> Interests:
    """Interests of everybody in the record, by reference."""
    names = _references(context, record)
    entities = frozenset(names[each["id"]] for each in record["holders"] if each["kind"] == "entity")
    return interests(_stakes(record, names), COMPANY, entities)


async def blocked_ownership(_: NoArguments, context: ToolContext) -> BlockedOwnership:
    """Screens the company and every holder, whatever their share, and applies the rule to all stakes.

    A potential match counts as listed until compliance cleared it: two of them may reach half together
    though neither has to be identified as a beneficial owner. Rule and sources: ``fifty_percent_rule``.
    """
    record = await ownership(context)
    if not context.application.get("company"):
        return BlockedOwnership(applies=False)
    if record is None:
        return BlockedOwnership(applies=True)
    names = _references(context, record)
    known = parties_of(context.application, record)
    screened = [await screening_of(known[name], context) for name in (COMPANY, *names.values())]
    listed = [each.party for each in screened if each.potential_matches]
    rule = fifty_percent_rule(_stakes(record, names), listed)
    company = next((each for each in rule if each.entity == COMPANY), None)
    return BlockedOwnership(
        applies=True,
        found=True,
        list_version=reference_list(context, SANCTIONS).version,
        standing=_standing(company, listed),
        blocked_share_bps=company.blocked_share if company else 0,
        blocked_owners=company.blocked_owners if company else (),
        hits=tuple(_hit(each) for each in screened if each.potential_matches),
        cleared=tuple(e.party for e in screened if e.cleared_matches and not e.potential_matches),
        unscreened=tuple(each.party for each in screened if not each.screened),
    )


def _structure(context: ToolContext, record: Mapping[str, Any], prongs: Prongs) -> OwnershipStructure:
    holders = {each["id"]: each for each in record["holders"]}
    names, found, least = _references(context, record), structure_of(context, record), _threshold(context)
    by_name = {names[key]: each for key, each in holders.items()}
    owners = tuple(_owners(found, by_name, names, least)) if prongs.ownership else ()
    control = record.get("control_person") if prongs.control else None
    if control and names[control] not in {each.reference for each in owners}:
        share = _bps(found.owners.get(names[control], Fraction(0)))
        row = Owner(
            reference=names[control], role="control_person", kind="individual", share_bps=share, way="control"
        )
        owners = (*owners, row)
    return OwnershipStructure(
        applies=True,
        found=True,
        owners=owners,
        control_person=names[control] if control else "",
        unresolved_bps=-_bps(-found.rest),
        unresolved_at=tuple(found.unresolved),
        problems=tuple(_problems(found, by_name, prongs, least))
        + (() if control or not prongs.control else (NO_CONTROL,)),
        layers=found.layers,
        loop=found.loop,
        trusts=sum(1 for each in holders.values() if each["kind"] == "trust"),
        holders=len(holders),
        explanation=record.get("explanation") or "",
    )


NO_CONTROL = "no individual is named who controls the company"


def _owners(
    found: Interests, holders: Mapping[str, Any], names: Mapping[str, str], least: Fraction
) -> Iterable[Owner]:
    for name, share in sorted(found.owners.items()):
        if share < least:
            continue
        holder, way = holders[name], "direct" if name in found.direct else "indirect"
        if holder["kind"] == "trust" and not holder.get("trustee"):
            continue  # a problem, not an owner
        reference = names[holder["trustee"]] if holder["kind"] == "trust" else name
        kind = holders[reference]["kind"]
        way = "trustee" if holder["kind"] == "trust" else way
        yield Owner(reference=reference, role="beneficial_owner", kind=kind, share_bps=_bps(share), way=way)


def _problems(found: Interests, holders: Mapping[str, Any], prongs: Prongs, least: Fraction) -> Iterable[str]:
    if not prongs.ownership:
        return
    below = max((share for share in found.owners.values() if share < least), default=Fraction(0))
    if found.rest and found.rest + below >= least:
        at = ", ".join(found.unresolved)
        yield f"owners of {-_bps(-found.rest)} basis points are not recorded (at {at})"
    for name, share in sorted(found.owners.items()):
        if share >= least and holders[name]["kind"] == "trust" and not holders[name].get("trustee"):
            yield f"{name} is a trust with {_bps(share)} basis points and names no trustee"


def _standing(company: OwnershipFinding | None, listed: list[str]) -> Standing:
    if COMPANY in listed:
        return Standing.BLOCKED
    return company.standing if company else Standing.CLEAR


def _references(context: ToolContext, record: Mapping[str, Any]) -> dict[str, str]:
    return {each["id"]: reference_of(each, context.application) for each in record["holders"]}


def _stakes(record: Mapping[str, Any], names: Mapping[str, str]) -> list[Stake]:
    return [
        Stake(names[each["owner"]], names.get(each["owned"], COMPANY), each["share_bps"])
        for each in record["stakes"]
    ]


def _hit(screening: PartyScreening) -> HolderHit:
    return HolderHit(
        party=screening.party, subject=screening.subject, potential_matches=screening.potential_matches
    )


def _prongs(context: ToolContext, entity_type: str) -> Prongs:
    for row in context.parameters.get("ubo_exempt", ()):
        if row["entity_type"] == entity_type:
            return Prongs(ownership=bool(row["ownership"]), control=bool(row["control"]))
    return Prongs(ownership=True, control=True)


def _threshold(context: ToolContext) -> Fraction:
    value = context.parameters.get("ubo_threshold_bps")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= WHOLE:
        message = f"The book gives no ubo_threshold_bps from 1 to {WHOLE}."
        raise InvalidPolicy(message, field="ubo_threshold_bps")
    return Fraction(value, WHOLE)


def _bps(share: Fraction) -> int:
    """Whole basis points, rounded down."""
    return int(share * WHOLE // 1)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "ownership_structure",
        "Who owns and controls the company: owners at the threshold, control person, what is not recorded.",
        NoArguments,
        OwnershipStructure,
        ownership_structure,
        READS,
        parameters=frozenset({"ubo_exempt", "ubo_threshold_bps"}),
    ),
    Tool(
        "blocked_ownership",
        "Whether persons on the sanctions list may own half of the company together, through all holders.",
        NoArguments,
        BlockedOwnership,
        blocked_ownership,
        READS,
        identity=True,
        parameters=SCREENING,
        versions=frozenset({"list_version"}),
    ),
)
