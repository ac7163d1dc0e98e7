"""Forbids an adverse order that gives other reasons than those really used."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from domain.leaving import leaving_of


class ReasonsUsed:
    """Stage: output. Refuses an adverse order of which one argument is not what the decision table gives again.

    Reasons, their wordings, the consumer report's particulars and the creditor are recomputed from the rows of
    the pinned book over the facts of the decision, when the order is released (12 CFR 1002.9(b)(2), 15 U.S.C.
    1681m(a)). Fails closed: reasons that cannot be recomputed are refused, and whoever runs it treats an error as
    a refusal. No false positives: equality is decided.
    """

    name = "reasons_used"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        leaving = leaving_of(passage)
        if leaving is None or not leaving.adverse:
            return Verdict(Ruling.PASS, "RU0")
        if leaving.used is None:
            return Verdict(
                Ruling.REFUSE, "reasons_unknown", "the reasons that were used cannot be worked out again"
            )
        for name, value in leaving.used.items():
            if leaving.args.get(name) != value:
                return Verdict(
                    Ruling.REFUSE, f"reasons_{name}", f"{leaving.what}: {name} is not what was really used"
                )
        return Verdict(Ruling.PASS, "RU1")
