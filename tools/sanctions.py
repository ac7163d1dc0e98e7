"""Screens the parties of a case against the sanctions list that the process was started with.

Owns the threshold from which a hit is a potential match, and which hits compliance cleared before. Never
says that a party is the listed person, never fetches a list, never drops a cleared hit in silence, and lets
no name or date of birth out: entry numbers, scores and their reasons only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.clearance import Clearance
from domain.errors import BadInput, InvalidPolicy, Unavailable
from domain.identity import IdentityKind, Record, normalise
from tools.book_rows import rows
from tools.contract import PartyArguments, Tool, ToolContext
from tools.parties import READS, Party, party_of
from tools.screening.match import Hit, ScreeningSubject, SubjectKind, screen
from tools.screening.names import PERFECT
from tools.screening.ofac_list import SanctionsList

SANCTIONS = "sanctions"  # name of the list, in the process and in remembered clearances


class PotentialMatch(Record):
    """One listed entry that may be the party."""

    entry_number: str  # the Treasury's entity number
    entry_version: str  # digest of everything that the list says under that number
    score: int  # 0 to 1000
    matched_on: str  # primary, alias or weak_alias
    programme: str
    explanation: tuple[str, ...]  # the components of the score, without any name
    cleared_by: str = ""  # the approval that cleared exactly this entry for exactly this party before
    lapsed_by: str = ""  # the approval that did, but whose time is over: the match counts again
    cleared_until: date | None = None  # the last day (UTC) on which that approval counts or counted


class TermRow(Record):
    """One row of ``clearance_terms``: how long a clearance on a list counts."""

    list: str
    valid_days: Annotated[int, Field(ge=0, le=3650)]
    source: str
    source_status: Literal["primary", "secondary", "unverified"]


class PartyScreening(Record):
    """One party against one vintage of the list, best match first."""

    party: str
    subject: str = ""  # keyed hash of who was screened; the same in every case
    screened: bool
    problem: str = ""  # why it could not be screened
    list_version: str
    threshold: int  # 0 to 1000; a hit that reaches it is a potential match
    potential_matches: tuple[PotentialMatch, ...] = ()
    cleared_matches: tuple[PotentialMatch, ...] = ()  # cleared before, and unchanged since
    weaker_hits: int = 0  # alike by name, but below the threshold


@dataclass(frozen=True, slots=True)
class Screened:
    """A party as it was compared, with what is alike."""

    identity: str
    """Normalised kind, name, date of birth and country: what a clearance is remembered under."""
    hits: tuple[Hit, ...]
    """Best first."""


async def screen_party(args: PartyArguments, context: ToolContext) -> PartyScreening:
    """Screen one party by name, kind, date of birth and country.

    Score and its components: see ``tools.screening.match``; a potential match has a score of at least the
    book's ``screening_threshold``. A party that cannot be screened (no letters in the name, unknown country)
    is an answer, never a clear one. An entry that compliance cleared for the same normalised identity, and
    that has not changed since, is reported as cleared before, through the last of the days that the book's
    ``clearance_terms`` give (UTC, counted from the day of the decision); after it the match counts again. A
    book that gives no term lets no clearance count.

    Raises:
        Refused: when the party is not one of the case.
        Unavailable: when no sanctions list is loaded.
        InvalidPolicy: when the book gives no threshold from 0 to 1000, or terms that cannot be read.
    """
    return await screening_of(await party_of(context, args.party), context)


async def screening_of(party: Party, context: ToolContext) -> PartyScreening:
    """The screening of a party that is resolved already; as ``screen_party``."""
    sanctions, least = reference_list(context, SANCTIONS), threshold(context)
    seen = {"party": party.reference, "list_version": sanctions.version, "threshold": least}
    try:
        screened = await compared(party, context, sanctions)
    except BadInput as error:
        return PartyScreening.model_validate({**seen, "screened": False, "problem": str(error)})
    found = [_match(hit, sanctions) for hit in screened.hits if hit.score >= least]
    subject = context.clearances.mark(screened.identity) if context.clearances else ""
    matches = await _with_clearances(found, subject, context)
    return PartyScreening.model_validate(
        {
            **seen,
            "subject": subject,
            "screened": True,
            "potential_matches": tuple(each for each in matches if not each.cleared_by),
            "cleared_matches": tuple(each for each in matches if each.cleared_by),
            "weaker_hits": len(screened.hits) - len(found),
        }
    )


async def compared(party: Party, context: ToolContext, names: SanctionsList) -> Screened:
    """A party against a list in the Treasury's layout; comparing runs beside the event loop.

    Raises:
        BadInput: the name has nothing to compare, or the country is not known.
    """
    name = await context.reveal(party.name)
    born = await context.reveal(party.birth_date) if party.birth_date else ""
    kind = SubjectKind.INDIVIDUAL if party.kind == "individual" else SubjectKind.ENTITY
    subject = ScreeningSubject(name, kind, date.fromisoformat(born) if born else None, party.country)
    hits = await asyncio.to_thread(screen, names, subject)
    identity = "|".join((kind.value, normalise(IdentityKind.NAME, name), born, party.country))
    return Screened(identity, hits)


def reference_list(context: ToolContext, name: str) -> SanctionsList:
    """A list of the process by name; ``Unavailable`` when it is not loaded."""
    found = context.lists.get(name)
    if not isinstance(found, SanctionsList):
        raise Unavailable(f"no {name.replace('_', ' ')} list is loaded", control=f"{name}.list")
    return found


def threshold(context: ToolContext) -> int:
    """The book's ``screening_threshold``; ``InvalidPolicy`` when it is none from 0 to 1000."""
    value = context.parameters.get("screening_threshold")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= PERFECT:
        message = f"The book gives no screening_threshold from 0 to {PERFECT}."
        raise InvalidPolicy(message, field="screening_threshold")
    return value


