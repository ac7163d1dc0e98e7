"""Screens the parties of a case against the lists of political exposure and of adverse media.

Owns what a hit on either list shows: an office, or a report with every name taken out. Never says that an
office or a report is the party's own, never holds a case, and never fetches a list. Lists are folders in the
layout of the sanctions list: ``title`` is the office or headline, ``program`` the class, ``remarks`` dates of
birth, countries and the report.
"""

from __future__ import annotations

import re

from domain.errors import BadInput
from domain.identity import Record
from tools.contract import PartyArguments, Tool, ToolContext
from tools.parties import READS, party_of
from tools.sanctions import compared, reference_list, threshold
from tools.screening.match import Hit
from tools.screening.ofac_list import SanctionsList

PEP, MEDIA = "pep", "adverse_media"
WITHHELD = "[name]"
LEAST_WORD = 3  # shorter words of a name are not taken out of a report


class Office(Record):
    """One entry of the list of politically exposed persons that may be the party."""

    entry_number: str
    score: int  # 0 to 1000
    matched_on: str  # primary, alias or weak_alias
    office: str
    exposure: str  # the list's class, e.g. FOREIGN-PEP
    explanation: tuple[str, ...]  # the components of the score, without any name


class Report(Record):
    """One report that may be about the party."""

    entry_number: str
    score: int
    matched_on: str
    category: str  # the list's class, e.g. FRAUD
    text: str  # headline and report, names taken out
    explanation: tuple[str, ...]


class PartyReputation(Record):
    """One party against both lists, best match first."""

    party: str
    screened: bool
    problem: str = ""  # why it could not be screened
    pep_list: str  # version
    media_list: str  # version
    threshold: int  # 0 to 1000; a hit that reaches it is reported
    offices: tuple[Office, ...] = ()
    reports: tuple[Report, ...] = ()


async def party_reputation(args: PartyArguments, context: ToolContext) -> PartyReputation:
    """Screen one party by the matcher and the threshold of sanctions screening.

    Political exposure is a risk factor, not a reason to refuse (joint statement of 2020-08-21).

    Raises:
        Refused: when the party is not one of the case.
        Unavailable: when one of the two lists is not loaded.
        InvalidPolicy: when the book gives no threshold.
    """
    party, least = await party_of(context, args.party), threshold(context)
    pep, media = reference_list(context, PEP), reference_list(context, MEDIA)
    seen = {"party": args.party, "pep_list": pep.version, "media_list": media.version, "threshold": least}
    try:
        exposed = (await compared(party, context, pep)).hits
        reported = (await compared(party, context, media)).hits
    except BadInput as error:
        return PartyReputation.model_validate({**seen, "screened": False, "problem": str(error)})
    name = await context.reveal(party.name)
    return PartyReputation.model_validate(
        {
            **seen,
            "screened": True,
            "offices": tuple(_office(hit, pep) for hit in exposed if hit.score >= least),
            "reports": tuple(_report(hit, media, name) for hit in reported if hit.score >= least),
        }
    )


def _office(hit: Hit, names: SanctionsList) -> Office:
    return Office(
        entry_number=hit.entry_number,
        score=hit.score,
        matched_on=hit.matched_on.value,
        office=names.by_number[hit.entry_number].title,
        exposure=hit.programme,
        explanation=hit.explanation,
    )


def _report(hit: Hit, names: SanctionsList, party: str) -> Report:
    entry = names.by_number[hit.entry_number]
    known = (party, entry.name, *(each.name for each in names.aliases if each.entry_number == entry.number))
    return Report(
        entry_number=hit.entry_number,
        score=hit.score,
        matched_on=hit.matched_on.value,
        category=hit.programme,
        text=_without(f"{entry.title}. {entry.remarks}", known),
        explanation=hit.explanation,
    )


def _without(text: str, names: tuple[str, ...]) -> str:
    words = {word for name in names for word in re.split(r"\W+", name) if len(word) >= LEAST_WORD}
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", WITHHELD, text, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(WITHHELD)}(?:[\s,]+{re.escape(WITHHELD)})+", WITHHELD, text)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "party_reputation",
        "Screens one party against the lists of political exposure and adverse media; reports come without names.",
        PartyArguments,
        PartyReputation,
        party_reputation,
        READS,
        identity=True,
        parameters=frozenset({"screening_threshold"}),
        versions=frozenset({"pep_list", "media_list"}),
    ),
)
