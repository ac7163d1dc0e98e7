"""Forbids applications of people who are too young to contract, or of countries that the book does not serve."""

from __future__ import annotations

from domain.admission import Applied
from domain.guard import Passage, Ruling, Stage, Verdict

PASSED = "NA0"


class NotAdmitted:
    """Stage: input, over applications. Refuses before there is a case, before any agent sees the request.

    What is stated counts: whether it is true is found out later, by identity documents. Fails closed: intake treats
    an error as a refusal. Deterministic: no false positives.
    """

    name = "not_admitted"
    version = "1"
    stage: Stage = "input"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass; a text has no applicants."""
        applied: Applied | None = passage.context.get("applied")
        if applied is None:
            return Verdict(Ruling.PASS, PASSED)
        for rule, field, why in applied.against():
            return Verdict(Ruling.REFUSE, f"NA_{rule}", f"{field}: {why}")
        return Verdict(Ruling.PASS, PASSED)
