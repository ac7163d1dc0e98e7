"""Work that people do themselves where a specialist's failed: the shape of a book's row.

Owns what a row says. Who is asked, and when, is decided by the supervisor (``graphs/supervisor/planning.py``).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.finding import Fact
from domain.identity import Record
from policies.table import SourceStatus


class HandRow(Record):
    """Two people of compliance do this work where it failed: nothing is cleared by a failure.

    Args:
        settles: what each fact is known to be once they approved, with their approval as its source.
        asks: what they are asked to have done.
    """

    specialist: str
    settles: Annotated[dict[str, Fact], Field(min_length=1)]
    asks: Annotated[str, Field(min_length=20, max_length=500)]
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED
