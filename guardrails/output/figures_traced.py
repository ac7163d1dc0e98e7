"""Forbids a figure that comes from nowhere, and a claim without evidence."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from domain.leaving import Kind, leaving_of
from domain.numerals import carries_figure, numbers
from guardrails.dates import dates


class FiguresTraced:
    """Stage: output. Refuses a number that no finding, tool result or computation gives, and a claim without evidence.

    Of a letter or order, the words that no book worded are looked at; of a memo, all of it. Whole numbers to 12 are
    counts, and dates are looked at as dates by whoever wrote them. Fails closed: words with a number and no known
    numbers are refused, and whoever runs it treats an error as a refusal. Not seen: numbers in words, and a true
    number used for something else.
    """

    name = "figures_traced"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        leaving = leaving_of(passage)
        if leaving is None:
            return Verdict(Ruling.PASS, "FT0")
        if leaving.uncited:
            return Verdict(
                Ruling.REFUSE, "claim_uncited", f"it claims without evidence: {leaving.uncited[0]}"
            )
        words = (leaving.words or leaving.text) if leaving.kind is Kind.MEMO else "\n".join(leaving.own)
        for number in numbers(_without_dates(words)):
            if carries_figure(number) and number not in (leaving.known or ()):
                return Verdict(Ruling.REFUSE, "figure_untraced", f"the number {number} comes from nowhere")
        return Verdict(Ruling.PASS, "FT1")


def _without_dates(text: str) -> str:
    signs = list(text)
    for start, end, _ in dates(text):
        signs[start:end] = " " * (end - start)
    return "".join(signs)
