"""A credit memo states no number that its evidence does not give, and no figure that names nothing it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.documents.markdown import markdown
from domain.document import Document, Paragraph, Section, Text
from domain.guard import Passage, Ruling, Verdict
from domain.leaving import Audience, Kind, Leaving
from guardrails.output.figures_traced import FiguresTraced
from tests.fakes.memos import company_context, memo_evidence
from tests.unit.test_credit_memo import FILED, OTHER, SAID, WEAK, bureau
from tools.credit.memo.contents import write
from tools.credit.memo.evidence import MemoEvidence
from tools.credit.memo.tracing import known_numbers, prose, uncited


async def ruled(evidence: MemoEvidence, memo: Document) -> Verdict:
    """What the gate's guardrail over figures says of a memo."""
    leaving = Leaving(
        "case-1",
        Kind.MEMO,
        Audience.STAFF,
        markdown(memo),
        words=prose(memo),
        known=known_numbers(evidence),
        uncited=uncited(memo),
    )
    return await FiguresTraced().check(Passage("case-1", leaving.text, {"leaving": leaving}))


def with_line(memo: Document, *line: Text) -> Document:
    """The memo with one more line."""
    return replace(memo, sections=(*memo.sections, Section("More", (Paragraph(line),))))


@pytest.mark.parametrize("records", [(FILED, OTHER, SAID), (WEAK,), ()], ids=["whole", "weak", "bare"])
async def test_memo_as_it_is_written_passes(records: tuple[Any, ...]) -> None:
    evidence = await memo_evidence(company_context(bureau(1), *records))
    verdict = await ruled(evidence, write(evidence))
    assert verdict.ruling is Ruling.PASS, verdict


async def test_number_that_no_evidence_gives_keeps_the_memo_back() -> None:
    evidence = await memo_evidence(company_context(bureau(1), FILED))
    memo = with_line(write(evidence), Text("Coverage is 7.77x.", to="s-ratio-dscr-pro-forma-2025-12-31"))
    assert (await ruled(evidence, memo)).rule == "figure_untraced"


async def test_figure_that_names_nothing_it_rests_on_keeps_the_memo_back() -> None:
    evidence = await memo_evidence(company_context(bureau(1), FILED))
    known = Text("EBIT is USD 1,700,000.00.")
    assert (await ruled(evidence, with_line(write(evidence), known))).rule == "claim_uncited"
    nowhere = replace(known, to="s-nowhere")
    assert (await ruled(evidence, with_line(write(evidence), nowhere))).rule == "claim_uncited"
