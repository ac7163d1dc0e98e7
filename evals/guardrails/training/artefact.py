"""The artefact: weights, threshold and the digests of what they were made from; equal sources give equal bytes.

Owns how the threshold is set: hardly any customer's question or document that a model has not learnt from may reach
it, and few of our own look-alikes, which are made to be mistaken. Two halves of the texts stand in for texts that
nobody has seen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.canonical import digest
from evals.guardrails.training.perceptron import Labelled, learnt
from evals.guardrails.training.sources import DOCUMENTS, HOUSE, OWN, PARTS, QUESTIONS, sources, texts
from guardrails.injection.linear import Model

VERSION = 2
HALVES = 2
ONE_IN = 2_500  # of what a bank reads that may be as heavy: the aim is one in a thousand
PROSE = (
    QUESTIONS,
    DOCUMENTS,
    PARTS,
)  # what a bank reads; the strange strings are no prose, and one is an attempt
OWN_BELOW = 97  # percent of our own look-alikes; the aim is 95 of those that others write


def build(folder: Path) -> dict[str, Any]:
    """The artefact from a folder of sets."""
    found = texts(folder)
    content = {
        "version": VERSION,
        "threshold": threshold(found),
        "sources": [
            *sources(folder),
            *(_own(found, name) for name in (OWN, HOUSE)),
        ],
        "weights": learnt(found),
    }
    return content | {"digest": digest(content)}


def _own(found: Sequence[Labelled], name: str) -> dict[str, str]:
    return {"set": name, "sha256": digest([each.text for each in found if each.source == name])}


def written(artefact: dict[str, Any]) -> str:
    """The artefact as it lies in its file: keys in order, one weight a line."""
    return json.dumps(artefact, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def threshold(found: Sequence[Labelled]) -> int:
    """The score that hardly an ordinary text reaches under weights that were learnt without it."""
    highest = 0
    for half in range(HALVES):
        model = Model(VERSION, 0, learnt([each for n, each in enumerate(found) if n % HALVES != half]))
        unseen = [each for n, each in enumerate(found) if n % HALVES == half and not each.attempt]
        own = sorted(model.score(each.text) for each in unseen if each.source == OWN)
        prose = sorted(model.score(each.text) for each in unseen if each.source in PROSE)
        above = len(prose) // ONE_IN + 1
        highest = max(highest, own[len(own) * OWN_BELOW // 100], prose[-above])
    return highest
