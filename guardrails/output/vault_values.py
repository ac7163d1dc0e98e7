"""Forbids a value of the vault to whoever has no right to it."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from domain.leaving import leaving_of
from guardrails.occurring import readable


class VaultValues:
    """Stage: output. Refuses a text in which a value of the case's vault stands that its recipient may not receive.

    Exact match over the whole vault, in any case, spacing, dashes, accents and escapes; no pattern is needed. The
    right is policy's (``receive`` in ``authority.cedar``). Fails closed: whoever runs it treats an error as a
    refusal. Not seen: values of fewer than 4 signs, numbers of fewer than 6 digits, translations, paraphrase.
    """

    name = "vault_values"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass; the value is never repeated."""
        leaving = leaving_of(passage)
        if leaving is None:
            return Verdict(Ruling.PASS, "VV0")
        text = readable(leaving.text)
        for each in leaving.held:
            if text.holds(each.kind, each.value) and not each.may_receive():
                why = f"a value of the vault ({each.kind.value.replace('_', ' ')}) stands in it"
                return Verdict(Ruling.REFUSE, f"vault_{each.kind.value}", why)
        return Verdict(Ruling.PASS, "VV1")
