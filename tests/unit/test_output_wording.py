"""Text that goes out gives no prohibited basis as a reason and neither demeans nor threatens a customer."""

from __future__ import annotations

import pytest

from domain.guard import Guardrail, Passage, Ruling
from guardrails.output.prohibited_basis import ProhibitedBasis
from guardrails.output.tone import Tone

ORDINARY = (
    "The value is based on the age of the property and two comparable sales.",
    "Marital status is recorded for the register and is not used.",
    "The decision was not based on your race, religion or national origin.",
    "The Equal Credit Opportunity Act prohibits discrimination on the basis of race, color, religion or age.",
    "The oldest trade line has an age of 14 years.",
    "Income from public assistance counts like any other income when it is regular.",
    "The applicant is too young to contract in this state.",
    "The neighborhood has stable values and few listings.",
    "The applicant is married; the spouse is a co-borrower.",
    "The application was incomplete because the pay stubs were older than 60 days.",
    "Because of her debts the back ratio stands at 47.2 percent.",
    "The borrower is late on two accounts and disputes one of them.",
    "If the loan is not paid, we may start foreclosure as the note says.",
    "You will be told of the decision within 30 days.",
    "The statement of income could not be verified with the employer.",
    "We regret the delay; the appraisal came late.",
)
BASES = (
    ("Leave it, because of her religion.", "basis_reason"),
    ("Priced up due to the applicant's national origin.", "basis_reason"),
    ("Not sound, given their welfare.", "basis_reason"),
    ("Lower the limit because she is divorced.", "basis_reason"),
    ("Too long a term, because he is too old.", "basis_trait"),
    ("She may soon have a baby and stop working.", "basis_plans"),
    ("The house stands in a minority neighbourhood.", "basis_place"),
    ("People like you do better elsewhere.", "basis_discouraged"),
    ("At your age a mortgage makes little sense.", "basis_discouraged"),
)
TONES = (
    ("The borrower is a liar.", "tone_demeaning"),
    ("Another deadbeat with old debts.", "tone_demeaning"),
    ("Pay now, or else.", "tone_threat"),
    ("You will go to jail for this debt.", "tone_threat"),
)


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("guardrail", [ProhibitedBasis(), Tone()], ids=lambda each: each.name)
async def test_an_ordinary_sentence_of_the_bank_passes(guardrail: Guardrail, text: str) -> None:
    assert (await guardrail.check(Passage("case-1", text, {}))).ruling is Ruling.PASS


@pytest.mark.parametrize(("text", "rule"), BASES)
async def test_a_prohibited_basis_is_neither_reason_nor_discouragement(text: str, rule: str) -> None:
    verdict = await ProhibitedBasis().check(Passage("case-1", text, {}))
    assert (verdict.ruling, verdict.rule) == (Ruling.REFUSE, rule)


@pytest.mark.parametrize(("text", "rule"), TONES)
async def test_nobody_demeans_or_threatens_a_customer(text: str, rule: str) -> None:
    verdict = await Tone().check(Passage("case-1", text, {}))
    assert (verdict.ruling, verdict.rule) == (Ruling.REFUSE, rule)
