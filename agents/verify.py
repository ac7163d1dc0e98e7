"""Code's checks of a model's answer, before any of it is used. Pure.

Figures are copied by code and flags are recomputed by code from complete evidence; what is checked here is
whether the answer was given on that evidence, in words that it holds, and agrees with the book's table.
What code cannot check is for the judge (``agents/judge.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from agents.answer import Answer, asked, plain, quoted, texts
from agents.contract import Conclusion, Evidence, Specialist
from domain.finding import Fact, Figure
from domain.numerals import carries_figure, forms, numbers
from tools.gateway import ToolAnswer

SHORTEST_QUOTE = 8  # characters; less stands in nearly every record
LONGEST_TEXT = 1_500  # characters of a narrative, a quote or a counter-argument
ADVERSE = frozenset({"hold", "decline", "refer"})

TableSays = Callable[[Mapping[str, Fact]], frozenset[str]]  # figures -> outcomes of the rows that they settle


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be used: which check failed, and the reason in words for the model."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """What is checked against what.

    Args:
        specialist: who worked.
        seen: the evidence that the model looked at.
        omitted: tool answers that code added, because the playbook looks at them and the model had not.
        stated: what code concludes from what the model saw.
        conclusion: what code concludes from everything.
        outcomes: of the rows of the book's table that the figures alone settle.
    """

    specialist: Specialist
    seen: Evidence
    omitted: tuple[ToolAnswer, ...]
    stated: Conclusion
    conclusion: Conclusion
    outcomes: frozenset[str] = frozenset()

    @property
    def evidence(self) -> Evidence:
        """Everything, in the order in which it was seen."""
        return Evidence((*self.seen.answers, *self.omitted))


def problems(answer: Answer | None, work: Work) -> tuple[Problem, ...]:
    """Every reason why an answer cannot be used; empty when it can."""
    if answer is None:
        return (Problem("schema", "Your answer did not follow the schema."),)
    return (
        *_unused(work),
        *_incomplete(work),
        *_too_long(answer),
        *_judgements(answer, work),
        *_untraced(answer, work),
        *_against_the_table(answer, work),
    )


def _unused(work: Work) -> Iterable[Problem]:
    used = {answer.tool for answer in work.seen.answers}
    for tool in work.specialist.required:
        if tool not in used:
            yield Problem("tools", f"Use the tool {tool} before you answer.")


def _incomplete(work: Work) -> Iterable[Problem]:
    """Figures and flags recomputed from complete evidence are others than from what the model looked at."""
    if (work.stated.figures, work.stated.flags) != (work.conclusion.figures, work.conclusion.flags):
        for missed in work.omitted:
            arguments = ", ".join(f"{name}={value}" for name, value in sorted(missed.args.items()))
            yield Problem("evidence", f"You did not look at {missed.tool}({arguments}), and it matters.")


def _too_long(answer: Answer) -> Iterable[Problem]:
    written = [answer.narrative, *(text for each in answer.judgements for text in (each.quote, each.counter))]
    if any(len(text) > LONGEST_TEXT for text in written):
        yield Problem("length", f"A text of more than {LONGEST_TEXT} characters is not read.")


def _judgements(answer: Answer, work: Work) -> Iterable[Problem]:
    given = [each.code for each in answer.judgements]
    for code in work.conclusion.asks:
        if given.count(code) != 1:
            yield Problem("judgements", f"Answer the judgement {code} exactly once.")
    for each in asked(answer, work.conclusion):
        if len(plain(each.quote)) < SHORTEST_QUOTE:
            yield Problem("quotes", f"The quote of {each.code} is shorter than {SHORTEST_QUOTE} characters.")
        elif quoted(each, work.evidence) is None:
            where = f"the result of {each.tool}" if each.tool else "any tool result"
            yield Problem("quotes", f"The quote of {each.code} is not in {where}, word for word.")
        if not each.counter.strip():
            yield Problem("judgements", f"Say what speaks against your answer to {each.code}.")


def _untraced(answer: Answer, work: Work) -> Iterable[Problem]:
    prose = " ".join([answer.narrative, *(each.counter for each in answer.judgements)])
    stood = " ".join(text for each in work.evidence.answers for text in texts(each))
    known = {form for each in work.conclusion.figures for form in _forms(each)} | set(numbers(stood))
    for number in numbers(prose):
        if number not in known and carries_figure(number):
            yield Problem("figures", f"The number {number} comes from no tool.")


def _against_the_table(answer: Answer, work: Work) -> Iterable[Problem]:
    adverse = sorted(work.outcomes & ADVERSE)
    if answer.speaks == "for" and adverse:
        yield Problem("table", f"You say it speaks for the application; the book's table says {adverse[0]}.")
    if answer.speaks == "against" and not adverse and not work.conclusion.flags and not work.conclusion.gaps:
        yield Problem("table", "You say it speaks against the application; no row, flag or gap does.")


def _forms(each: Figure) -> Iterable[Decimal]:
    if isinstance(each.value, bool) or not isinstance(each.value, int):
        return ()
    return forms(each.value, each.unit)
