"""Forbids identifiers in text that goes out."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.recognise import recognised


class IdentityInText:
    """Stage: output. Refuses text in which an identifier stands: by check digit, by shape, or by the word beside it.

    Vault values are matched elsewhere, exactly; this catches what no vault holds. Fails closed: whoever runs it
    treats an error as a refusal. Measured by ``make eval-guardrails`` (``docs/guardrails.md``): no false positive
    in 10,003 customers' questions; a 12 to 19 digit number of an issuer's range passes Luhn by chance once in ten.
    """

    name = "identity_in_text"
    version = "2"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        found = next(recognised(passage.text), None)
        if found is not None:
            return Verdict(Ruling.REFUSE, f"identity_{found.kind.value}", "an identifier stands in the text")
        return Verdict(Ruling.PASS, "II0")
