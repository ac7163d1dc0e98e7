"""The certified questions: read, checked against the tools, found by full text, run, and told.

What is answered here needs no model: a person owns each wording and each query. What no question covers is said to
need a model, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from agents.advisor.reading import Clause, Message
from agents.contract import CallTool
from checkpoints.database import Database
from checkpoints.questions import closest
from domain.errors import Misconfigured
from domain.identity import Record
from tools.gateway import ToolAnswer
from tools.scope import reference

FILE = Path(__file__).with_suffix(".yaml")
Parameter = Literal["case", "hours", "score", "ltv", "rate", "customer", "product", "occupancy"]
SAID = {
    "case": "a case",
    "score": "a credit score",
    "ltv": "a loan-to-value in percent",
    "rate": "a rate in percent",
    "customer": "a customer of yours",
    "hours": "a span of time",
}
OPTIONAL = ("hours", "product", "occupancy")
MOST_CASES = 3  # of one clause
MOST_RATES = 3  # of one what-if
ASKING = (  # words that say what is asked, which the dictionary would drop
    (re.compile(r"\b(why|how come)\b", re.IGNORECASE), "reason"),
    (re.compile(r"\b(who|whom|whose)\b", re.IGNORECASE), "person"),
)


class Question(Record):
    """One certified question with everything it may be asked as."""

    id: str
    owner: str
    runs: str  # a read-only tool
    takes: tuple[Parameter, ...]
    filled: Annotated[dict[str, Parameter], Field(alias="with")]
    asked_as: Annotated[tuple[str, ...], Field(min_length=1)]


class Certified(Record):
    """All of them, as one version of the file."""

    version: int
    owner: str
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @property
    def wordings(self) -> tuple[tuple[str, str], ...]:
        """Pairs of question id and wording."""
        return tuple((each.id, plainly(wording)) for each in self.questions for wording in each.asked_as)


@dataclass(frozen=True, slots=True)
class Found:
    """A clause with the question it was taken for, and the answers of its tool; none when it needs a model."""

    clause: Clause
    question: Question | None
    answers: tuple[ToolAnswer, ...] = ()
    lacks: tuple[str, ...] = ()  # what the question needs and the message does not say


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a message means in its thread: mentions as case ids, and the case spoken of before."""

    message: Message
    cases: Mapping[str, str]  # as mentioned -> id; what is nobody's stands as it was said
    before: str  # case id; empty when none was spoken of


@cache
def certified() -> Certified:
    """The questions of the file; ``Misconfigured`` names what is wrong with it."""
    try:
        return Certified.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise Misconfigured(f"{FILE.name}: {error}") from error


def plainly(words: str) -> str:
    """Words for the full text, with those that ask put into words that it keeps."""
    for asking, kept in ASKING:
        words = asking.sub(kept, words)
    return words


async def run(database: Database, spoken: Spoken, call: CallTool, match_bps: int) -> tuple[Found, ...]:
    """Each clause of a message through the question that is closest; what comes to the same is told once."""
    found = [await _clause(database, spoken, each, call, match_bps) for each in spoken.message.clauses]
    once = {(str(each.question and each.question.id), _same(each)): each for each in reversed(found)}
    return tuple(each for each in found if each in once.values())


async def _clause(
    database: Database, spoken: Spoken, clause: Clause, call: CallTool, match_bps: int
) -> Found:
    matched = await closest(database, plainly(clause.words), certified().wordings)
    close = [each for each in certified().questions if matched.get(each.id, 0) >= match_bps]
    if not close:
        return Found(clause, None)
    question = max(close, key=lambda each: matched[each.id])
    given = list(_ways(spoken, clause, question))
    lacks = tuple(SAID[each] for each in question.takes if each not in OPTIONAL and not given[0][each])
    if lacks:
        return Found(clause, question, lacks=lacks)
    answers = []
    for each in given:
        arguments = {name: each[parameter] for name, parameter in question.filled.items()}
        answers.append(await call(question.runs, arguments))
    return Found(clause, question, tuple(answers))


def _same(found: Found) -> str:
    """Two clauses come to the same when they ran the same query on the same arguments; else by their words."""
    asked = [sorted(each.args.items()) for each in found.answers]
    figures = found.question is not None and found.question.runs == "case_figures"
    return str(asked) if asked and not figures else found.clause.text


def _cases(spoken: Spoken, clause: Clause) -> tuple[str, ...]:
    """The cases a clause is about: those it names, else the message's, else the thread's."""
    named = [spoken.cases[each] for each in clause.mentions or spoken.message.mentions]
    return tuple(dict.fromkeys(named[:MOST_CASES])) or (spoken.before,)


def _ways(spoken: Spoken, clause: Clause, question: Question) -> Iterable[dict[str, Any]]:
    """What the query is run with: once for each case and each rate that are meant."""
    cases = _cases(spoken, clause) if "case" in question.takes else ("",)
    rates = spoken.message.references("rate")[:MOST_RATES] if "rate" in question.takes else ()
    return (_given(spoken, case, rate) for case in cases for rate in rates or ("",))


def _given(spoken: Spoken, case: str, rate: str) -> dict[str, Any]:
    said = spoken.message
    return {
        "case": reference(case) if case else "",
        "hours": said.hours,
        "score": said.figure("score"),
        "ltv": said.figure("ltv"),
        "rate": rate,
        "customer": said.tokens[0] if said.tokens else "",
        "product": said.product,
        "occupancy": said.occupancy,
    }
