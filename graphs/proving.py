"""Whether the model behind a finding is one that its golden set passed: asked of the newest run of its very version.

Owns what a version is (prompt, judge, set) and when its proof is good: the workflow's book says it. A specialist
without a set is never proven. Never runs a set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from agents.crew import model_name
from agents.judge import PROMPT as JUDGE_PROMPT
from agents.prompt import read_prompt
from checkpoints.golden import Proof, Ran
from domain.canonical import digest
from domain.finding import ProducedBy
from graphs.services import Services, services
from policies.book import InForce

HandOffs = Mapping[str, Any]  # by specialist, as the state of a case keeps them (``graphs.worker.HandOff``)


def asked_as(model: str) -> str:
    """The name that was asked for, of a model as sessions name the one that answered (``agents/gateway.served``)."""
    return model.partition(" (")[0]


def proof_of(here: Services, specialist: str, model: str, prompt: str) -> Proof | None:
    """What must be proven of a model under a prompt (its digest); nothing where there is no golden set."""
    golden, crew = here.sets(specialist), here.crew
    if golden is None:
        return None
    judge = model_name(crew.judge) if crew.judge else asked_as(model)
    version = digest([prompt, judge, read_prompt(JUDGE_PROMPT).digest, golden.digest])
    return Proof(specialist, model, version)


async def unproven(book: InForce, hand_offs: HandOffs) -> dict[str, tuple[str, ...]]:
    """Specialists whose finding was made by a model that has not passed, with these models."""
    found = {}
    for job, each in hand_offs.items():
        if each["finding"]["produced_by"] == ProducedBy.MODEL.value:
            models, prompt = tuple(each.get("models", ())), str(each.get("prompt", ""))
            missing = await without_proof(services(), book, job, models, prompt)
            if missing:
                found[job] = missing
    return found


async def without_proof(
    here: Services, book: InForce, specialist: str, models: Sequence[str], prompt: str
) -> tuple[str, ...]:
    """Which of these models have no proof that is good; a finding that names no model has none."""
    missing = []
    for model in models or ("a model that is not on record",):
        proof = proof_of(here, specialist, model, prompt)
        ran = await here.golden.newest_of(proof) if proof else None
        if ran is None or not is_good(here, book, ran):
            missing.append(model)
    return tuple(missing)


def is_good(here: Services, book: InForce, ran: Ran) -> bool:
    """Whether a run passes by this book and is not too old."""
    rule = book.rules.autonomy.golden
    young = here.clock.now() - ran.ran_at <= timedelta(days=rule.valid_days)
    return young and rule.passes(ran.score)
