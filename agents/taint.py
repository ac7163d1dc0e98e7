"""What a finding says of texts that were kept from it: no conclusion from the rest of such a text passes unmarked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.contract import flag
from domain.finding import Flag, Severity
from domain.quarantine import marks
from tools.gateway import ToolAnswer

QUARANTINED_TEXT = "quarantined_text"


def tainted(answers: Sequence[ToolAnswer]) -> Iterator[Flag]:
    """One flag for each answer in which a mark stands, with its journal entry."""
    for each in answers:
        if rules := marks(each.result):
            detail = (
                f"{each.tool} holds text from outside that tried to steer its reader ({', '.join(rules)}); "
                "that passage was not read, and what stands around it was written by the same hand"
            )
            yield flag(QUARANTINED_TEXT, detail, each, Severity.SERIOUS)
