"""The level at which a specialist stands in a workflow at this moment: the book's, or lower by monitors and people.

Read anew each time it matters, in every process. Never moves a level.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.prompt import read_prompt
from agents.roster import ROSTER
from domain.autonomy import Level, lowest
from graphs.proving import HandOffs, unproven, without_proof
from graphs.services import services
from policies.book import InForce


async def levels_of(book: InForce, jobs: Iterable[str]) -> dict[str, Level]:
    """The level of each of these specialists in the book's workflow."""
    moved = await services().autonomy.of_workflow(book.rules.kind)
    return {job: lowest((book.rules.autonomy.of(job), moved.get(job, Level.ACT))) for job in jobs}


async def levels_behind(book: InForce, hand_offs: HandOffs) -> dict[str, Level]:
    """The level of each specialist whose finding a decision rests on; at most the book's for an unproven model."""
    levels, without = await levels_of(book, sorted(hand_offs)), await unproven(book, hand_offs)
    return {
        job: lowest((level, book.rules.autonomy.unproven)) if job in without else level
        for job, level in levels.items()
    }


async def level_at_work(book: InForce, job: str) -> Level:
    """The level at which a specialist starts to work: with the model that it would ask first."""
    level = (await levels_of(book, (job,)))[job]
    here = services()
    model = here.crew.asked_first(book.rules.mandate(job).tier)
    if model is None or book.rules.autonomy.unproven is not Level.SHADOW:
        return level
    prompt = read_prompt(ROSTER[job].prompt_file).digest
    proven = not await without_proof(here, book, job, (model,), prompt)
    return level if proven else Level.SHADOW


async def told(book: InForce, hand_offs: HandOffs) -> dict[str, str]:
    """Those who may less than the most, with their level and why, for whoever decides."""
    levels, without = await levels_behind(book, hand_offs), await unproven(book, hand_offs)
    return {
        job: f"{level}: {', '.join(without[job])} passed no golden set" if job in without else level.value
        for job, level in levels.items()
        if level is not Level.ACT
    }
