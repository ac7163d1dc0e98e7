"""Screens the parties of a case against the sanctions list that the process was started with.

Owns the threshold from which a hit is a potential match. Never says that a party is the listed person,
never fetches a list, and lets no name or date of birth out: entry numbers, scores and their reasons only.
"""

from __future__ import annotations

import asyncio
from datetime import date

from domain.errors import BadInput, InvalidPolicy, Unavailable
from domain.identity import Record
from tools.contract import PartyArguments, Tool, ToolContext
from tools.identity_documents import borrower
from tools.screening.match import Hit, ScreeningSubject, SubjectKind, screen
from tools.screening.names import PERFECT
from tools.screening.ofac_list import SanctionsList


class PotentialMatch(Record):
    """One listed entry that may be the party."""

    entry_number: str  # the Treasury's entity number
    score: int  # 0 to 1000
    matched_on: str  # primary, alias or weak_alias
    programme: str
    explanation: tuple[str, ...]  # the components of the score, without any name


class PartyScreening(Record):
    """One party against one vintage of the list, best match first."""

    party: str
    screened: bool
    problem: str = ""  # why it could not be screened
    list_version: str
    threshold: int  # 0 to 1000; a hit that reaches it is a potential match
    potential_matches: tuple[PotentialMatch, ...] = ()
    weaker_hits: int = 0  # alike by name, but below the threshold


async def screen_party(args: PartyArguments, context: ToolContext) -> PartyScreening:
    """Screen one natural person by name, date of birth and country.

    Score and its components: see ``tools.screening.match``; a potential match has a score of at least the
    book's ``screening_threshold``. Comparing runs beside the event loop. A party that cannot be screened
    (no letters in the name, unknown country) is an answer, never a clear one.

    Raises:
        Refused: when the party is not one of the case.
        Unavailable: when no sanctions list is loaded.
        InvalidPolicy: when the book gives no threshold from 0 to 1000.
    """
    stated, sanctions, threshold = borrower(context, args.party), _list(context), _threshold(context)
    subject = ScreeningSubject(
        await context.reveal(stated["name"]),
        SubjectKind.INDIVIDUAL,
        date.fromisoformat(await context.reveal(stated["birth_date"])),
        stated["country"],
    )
    seen = {"party": args.party, "list_version": sanctions.version, "threshold": threshold}
    try:
        hits = await asyncio.to_thread(screen, sanctions, subject)
    except BadInput as error:
        return PartyScreening.model_validate({**seen, "screened": False, "problem": str(error)})
    matches = tuple(_match(hit) for hit in hits if hit.score >= threshold)
    weaker = len(hits) - len(matches)
    return PartyScreening.model_validate(
        {**seen, "screened": True, "potential_matches": matches, "weaker_hits": weaker}
    )


def _match(hit: Hit) -> PotentialMatch:
    return PotentialMatch(
        entry_number=hit.entry_number,
        score=hit.score,
        matched_on=hit.matched_on.value,
        programme=hit.programme,
        explanation=hit.explanation,
    )


def _list(context: ToolContext) -> SanctionsList:
    sanctions = context.lists.get("sanctions")
    if not isinstance(sanctions, SanctionsList):
        raise Unavailable("no sanctions list is loaded", control="sanctions.list")
    return sanctions


def _threshold(context: ToolContext) -> int:
    value = context.parameters.get("screening_threshold")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= PERFECT:
        message = f"The book gives no screening_threshold from 0 to {PERFECT}."
        raise InvalidPolicy(message, field="screening_threshold")
    return value


TOOLS: tuple[Tool, ...] = (
    Tool(
        "screen_party",
        "Screens one party against the sanctions list: entry numbers, scores and what each score rests on.",
        PartyArguments,
        PartyScreening,
        screen_party,
    ),
)
