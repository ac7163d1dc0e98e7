"""Fair-lending monitoring over the register entries of finished cases: counts, ratios and intervals by group.

Owns the join and its record in the ``ops`` stream. A monitoring metric, labelled so: it enters no decision, no level
and no table, and no single applicant can be read from it.
"""

from __future__ import annotations

from api.register_file import entries_in_full
from audit.model_level import GroupsCompared
from checkpoints.ledger import OPS
from domain.identity import Record
from domain.person import Person
from graphs.services import Services
from tools.hmda.fair_lending import LABEL, Comparison, monitored
from tools.hmda.register import parse_demographics, parse_register


class Fared(Record):
    """How one group fared beside its reference."""

    attribute: str
    group: str
    reference: str
    approved: int
    decided: int
    reference_approved: int
    reference_decided: int
    in_neither: int  # decided applications of another group, or without this information
    ratio_bps: int | None  # approval rate of the group over the reference's; nothing without approvals there
    interval_bps: tuple[int, int] | None  # 95 % (Katz, log method); nothing where a group has no approvals
    below_four_fifths: bool | None


class Monitoring(Record):
    """The monitoring of one calendar year."""

    label: str
    year: int
    rows: int
    groups: tuple[Fared, ...]


async def monitoring(services: Services, year: int, person: Person) -> Monitoring:
    """Every group of a year; ``NotFound`` when no case left an entry in it."""
    entries, text = await entries_in_full(services, year)
    content, file = text.encode(), f"register_{year}.txt"
    compared = monitored(parse_register(content, file).rows, parse_demographics(content, file))
    event = GroupsCompared(year=year, rows=len(entries))
    moment = services.clock.now().isoformat(timespec="milliseconds")
    await services.ledger.record(OPS, f"fair-lending/{year}/{person.id}/{moment}", event, person.id)
    return Monitoring(
        label=LABEL, year=year, rows=len(entries), groups=tuple(_fared(each) for each in compared)
    )


def _fared(each: Comparison) -> Fared:
    impact = each.impact
    return Fared(
        attribute=each.attribute,
        group=each.group.code,
        reference=each.reference.code,
        approved=each.group.approved,
        decided=each.group.decided,
        reference_approved=each.reference.approved,
        reference_decided=each.reference.decided,
        in_neither=each.in_neither,
        ratio_bps=impact.ratio_bps if impact else None,
        interval_bps=impact.interval_bps if impact else None,
        below_four_fifths=impact.below_four_fifths if impact else None,
    )