def _match(hit: Hit, sanctions: SanctionsList) -> PotentialMatch:
    return PotentialMatch(
        entry_number=hit.entry_number,
        entry_version=sanctions.entry_version(hit.entry_number),
        score=hit.score,
        matched_on=hit.matched_on.value,
        programme=hit.programme,
        explanation=hit.explanation,
    )


async def _with_clearances(
    matches: list[PotentialMatch], subject: str, context: ToolContext
) -> Iterable[PotentialMatch]:
    if not matches or context.clearances is None:
        return matches
    newest = {
        (each.entry_number, each.entry_version): each
        for each in await context.clearances.of(subject, SANCTIONS)
    }
    if not newest:
        return matches
    valid_days = _valid_days(context)
    return [
        _cleared(match, newest.get((match.entry_number, match.entry_version)), valid_days, context)
        for match in matches
    ]


def _cleared(
    match: PotentialMatch, by: Clearance | None, valid_days: int | None, context: ToolContext
) -> PotentialMatch:
    if by is None or valid_days is None:
        return match
    until = by.last_day(valid_days)
    counts = context.as_of.astimezone(UTC).date() <= until
    told = {"cleared_by" if counts else "lapsed_by": by.approval_id, "cleared_until": until}
    return match.model_copy(update=told)


def _valid_days(context: ToolContext) -> int | None:
    """The days that the book gives a clearance on this list; none, and no clearance counts."""
    terms = (
        rows(context.parameters, "clearance_terms", _TERMS) if "clearance_terms" in context.parameters else ()
    )
    return next((row.valid_days for row in terms if row.list == SANCTIONS), None)


_TERMS = TypeAdapter(tuple[TermRow, ...])

SCREENING = frozenset({"clearance_terms", "screening_threshold"})
"""Parameters that a screening reads."""

TOOLS: tuple[Tool, ...] = (
    Tool(
        "screen_party",
        "Screens one party against the sanctions list: entry numbers, scores and what each score rests on.",
        PartyArguments,
        PartyScreening,
        screen_party,
        READS,
        identity=True,
        parameters=SCREENING,
        versions=frozenset({"list_version"}),
    ),
)
