"""What a judgement of the deck is about: who makes it, on which records, and how a case that raises it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from api.demo.stories import Story
from domain.finding import Fact
from evals.judgements.told import Told, Verdict
from tests.fakes.model_script import Call


@dataclass(frozen=True, slots=True)
class Subject:
    """One judgement of one specialist.

    Args:
        code: the judgement, as the prompt's front matter names it.
        job: the specialist.
        tool: whose result holds the words that are judged.
        calls: what the worker looks at.
        tell: a text with its parts, for what is so.
        story: the case in which it is told, as of a day.
        parties: whom the assignment covers.
        facts: what colleagues established before.
    """

    code: str
    job: str
    tool: str
    calls: tuple[Call, ...]
    tell: Callable[[Random, Verdict, str], Told]
    story: Callable[[Told, date], Story]
    parties: tuple[str, ...] = ("party:1",)
    facts: Mapping[str, Fact] = field(default_factory=dict)
