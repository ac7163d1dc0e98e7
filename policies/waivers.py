"""Which conditions of an approval a bank may do without: who asks for it and for which reasons, as a book says it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.identity import Record
from policies.table import SourceStatus

WAIVER = "waiver"  # the boundary at which others countersign


class Waivers(Record):
    """What may be waived; nothing that is not named here ever is."""

    asked_by: tuple[str, ...]  # groups
    conditions: tuple[str, ...]  # codes of conditions
    reasons: Mapping[str, str]  # code -> in words
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED
