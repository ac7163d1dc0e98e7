"""The customer's money-laundering risk in points, by the rows of the book.

Owns adding the points up and finding the level. Holds no points of its own, reads no source record and
never decides what a level means for the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from domain.errors import InvalidPolicy
from domain.finding import Fact
from domain.identity import Record
from tools.contract import NoArguments, Tool, ToolContext

NEEDS = ("identity_verified", "sanctions_status")
Factor = Literal["country", "employment", "product", "identity_verified", "sanctions_status"]
Level = Literal["low", "medium", "high"]


class PointsRow(Record):
    """One row of ``kyc_points``: what a value of a factor weighs."""

    factor: Factor
    value: str
    points: Annotated[int, Field(ge=0, le=10_000)]


class LevelRow(Record):
    """One row of ``kyc_levels``: the level from so many points upwards."""

    from_points: Annotated[int, Field(ge=0)]
    level: Level


class CustomerRisk(Record):
    """The riskiest party with what made it so, or which facts are not known yet."""

    rated: bool
    lacks: tuple[str, ...] = ()  # facts without which nothing is rated
    party: str | None = None  # of the most points; of equals the first
    points: int | None = None
    level: Level | None = None
    reasons: tuple[PointsRow, ...] = ()  # the rows that gave points
    unlisted_countries: tuple[str, ...] = ()  # of parties; the book weighs countries, but not these


Row = TypeVar("Row", bound=Record)
_POINTS = TypeAdapter(tuple[PointsRow, ...])
_LEVELS = TypeAdapter(tuple[LevelRow, ...])


async def customer_risk(args: NoArguments, context: ToolContext) -> CustomerRisk:
    """Points and level of the riskiest party.

    Formula: points of a party are the sum over the rows that name its country, its employment, the
    product, identity_verified or sanctions_status; the customer's are those of the party with most. The
    level is that of the highest ``from_points`` reached. A value without a row weighs nothing, and a
    country without one is reported. Source: risk profile under 31 CFR 1020.210(a)(2)(v)(A); the points
    are the book's.

    Raises:
        InvalidPolicy: when ``kyc_points`` or ``kyc_levels`` are missing, cannot be read or give no level.
    """
    lacks = tuple(name for name in NEEDS if name not in context.inputs)
    if lacks:
        return CustomerRisk(rated=False, lacks=lacks)
    rows = _rows(context, "kyc_points", _POINTS)
    borrowers = context.application["borrowers"]
    rated = {f"party:{n}": _reasons(rows, context, each) for n, each in enumerate(borrowers, start=1)}
    party = max(rated, key=lambda reference: _sum(rated[reference]))
    points = _sum(rated[party])
    return CustomerRisk(
        rated=True,
        party=party,
        points=points,
        level=_level(_rows(context, "kyc_levels", _LEVELS), points),
        reasons=rated[party],
        unlisted_countries=_unlisted(rows, [each["country"] for each in borrowers]),
    )


def _reasons(
    rows: tuple[PointsRow, ...], context: ToolContext, party: Mapping[str, Any]
) -> tuple[PointsRow, ...]:
    values: dict[Factor, Fact] = {
        "country": party["country"],
        "employment": party["employment"],
        "product": context.application["product"],
        "identity_verified": context.inputs["identity_verified"],
        "sanctions_status": context.inputs["sanctions_status"],
    }
    return tuple(row for row in rows if row.points and row.value == _written(values[row.factor]))


def _written(value: Fact) -> str:
    """A fact as a row of the book writes it: flags are ``true`` and ``false``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sum(reasons: tuple[PointsRow, ...]) -> int:
    return sum(row.points for row in reasons)


def _level(rows: tuple[LevelRow, ...], points: int) -> Level:
    reached = [row for row in rows if row.from_points <= points]
    if not reached:
        raise InvalidPolicy(f"kyc_levels has no level for {points} points.", field="kyc_levels")
    return max(reached, key=lambda row: row.from_points).level


def _unlisted(rows: tuple[PointsRow, ...], countries: list[str]) -> tuple[str, ...]:
    listed = {row.value for row in rows if row.factor == "country"}
    return tuple(sorted(set(countries) - listed)) if listed else ()


def _rows(context: ToolContext, name: str, adapter: TypeAdapter[tuple[Row, ...]]) -> tuple[Row, ...]:
    try:
        return adapter.validate_python(context.parameters.get(name))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in (name, *first["loc"]))
        raise InvalidPolicy(f"parameter {where}: {first['msg']}", field=where) from error


TOOLS: tuple[Tool, ...] = (
    Tool(
        "customer_risk",
        "The customer's risk points and level by the book, with the rows that gave points.",
        NoArguments,
        CustomerRisk,
        customer_risk,
        facts=NEEDS,
    ),
)
