"""Forbids values where references belong: no amount, account or document number reaches a tool as an argument."""

from __future__ import annotations

import re

from domain.guard import Passage, Ruling, Stage, Verdict

LONG_NUMBER = re.compile(r"\d{4,}")


class ValuesAsArguments:
    """Stage: execution. Refuses tool arguments that carry a number of four digits or more.

    Tools take references such as ``party:1``; a long number there is an amount or an identifier that a
    model brought along. Fails closed: the gateway treats an error as a refusal. Deterministic, so its
    false-positive rate is that of references with four digits: none exist below party 1000.
    """

    name = "values_as_arguments"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        if LONG_NUMBER.search(passage.text):
            return Verdict(Ruling.REFUSE, "VA1", "tool arguments are references, never values")
        return Verdict(Ruling.PASS, "VA0")
