"""Sets of documents with labelled identifiers: ``pii/``, rows with ``full_text`` and ``spans``.

A labelled stretch counts as found when one finding of its form covers all of it. Findings that touch no stretch of
their form are wrong. Documents without the form are what the false-positive rate is taken over. Names, addresses
and dates are not recognised by form, but by the vault's own values: labels of other types are not measured here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.guardrails.detectors import Detector
from evals.guardrails.figures import Figure
from evals.guardrails.reading import Row, malformed, named, rows, text_of
from guardrails.identifiers import Form
from guardrails.recognise import Found, recognised

FOLDER = "pii"
LABELS = {
    "CREDIT_CARD": Form.CARD,
    "EMAIL_ADDRESS": Form.EMAIL,
    "EMAIL": Form.EMAIL,
    "IBAN_CODE": Form.IBAN,
    "PHONE_NUMBER": Form.PHONE,
    "PHONE": Form.PHONE,
    "US_BANK_NUMBER": Form.ACCOUNT,
    "US_DRIVER_LICENSE": Form.LICENCE,
    "US_ITIN": Form.SSN,
    "US_PASSPORT": Form.PASSPORT,
    "US_SSN": Form.SSN,
} | {form.name: form for form in Form}
REMEDY = 'write {"entity_type": "…", "start_position": 0, "end_position": 9}'


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch that somebody marked."""

    form: Form
    start: int
    end: int


async def measure(file: Path, _detectors: Sequence[Detector]) -> list[Figure]:
    """One figure per form that the set labels."""
    documents, times = [], []
    for row in rows(file):
        text = text_of(row, file, "full_text", "text")
        labels = list(_labels(row, file, len(text)))
        began = time.perf_counter()
        found = list(recognised(text))
        times.append((time.perf_counter() - began) * 1000)
        documents.append((labels, found))
    labelled = {label.form for labels, _ in documents for label in labels}
    return [_figure(form, named(file), documents, times) for form in Form if form in labelled]


def _figure(
    form: Form, data_set: str, documents: Sequence[tuple[list[Label], list[Found]]], times: list[float]
) -> Figure:
    figure = Figure(f"recognise:{form}", data_set, times=times)
    for labels, found in documents:
        wanted = [label for label in labels if label.form == form]
        raised = [each for each in found if each.form == form]
        right = sum(any(_touch(each, label) for label in wanted) for each in raised)
        figure.right += right
        figure.wrong += len(raised) - right
        figure.positives += len(wanted)
        figure.hits += sum(any(_covers(each, label) for each in raised) for label in wanted)
        figure.negatives += not wanted
        figure.false += bool(raised) and not wanted
    return figure


def _touch(found: Found, label: Label) -> bool:
    return found.start < label.end and label.start < found.end


def _covers(found: Found, label: Label) -> bool:
    return found.start <= label.start and label.end <= found.end


def _labels(row: Row, file: Path, length: int) -> Iterator[Label]:
    number, found = row
    spans = found.get("spans") if isinstance(found, dict) else None
    if not isinstance(spans, list):
        raise malformed(file, number, "spans", "it holds no list of spans", REMEDY)
    for span in spans:
        form = LABELS.get(_type(span, file, number).upper())
        start, end = (_place(span, name, file, number) for name in ("start_position", "end_position"))
        if not 0 <= start < end <= length:
            raise malformed(file, number, "spans", f"{start} to {end} is outside the text", REMEDY)
        if form is not None:
            yield Label(form, start, end)


def _type(span: Any, file: Path, row: int) -> str:
    said = span.get("entity_type") if isinstance(span, dict) else None
    if not isinstance(said, str):
        raise malformed(file, row, "spans.entity_type", "it holds no type", REMEDY)
    return said


def _place(span: dict[str, Any], name: str, file: Path, row: int) -> int:
    said = span.get(name)
    if not isinstance(said, int) or isinstance(said, bool):
        raise malformed(file, row, f"spans.{name}", "it holds no whole number", REMEDY)
    return said
