"""Every judgement of the deck, on one screen."""

from __future__ import annotations

from evals.judgements import credit, kyc, mortgage
from evals.judgements.subject import Subject

SUBJECTS: tuple[Subject, ...] = (*mortgage.SUBJECTS, *kyc.SUBJECTS, *credit.SUBJECTS)
BY_CODE: dict[str, Subject] = {each.code: each for each in SUBJECTS}
