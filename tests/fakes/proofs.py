"""Proofs as if a golden set had run, and sets of few items, for tests that are about something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agents.prompt import read_prompt
from domain.golden import Alike, Score
from graphs.golden.sets import PROMPTS, Questions, shipped
from graphs.proving import proof_of
from graphs.services import Services, install

ALL_RIGHT = Score(n=8, right=8, open=0, wrong=0, samples=Alike(n=8), rewordings=Alike(), swaps=Alike())


async def proven(services: Services, job: str, model: str = "scripted", score: Score = ALL_RIGHT) -> None:
    """Keep a run of this job's set by a model."""
    proof = proof_of(services, job, model, read_prompt(PROMPTS[job]).digest)
    assert proof is not None
    await services.golden.keep(proof, model, score, "test")


def of_items(services: Services, *ids: str) -> Services:
    """The same services, installed, whose golden sets ask these items alone."""

    def few(job: str) -> Questions | None:
        golden: Any = shipped(job)
        kept = tuple(each for each in golden.items if each.id in ids) if golden else ()
        return golden.model_copy(update={"items": kept}) if golden else None

    equipped = replace(services, sets=few)
    install(equipped)
    return equipped
