"""Exceptions of low risk, as a book says them, and what is wrong with its rows.

Owns the shape of a row. Never looks at a case (``graphs/supervisor/exceptions.py`` does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record
from policies.table import SourceStatus

DEGRADED = "degraded"  # a model failed, and the playbook did the whole of its work
NEVER = (
    "failed:",
    "unscreened:",
    "overturned:",
    "unreviewed:",
)  # gaps behind which nobody did the work, or erred


class ExceptionRow(Record):
    """Which exceptions a case of low risk goes on with by itself.

    Args:
        codes: of gaps, or ``degraded``: a model failed and its specialist's playbook did the work.
        risks: of the customer, as rated; one whom nobody rated is none of them.
        sample_bps: of the uses of standing authority that rest on it, for a person to review later.
    """

    id: str
    specialists: Annotated[tuple[str, ...], Field(min_length=1)]
    codes: Annotated[tuple[str, ...], Field(min_length=1)]
    products: Annotated[tuple[str, ...], Field(min_length=1)]
    max_cents: Annotated[int, Field(ge=0)]
    risks: Annotated[tuple[Literal["low", "medium"], ...], Field(min_length=1)]
    sample_bps: Annotated[int, Field(ge=100, le=10_000)]  # never none: somebody looks afterwards
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED


def problems_of_exceptions(
    rows: Sequence[ExceptionRow], jobs: Iterable[str], never: Iterable[str]
) -> Iterator[str]:
    """A sentence for each row that names nobody, or lets pass what is for people always.

    ``never``: specialists whose work holds cases.
    """
    working, holding = set(jobs), set(never)
    yield from (f"{id_} is there {n} times" for id_, n in Counter(row.id for row in rows).items() if n > 1)
    for row in rows:
        for job in row.specialists:
            if job not in working:
                yield f"exceptions.{row.id}: {job} does not work under this book"
            if job in holding:
                yield f"exceptions.{row.id}: what {job} leaves open is for people, always"
        for code in row.codes:
            if code.startswith(NEVER):
                yield f"exceptions.{row.id}: {code} is for people, always"
