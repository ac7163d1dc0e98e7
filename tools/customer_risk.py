"""The customer's money-laundering risk in points, and the due diligence that it asks for, by the rows of the book.

Owns adding the points up, finding the level, and naming what asks for enhanced due diligence. Holds no points
of its own, takes no figure from an application, and never decides what a level means for the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from domain.errors import InvalidPolicy
from domain.finding import Fact
from domain.identity import Record
from tools.contract import NoArguments, Tool, ToolContext
from tools.ownership import structure_of
from tools.parties import READS, Party, ownership, parties_of

NEEDS = ("identity_verified", "sanctions_status", "pep_status", "adverse_media")
Factor = Literal[
    "country", "fatf_list", "employment", "entity_type", "industry", "product", "channel", "ownership",
    "identity_verified", "sanctions_status", "pep_status", "adverse_media",
]  # fmt: skip
Level = Literal["low", "medium", "high"]
Status = Literal["primary", "secondary", "unverified"]
Row = TypeVar("Row", bound=Record)
Values = dict[Factor, tuple[str, ...]]


class _Sourced(Record):
    source: str = ""
    source_status: Status | None = None


class PointsRow(_Sourced):
    """One row of ``kyc_points``: what a value of a factor weighs. An industry is met by the start of its code."""

    factor: Factor
    value: str
    points: Annotated[int, Field(ge=0, le=10_000)]


class EddRow(_Sourced):
    """One row of ``kyc_edd``: a value that asks for enhanced due diligence whatever the points are."""

    factor: Factor
    value: str
    reason: str


class LevelRow(Record):
    """One row of ``kyc_levels``: the level from so many points upwards."""

    from_points: Annotated[int, Field(ge=0)]
    level: Level


class ListedCountry(_Sourced):
    """One row of ``fatf_lists``: a country on a list of the FATF from a day on, dated because lists change."""

    list: str  # call_for_action, increased_monitoring
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    since: str  # ISO date of the plenary
    until: str | None = None


class CustomerRisk(Record):
    """The riskiest party with what made it so, or which facts are not known yet."""

    rated: bool
    lacks: tuple[str, ...] = ()  # facts without which nothing is rated
    party: str | None = None  # of the most points; of equals the first
    points: int | None = None
    level: Level | None = None
    due_diligence: Literal["cdd", "edd"] | None = None
    reasons: tuple[PointsRow, ...] = ()  # the rows that gave points
    edd_reasons: tuple[EddRow, ...] = ()  # the rows that ask for enhanced due diligence, over all parties
    unlisted_countries: tuple[str, ...] = ()  # of parties; the book weighs countries, but not these


_POINTS = TypeAdapter(tuple[PointsRow, ...])
_LEVELS = TypeAdapter(tuple[LevelRow, ...])
_EDD = TypeAdapter(tuple[EddRow, ...])
_LISTED = TypeAdapter(tuple[ListedCountry, ...])


async def customer_risk(args: NoArguments, context: ToolContext) -> CustomerRisk:
    """Points and level of the riskiest party, and the due diligence of the customer.

    Formula: points of a party are the sum over the rows that name one of its values; the customer's are those
    of the party with most. The level is that of the highest ``from_points`` reached, and ``high`` where a row
    of ``kyc_edd`` is met by any party. ``high`` is enhanced due diligence, anything else customer due diligence.
    A value without a row weighs nothing, and a country that no row and no FATF list names is reported.
    Parties: borrowers, the company, and everybody in the ownership record. Sources: risk profile under 31 CFR
    1020.210(a)(2)(v)(A); factors of the FFIEC manual; points and lists are the book's.

    Raises:
        InvalidPolicy: when rows are missing, cannot be read or give no level.
    """
    lacks = tuple(name for name in NEEDS if name not in context.inputs)
    if lacks:
        return CustomerRisk(rated=False, lacks=lacks)
    values = await _values(context)
    points, levels = _rows(context, "kyc_points", _POINTS), _rows(context, "kyc_levels", _LEVELS)
    rated = {party: tuple(_met(points, each)) for party, each in values.items()}
    party = max(rated, key=lambda reference: _sum(rated[reference]))
    edd = [row for each in values.values() for row in _met(_rows(context, "kyc_edd", _EDD, ()), each)]
    level = "high" if edd else _level(levels, _sum(rated[party]))
    return CustomerRisk(
        rated=True,
        party=party,
        points=_sum(rated[party]),
        level=level,
        due_diligence="edd" if level == "high" else "cdd",
        reasons=tuple(row for row in rated[party] if row.points),
        edd_reasons=tuple(dict.fromkeys(edd)),
        unlisted_countries=tuple(_unlisted(points, values.values())),
    )


async def _values(context: ToolContext) -> dict[str, Values]:
    """Every value of every factor, by party; facts, product and channel are the same for all of them."""
    record = await ownership(context)
    shared: Values = {
        "product": (str(context.application["product"]),),
        "channel": (str(context.application.get("channel") or "unknown"),),
        "identity_verified": (_written(context.inputs["identity_verified"]),),
        "sanctions_status": (_written(context.inputs["sanctions_status"]),),
        "pep_status": (_written(context.inputs["pep_status"]),),
        "adverse_media": (_written(context.inputs["adverse_media"]),),
    }
    structure = tuple(_structure(context, record)) if record and context.application.get("company") else ()
    listed = _rows(context, "fatf_lists", _LISTED, ())
    day = str(context.application["application_date"])
    return {
        reference: shared | _own(party, structure) | {"fatf_list": tuple(_lists(listed, party.country, day))}
        for reference, party in parties_of(context.application, record).items()
    }


def _own(party: Party, structure: tuple[str, ...]) -> Values:
    values: Values = {"country": (party.country,)}
    if "employment" in party.stated:
        values["employment"] = (str(party.stated["employment"]),)
    if "entity_type" in party.stated:
        values["entity_type"] = (str(party.stated["entity_type"]),)
        values["industry"] = (str(party.stated["industry_code"]),)
        values["ownership"] = structure
    return values


def _structure(context: ToolContext, record: Mapping[str, Any]) -> Iterable[str]:
    """What makes ownership complex: two entities or more in a chain, a loop, a trust."""
    found = structure_of(context, record)
    if found.layers >= 2:
        yield "layered"
    if found.loop:
        yield "loop"
    if any(holder["kind"] == "trust" for holder in record["holders"]):
        yield "trust"


def _lists(rows: tuple[ListedCountry, ...], country: str, day: str) -> Iterable[str]:
    for row in rows:
        if row.country == country and row.since <= day and (row.until is None or day < row.until):
            yield row.list


Weighed = TypeVar("Weighed", PointsRow, EddRow)


def _met(rows: tuple[Weighed, ...], values: Values) -> Iterable[Weighed]:
    for row in rows:
        found = values.get(row.factor, ())
        if row.value in found or (row.factor == "industry" and any(v.startswith(row.value) for v in found)):
            yield row


def _written(value: Fact) -> str:
    """A fact as a row of the book writes it: flags are ``true`` and ``false``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sum(reasons: Iterable[PointsRow]) -> int:
    return sum(row.points for row in reasons)


def _level(rows: tuple[LevelRow, ...], points: int) -> Level:
    reached = [row for row in rows if row.from_points <= points]
    if not reached:
        raise InvalidPolicy(f"kyc_levels has no level for {points} points.", field="kyc_levels")
    return max(reached, key=lambda row: row.from_points).level


def _unlisted(rows: tuple[PointsRow, ...], values: Iterable[Values]) -> list[str]:
    weighed = {row.value for row in rows if row.factor == "country"}
    silent = {each["country"][0] for each in values if not each["fatf_list"]}
    return sorted(silent - weighed) if weighed else []


def _rows(
    context: ToolContext,
    name: str,
    adapter: TypeAdapter[tuple[Row, ...]],
    without: tuple[Row, ...] | None = None,
) -> tuple[Row, ...]:
    """Rows of the book; ``without`` stands where the book has none of that name."""
    if without is not None and name not in context.parameters:
        return without
    try:
        return adapter.validate_python(context.parameters.get(name))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in (name, *first["loc"]))
        raise InvalidPolicy(f"parameter {where}: {first['msg']}", field=where) from error


TOOLS: tuple[Tool, ...] = (
    Tool(
        "customer_risk",
        "The customer's risk points, level and due diligence by the book, with the rows that gave them.",
        NoArguments,
        CustomerRisk,
        customer_risk,
        READS,
        facts=NEEDS,
        parameters=frozenset({"fatf_lists", "kyc_edd", "kyc_levels", "kyc_points"}),
    ),
)
