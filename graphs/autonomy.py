"""The level at which a specialist stands in a workflow at this moment: the book's, or lower by monitors and people.

Read anew each time it matters, in every process. Never moves a level.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.autonomy import Level, lowest
from domain.finding import Finding
from graphs.services import services
from policies.book import InForce


async def levels_of(book: InForce, jobs: Iterable[str]) -> dict[str, Level]:
    """The level of each of these specialists in the book's workflow."""
    moved = await services().autonomy.of_workflow(book.rules.kind)
    return {job: lowest((book.rules.autonomy.of(job), moved.get(job, Level.ACT))) for job in jobs}


async def levels_behind(book: InForce, findings: Iterable[Finding]) -> dict[str, Level]:
    """The level of each specialist whose finding a decision rests on."""
    return await levels_of(book, sorted({each.specialist for each in findings}))


def limited(levels: dict[str, Level]) -> dict[str, str]:
    """Those who may less than the most, as plain JSON."""
    return {job: level.value for job, level in levels.items() if level is not Level.ACT}
