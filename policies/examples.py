"""A book's own example cases: facts that are declared, and what policy must conclude from them.

Owns the written form. Never decides one: the graphs do, with the same code as for a case.

    book: home_loan
    bases:
      clean: {dti_back_bps: 3500, …}
    cases:
      - name: A debt-to-income ratio above 50 % is declined
        day: 2026-03-02
        from: clean
        facts: {dti_back_bps: 5001}
        expect: {outcome: decline, rows: [D1], reasons: [obligations], groups: [underwriters], quorum: 1}
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from domain.decision import Outcome
from domain.errors import InvalidPolicy
from domain.finding import Fact
from domain.identity import Record


class Expected(Record):
    """What must come of it; what is left out is not looked at."""

    outcome: Outcome
    rows: tuple[str, ...] | None = None  # every row that answers, as written in the table
    reasons: tuple[str, ...] | None = None  # codes
    conditions: tuple[str, ...] | None = None  # codes
    unknown: tuple[str, ...] | None = None  # facts that are missing and count
    groups: tuple[str, ...] | None = None  # who may sign
    quorum: int | None = None


class Example(Record):
    """One declared case."""

    name: Annotated[str, Field(min_length=3)]
    day: date  # application date
    base: Annotated[str | None, Field(alias="from")] = None
    facts: dict[str, Fact] = Field(default_factory=dict)  # over those of the base
    without: tuple[str, ...] = ()  # facts of the base that nobody knows here
    expect: Expected


class Examples(Record):
    """The examples of one book."""

    book: str
    bases: dict[str, dict[str, Fact]] = Field(default_factory=dict)
    cases: Annotated[tuple[Example, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _told_apart(self) -> Examples:
        names = [each.name for each in self.cases]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two examples are called {min(twice)!r}")
        for each in self.cases:
            if each.base is not None and each.base not in self.bases:
                raise ValueError(f"{each.name!r} starts from {each.base!r}; have {', '.join(self.bases)}")
        return self

    def facts_of(self, example: Example) -> dict[str, Fact]:
        """What is declared of one example."""
        known = (self.bases[example.base] if example.base else {}) | example.facts
        return {name: value for name, value in known.items() if name not in example.without}


def read_examples(text: str, name: str = "examples") -> Examples:
    """Examples from YAML; ``InvalidPolicy`` names what is wrong and where."""
    try:
        return Examples.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise InvalidPolicy(f"{name}: not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidPolicy(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
