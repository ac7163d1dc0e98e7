"""What a judgement comes to as a fact of a table: only one that counts is an answer."""

from __future__ import annotations

from datetime import date

import pytest

from domain.finding import Finding, Gap, Judgement, ProducedBy
from graphs.catalog import VOCABULARY
from graphs.supervisor.judged import JUDGEMENTS, judged
from policies.loader import shipped

CODE = "name_difference_ordinary"
BOOK = next(each for each in shipped(VOCABULARY) if each.rules.kind == "kyc_onboarding").on(date(2026, 3, 2))


def found(answer: str = "", gap: str = "", confidence: int = 8_500) -> Finding:
    """A finding with this answer to the question, and this gap about it."""
    said = Judgement(
        question=f"{CODE}: Ordinary?", answer=answer, quote="q", confidence_bps=confidence, counter="c"
    )
    return Finding(
        assignment="r1.kyc",
        specialist="document_verifier",
        conclusion="done",
        judgements=(said,) if answer else (),
        gaps=(Gap(code=f"{gap}:{CODE}", detail="d", needs="person"),) if gap else (),
        produced_by=ProducedBy.MODEL,
    )


@pytest.mark.parametrize(
    ("findings", "comes_to"),
    [
        ((), "not_asked"),
        ((found("supports"),), "supports"),
        ((found("does_not_support", "judgement"),), "does_not_support"),
        ((found("does_not_support", "judgement", 5_900),), "open"),
        ((found("unclear", "judgement"),), "open"),
        ((found("supports", "overturned"),), "open"),
        ((found("does_not_support", "unreviewed"),), "open"),
        ((found(gap="judgement"),), "open"),
        ((found("supports"), found(gap="judgement")), "open"),
        ((found("supports"), found("does_not_support", "judgement")), "open"),
        ((found("supports", "judgement"),), "supports"),
    ],
)
def test_judgement_is_an_answer_only_when_it_counts(findings: tuple[Finding, ...], comes_to: str) -> None:
    assert judged(BOOK, findings) == {CODE: comes_to}


def test_judgements_that_are_sealed_for_compliance_can_stand_in_no_table() -> None:
    assert "activity_explained" not in JUDGEMENTS
    assert {"floor_fits", "mitigants_hold", "unlisted_country_acceptable"} <= JUDGEMENTS
