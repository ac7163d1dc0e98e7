"""The letter that came with the application: the applicants' own words, judged, never believed.

Owns the tool that reads it. Never lets a name or number of a borrower, the property's address or an
employer's name out of it.
"""

from __future__ import annotations

import re
from typing import Any

from domain.identity import Record
from tools.contract import NoArguments, Tool, ToolContext

_IDENTITY = ("name", "birth_date", "tax_number", "customer_number")
_NAMING_EMPLOYERS = ("pay_stub", "wage_statement", "employment_record")


class Letter(Record):
    """The applicants' own explanation; a statement, not evidence."""

    found: bool
    text: str = ""


async def letter_of_explanation(args: NoArguments, context: ToolContext) -> Letter:
    """The letter, with every identity value of the borrowers, the property and employers on record replaced."""
    text = context.application.get("letter_of_explanation") or ""
    if not text.strip():
        return Letter(found=False)
    for token in _tokens(context.application):
        text = _without(text, await context.reveal(token), token)
    for kind in _NAMING_EMPLOYERS:
        for row in await context.warehouse.records(kind):
            if row.get("employer"):
                text = _without(text, await context.reveal(row["employer"]), "[employer]")
    return Letter(found=True, text=text)


def _tokens(application: Any) -> list[str]:
    held = [borrower.get(field) for borrower in application["borrowers"] for field in _IDENTITY]
    held.append(application.get("property", {}).get("address"))
    return [token for token in held if token]


def _without(text: str, value: str, token: str) -> str:
    words = r"\s+".join(re.escape(word) for word in value.split())
    return re.sub(rf"(?<!\w){words}(?!\w)", lambda _: token, text, flags=re.IGNORECASE) if words else text


TOOLS: tuple[Tool, ...] = (
    Tool(
        "letter_of_explanation",
        "The applicants' letter of explanation, if they sent one: their words, not evidence.",
        NoArguments,
        Letter,
        letter_of_explanation,
        frozenset(_NAMING_EMPLOYERS),
        identity=True,
    ),
)
