"""Which numbers a credit memo may state, and which of its claims rest on nothing.

Owns the sum of what is known: numbers of the journaled answers and of everything else that the memo is written from,
in every form in which they are shown, and what the memo itself adds up, worked out again here. Changes no memo.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from domain.document import Document, Line, Paragraph, Points, Table, anchors, cell, texts
from domain.numerals import forms, numbers
from tools.credit.memo.evidence import MemoEvidence

UNITS = ("cents", "bps", "times")
FIGURE = re.compile(r"\bUSD -?\d|\d ?%")  # what a claim about money or a ratio states
OF_THE_FORM = frozenset({Decimal(256)})  # SHA-256, named where documents are listed


def known_numbers(evidence: MemoEvidence) -> frozenset[Decimal]:
    """Every number that the evidence gives, in every form in which it may be shown."""
    told, stress = evidence.answers, evidence.answers.stress
    sheets = (told.statements, told.ratios, stress, told.rating, told.covenants, told.assessment)
    repricing = (stress.repricing_existing_cents or 0) + (stress.repricing_proposed_cents or 0)
    stood = [*(each.model_dump(mode="json") for each in sheets), *_plain(evidence), repricing]
    return frozenset(number for each in stood for number in _numbers(each)) | OF_THE_FORM


def uncited(memo: Document) -> tuple[str, ...]:
    """Lines that state a figure and name nothing that it rests on, and links that lead nowhere."""
    there = anchors(memo)
    dangling = (each.text for each in texts(memo) if each.to is not None and each.to not in there)
    return (
        *dangling,
        *("".join(part.text for part in line) for line in _lines(memo) if _rests_on_nothing(line)),
    )


def prose(memo: Document) -> str:
    """Everything that the memo says, without its look."""
    return "\n".join(each.text for each in texts(memo))


def _rests_on_nothing(line: Line) -> bool:
    states = any(FIGURE.search(each.text) for each in line)
    return states and not any(each.to or each.anchor for each in line)


def _lines(memo: Document) -> Iterable[Line]:
    for block in (each for section in memo.sections for each in section.blocks):
        if isinstance(block, Paragraph):
            yield block.line
        elif isinstance(block, Points):
            yield from block.lines
        elif isinstance(block, Table):
            yield from (tuple(text for given in row for text in cell(given)) for row in block.rows)


def _plain(evidence: MemoEvidence) -> Iterable[Any]:
    """Everything beside the tools' answers, as plain JSON."""
    yield evidence.case.model_dump(mode="json")
    yield dict(evidence.application)
    yield [each.model_dump(mode="json") for each in evidence.findings.values()]
    yield evidence.decision.model_dump(mode="json") if evidence.decision else None
    yield [evidence.title, *evidence.policy_rows, *evidence.journal, *evidence.journal.values()]
    yield [each.model_dump(mode="json") for each in evidence.requests]
    yield [asdict(each) for each in evidence.signatures]


def _numbers(value: Any) -> Iterable[Decimal]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        yield from (form for unit in UNITS for each in (value, -value) for form in forms(each, unit))
    elif isinstance(value, str):
        yield from numbers(value)
    elif isinstance(value, Mapping):
        yield from (number for each in (*value, *value.values()) for number in _numbers(each))
    elif isinstance(value, list | tuple):
        yield from (number for each in value for number in _numbers(each))
    else:
        yield from numbers(json.dumps(value, default=str))
