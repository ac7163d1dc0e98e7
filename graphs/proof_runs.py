"""Runs golden sets on change (of model, prompt, judge or set) and on schedule, and lowers who is not consistent.

Owns which models a specialist may be asked with, and when a set is due. What passes says the book of each workflow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from langchain_core.language_models import BaseChatModel

from agents.crew import model_name
from agents.prompt import read_prompt
from checkpoints.autonomy import Place
from checkpoints.golden import Proof, Ran
from domain.autonomy import one_below
from domain.errors import Halted, NotFound, Unavailable
from domain.golden import Score
from domain.incident import IncidentKind
from graphs.autonomy import levels_of
from graphs.golden.running import run_set
from graphs.golden.sets import PROMPTS, Questions, jobs_with_models
from graphs.proving import asked_as, proof_of
from graphs.services import Services
from policies.book import Book

log = structlog.get_logger(__name__)
MONITOR = "golden set monitor"
RAISES = "autonomy_raise"  # the book of whoever answers for models: theirs is a set that fails


@dataclass(frozen=True, slots=True)
class Candidate:
    """A specialist's set and a model that may be asked its questions."""

    golden: Questions
    model: BaseChatModel
    proof: Proof  # by the name that is asked for


async def candidates(here: Services, jobs: Iterable[str] = tuple(PROMPTS)) -> list[Candidate]:
    """Every set with every model that some workflow would ask, the fallback included."""
    found = []
    for job in jobs:
        golden, prompt = here.sets(job), read_prompt(PROMPTS[job]).digest
        for name, model in (await _models(here, job)).items():
            proof = proof_of(here, job, name, prompt)
            if golden is not None and proof is not None:
                found.append(Candidate(golden, model, proof))
    return found


async def prove_due(here: Services, jobs: Iterable[str] = tuple(PROMPTS)) -> list[Ran]:
    """Run what has no young result of its very version; a model that is silent or halted is asked another time."""
    ran = []
    for each in await candidates(here, jobs):
        if await _is_due(here, each):
            try:
                ran.append(await prove(here, each, MONITOR))
            except (Unavailable, Halted) as error:
                log.warning("golden_set_not_answered", specialist=each.proof.specialist, reason=error.message)
                what = "its golden set was due and could not be asked; it is tried again every hour"
                await _tell(here, "golden_set_unanswered", each.proof, what)
    return ran


async def prove(here: Services, candidate: Candidate, by: str) -> Ran:
    """Run a set, keep what came, and lower where a book finds it inconsistent; ``Unavailable`` for a silent model."""
    came = await run_set(here, candidate.golden, candidate.model)
    proof = replace(candidate.proof, model=came.model)
    ran = await here.golden.keep(proof, candidate.proof.model, came.score, by)
    for book in await books_with(here, proof.specialist):
        await _lowered(here, book, proof, came.score)
    await _told_of_failure(here, proof, came.score)
    return ran


async def _told_of_failure(here: Services, proof: Proof, score: Score) -> None:
    """Whoever answers for models hears of a set that was not passed; what it costs follows by itself."""
    failed = [
        book.rules.kind
        for book in await books_with(here, proof.specialist)
        if not book.rules.autonomy.golden.passes(score)
    ]
    if failed:
        missed = f"; missed: {', '.join(score.missed)}" if score.missed else "; answers moved that must not"
        what = f"{score.right} of {score.n} right{missed}; it did not pass in {', '.join(failed)}"
        await _tell(here, "golden_set_failed", proof, what)


async def _tell(here: Services, kind: IncidentKind, proof: Proof, what: str) -> None:
    row = (await here.books.current(RAISES)).rules.referral("open_question")
    async with here.database.transaction() as connection:
        await here.incidents.open(connection, kind, f"{proof.specialist} with {proof.model}", what, row)


async def _is_due(here: Services, candidate: Candidate) -> bool:
    ran = await here.golden.newest_asked(candidate.proof)
    books = await books_with(here, candidate.proof.specialist)
    soonest = min(each.rules.autonomy.golden.every_days for each in books)
    if ran is None or here.clock.now() - ran.ran_at >= timedelta(days=soonest):
        return True
    return any([await _another_answers(here, book, ran) for book in books])


async def _another_answers(here: Services, book: Book, ran: Ran) -> bool:
    """Whether the endpoint has put another model behind the name since: the newest finding tells."""
    seen = await here.drift.seen(Place(ran.proof.specialist, book.rules.kind), ran.ran_at, limit=1)
    models = {model for each in seen for model in each.version.models if asked_as(model) == ran.asked_as}
    return bool(models - {ran.proof.model})


async def _lowered(here: Services, book: Book, proof: Proof, score: Score) -> None:
    rule, place = book.rules.autonomy.golden, Place(proof.specialist, book.rules.kind)
    moved = rule.inconsistent(score)
    if not moved:
        return
    stands = (await levels_of(book.on(here.clock.now().date()), (place.specialist,)))[place.specialist]
    to = rule.swapped_lowers_to if "swaps" in moved else one_below(stands)
    shown = {"samples": score.samples, "rewordings": score.rewordings, "swaps": score.swaps}
    counts = "; ".join(f"{name}: {shown[name].moved} of {shown[name].n} moved an answer" for name in moved)
    by = f" ({', '.join(score.moved_by)})" if score.moved_by else ""
    await here.autonomy.lower(place, to, f"golden set of {proof.model}: {counts}{by}", MONITOR)


async def books_with(here: Services, job: str) -> list[Book]:
    """The workflows that use a specialist, the planner or the advisor."""
    return [book for book in await here.books.all() if job in jobs_with_models(book.rules)]


async def _models(here: Services, job: str) -> dict[str, BaseChatModel]:
    tiers = {book.rules.mandate(job).tier for book in await books_with(here, job)}
    asked = [here.crew.models[tier] for tier in sorted(tiers) if tier in here.crew.models]
    fallback = here.crew.model_gateway.fallback
    return {model_name(each): each for each in (*asked, *([fallback] if fallback else []))}


async def of_specialists(here: Services, names: list[str]) -> list[Candidate]:
    """Candidates of these specialists, of all without names; ``NotFound`` names those that have a set."""
    all_of_them = await candidates(here)
    having = [job for job in PROMPTS if here.sets(job) is not None]
    unknown = set(names) - set(having)
    if unknown:
        raise NotFound(
            f"no golden set of {', '.join(sorted(unknown))}", remedy=f"there are {', '.join(having)}"
        )
    return [each for each in all_of_them if not names or each.proof.specialist in names]
