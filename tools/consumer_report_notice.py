"""The consumer report part of an adverse action notice: 15 U.S.C. 1681m(a), section 615(a) of the FCRA.

Owns the words. Every particular comes in the arguments of the action that was countersigned: the agencies from
the book, the score that was used from the facts of the case. Never looks a score up, never adds a factor.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from domain.identity import Record
from domain.records.bureau import MOST_FACTORS

NOT_THE_DECIDER = (  # 1681m(a)(3)(B)
    "Our decision rests in whole or in part on information in a consumer report from the agency named here. "
    "The agency did not make this decision and is unable to give you the specific reasons for it."
)
RIGHTS = (  # 1681m(a)(4), 1681j(b), 1681i
    "You have the right to a free copy of your consumer report from the agency if you ask for it within "
    "60 days after you receive this notice, and the right to dispute with the agency the accuracy or "
    "completeness of any information in the report."
)
SCORE = (  # 1681m(a)(2), 1681g(f)(1)
    "We used a credit score in this decision. A credit score is a number that reflects the information in a "
    "consumer report; it can change as that information changes."
)


class ReportTerms(Record):
    """Arguments of a notice about consumer reports that were used; all or none of a score's."""

    reporting_agencies: Annotated[str, Field(max_length=2000)] = (
        ""  # name, address, number; semicolons between
    )
    credit_score: int | None = None
    credit_score_party: str | None = None  # whose, as the case refers to them
    credit_score_on: date | None = None
    credit_score_from: int | None = None
    credit_score_to: int | None = None
    credit_score_factors: str = ""  # semicolons between them

    @property
    def factors(self) -> list[str]:
        """Key factors, weightiest first."""
        return [part.strip() for part in self.credit_score_factors.split(";") if part.strip()]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """A score is told with its day, range, factors and agency, or not at all."""
        if self.credit_score is None:
            return self
        if not self.reporting_agencies:
            raise ValueError("a credit score was used, and the agency that reported it is not named")
        if None in (self.credit_score_on, self.credit_score_from, self.credit_score_to):
            raise ValueError("a credit score is disclosed with its day and its range")
        if not 1 <= len(self.factors) <= MOST_FACTORS + 1:
            raise ValueError("a credit score is disclosed with 1 to 4 key factors, 5 if inquiries is one")
        return self


def consumer_report(terms: ReportTerms) -> dict[str, Any]:
    """What the notice says; nothing when no consumer report was used."""
    if not terms.reporting_agencies:
        return {}
    agencies = [part.strip() for part in terms.reporting_agencies.split(";")]
    said: dict[str, Any] = {"agencies": agencies, "statement": NOT_THE_DECIDER, "rights": RIGHTS}
    return {"consumer_report": said | ({} if terms.credit_score is None else {"score": _score(terms)})}


def _score(terms: ReportTerms) -> dict[str, Any]:
    return {
        "statement": SCORE,
        "score": terms.credit_score,
        "of": terms.credit_score_party,
        "created_on": terms.credit_score_on.isoformat() if terms.credit_score_on else None,
        "range": [terms.credit_score_from, terms.credit_score_to],
        "key_factors": terms.factors,
    }
