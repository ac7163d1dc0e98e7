"""Source records of credit bureaus."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.identity import Record
from domain.records.amounts import Cents

MOST_FACTORS = 4  # 15 U.S.C. 1681g(f)(1)(C); inquiries are named beside them, 1681g(f)(9)
Score = Annotated[int, Field(ge=0, le=1_000)]
Factor = Annotated[str, Field(min_length=3, max_length=120, pattern=r"^[^;]+$")]


class BureauFile(Record):
    """A consumer report of one party; with what an adverse action notice must say of its score, where sent."""

    kind: Literal["bureau_file"]
    party: str
    pulled_on: date
    score: Annotated[int, Field(ge=300, le=850)]
    monthly_debts_cents: Cents
    delinquencies_24m: Annotated[int, Field(ge=0, le=999)]
    bankruptcies_7y: Annotated[int, Field(ge=0, le=99)] = 0
    agency: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,40}$")] | None = None  # its row in the book
    scored_on: date | None = None  # default: the day it was pulled
    score_from: Score | None = None  # lowest possible score of the scoring model
    score_to: Score | None = None  # highest possible
    key_factors: Annotated[tuple[Factor, ...], Field(max_length=MOST_FACTORS)] = ()  # weightiest first
    inquiries_factor: bool = False  # the number of inquiries lowered the score too

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        """A score stands within the range that the report itself gives."""
        low, high = self.score_from, self.score_to
        if (low is None) != (high is None):
            raise ValueError("score_from and score_to come together")
        if low is not None and high is not None and not low <= self.score <= high:
            raise ValueError(f"the score {self.score} is outside of its range {low} to {high}")
        return self
