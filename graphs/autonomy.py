"""The level at which a specialist stands in a workflow at this moment: the book's, or lower by monitors and people.

Read anew each time it matters, in every process. Never moves a level.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.prompt import read_prompt
from checkpoints.golden import Proof
from domain.autonomy import Level, lowest, needs_person
from graphs.golden.sets import PROMPTS
from graphs.proving import HandOffs, is_good, proof_of, unproven, without_proof
from graphs.services import Services, services
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
    prompt = read_prompt(PROMPTS[job]).digest
    proven = not await without_proof(here, book, job, (model,), prompt)
    return level if proven else Level.SHADOW


async def unheard(book: InForce, job: str, models: tuple[str, ...] | None = None) -> str:
    """Why a model is not heard where its word reaches a person at once; empty when it is.

    Args:
        book: whose levels and proofs count.
        job: of the advisor, whose answers nobody reviews before they are read.
        models: that answered; before anybody is asked, whichever answered last under the name that is asked first.
    """
    here, rule = services(), book.rules.autonomy
    first = here.crew.asked_first(book.rules.mandate(job).tier)
    if first is None:
        return ""
    level = (await levels_of(book, (job,)))[job]
    if needs_person(level):
        return f"it stands at {level}"
    if not needs_person(rule.unproven):
        return ""
    prompt = read_prompt(PROMPTS[job]).digest
    missing = (
        await _asked_first(here, book, job, proof_of(here, job, first, prompt))
        if models is None
        else await without_proof(here, book, job, models, prompt)
    )
    return f"{', '.join(missing)} passed no golden set" if missing else ""


async def _asked_first(here: Services, book: InForce, job: str, proof: Proof | None) -> tuple[str, ...]:
    ran = await here.golden.newest_asked(proof) if proof else None
    return () if ran is not None and is_good(here, book, ran) else (proof.model if proof else job,)


async def told(book: InForce, hand_offs: HandOffs) -> dict[str, str]:
    """Those who may less than the most, with their level and why, for whoever decides."""
    levels, without = await levels_behind(book, hand_offs), await unproven(book, hand_offs)
    return {
        job: f"{level}: {', '.join(without[job])} passed no golden set" if job in without else level.value
        for job, level in levels.items()
        if level is not Level.ACT
    }
