"""What a party's travel document says of the party: whether it is sound, in date, and of the same person.

Owns comparing a machine-readable zone with what was applied for. Never says that a document is genuine,
never decides whether identity is established, and lets no name, date or number out: only what agrees.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from rigour.text import ascii_text

from domain.errors import BadInput, Refused
from domain.identity import Record
from tools.contract import PartyArguments, Tool, ToolContext
from tools.screening.names import NameKind, compare_names, read_name
from tools.travel_document import TravelDocument, read_travel_document

_SPELT_OUT = str.maketrans({"Ä": "AE", "Å": "AA", "Ö": "OE", "Ü": "UE", "Ø": "OE"})
_LEFT_OUT = str.maketrans("", "", "'’ʼ`.")


class DocumentChecks(Record):
    """The latest document of one party, check by check; a check that was not made is empty."""

    party: str
    found: bool
    documents: int = 0  # how many have arrived; the latest counts
    problem: str = ""  # why its zone cannot be read; empty when it can
    valid: bool | None = None  # every check digit fits
    failed_checks: tuple[str, ...] = ()  # the check digits that do not
    expired: bool | None = None  # on the day of the assignment
    name_matches: bool | None = None
    name_likeness: int | None = None  # 0 to 1000, of the name applied for to the document's
    names_cut: bool = False  # the document's names fill their field and may go on
    birth_date_matches: bool | None = None


async def travel_document(args: PartyArguments, context: ToolContext) -> DocumentChecks:
    """Check digits, validity, name and date of birth of the document that arrived last.

    A zone that cannot be read is an answer (``problem``), not an error: another scan mends it. Names are
    compared beside the event loop: the first comparison of a process loads dictionaries for seconds.
    Source: 31 CFR 1020.220(a)(2)(ii)(A) (unexpired government-issued identification); ICAO 9303, part 3.

    Raises:
        Refused: when the party is not one of the case.
    """
    stated = borrower(context, args.party)
    records = await context.warehouse.records("identity_document", args.party)
    if not records:
        return DocumentChecks(party=args.party, found=False)
    zone = await context.reveal(records[-1]["mrz"])
    try:
        document = read_travel_document(zone.split(), context.as_of.date())
    except BadInput as error:
        return DocumentChecks(party=args.party, found=True, documents=len(records), problem=str(error))
    name, born = await context.reveal(stated["name"]), await context.reveal(stated["birth_date"])
    return DocumentChecks(
        party=args.party,
        found=True,
        documents=len(records),
        valid=document.valid,
        failed_checks=tuple(check.value for check, fits in document.checks.items() if not fits),
        expired=document.expired_on(context.as_of.date()),
        name_matches=name_agrees(document, name),
        name_likeness=await asyncio.to_thread(_likeness, document, name),
        names_cut=document.names_cut,
        birth_date_matches=document.birth == date.fromisoformat(born),
    )


def borrower(context: ToolContext, reference: str) -> Mapping[str, Any]:
    """The borrower behind ``party:N``, tokenised.

    Raises:
        Refused: when the case has no such party.
    """
    borrowers: dict[str, Mapping[str, Any]] = {
        f"party:{number}": each for number, each in enumerate(context.application["borrowers"], start=1)
    }
    if reference not in borrowers:
        raise Refused(f"no such party; the case has {', '.join(borrowers)}", control="tool.arguments")
    return borrowers[reference]


def name_agrees(document: TravelDocument, stated: str) -> bool:
    """Whether the name applied for can be that of the document's holder, in any order of words.

    Rule: every surname and the first given name of the document are applied for, and nothing is applied
    for that the document lacks, but for initials of given names. Further given names may be left out. When
    the document's names were cut off, its last word may be the beginning of one applied for, and further
    words may be. Letters are transliterated, with and without spelling out (Ö is O or OE).
    Source: ICAO 9303, part 3, section 6 (eighth edition, 2021).
    """
    surname, given = document.surname.split(), document.given_names.split()
    words = [_spellings(word) for word in _words(stated)]
    applied = set().union(*words)
    on_document = [*surname, *given]
    cut = on_document[-1] if document.names_cut and on_document else None

    def is_applied_for(word: str) -> bool:
        return word in applied or (word == cut and any(other.startswith(word) for other in applied))

    def is_on_document(spellings: set[str]) -> bool:
        initial = any(len(word) == 1 and any(name.startswith(word) for name in given) for word in spellings)
        return initial or document.names_cut or not spellings.isdisjoint(on_document)

    needed = [*surname, *given[:1]]
    return bool(needed) and all(map(is_applied_for, needed)) and all(map(is_on_document, words))


def _words(name: str) -> list[str]:
    """Apostrophes and full stops are left out, everything else that is no letter parts words."""
    composed = unicodedata.normalize("NFC", name).translate(_LEFT_OUT).upper()
    letters = (each if each.isalpha() or unicodedata.combining(each) else " " for each in composed)
    return "".join(letters).split()


def _spellings(word: str) -> set[str]:
    return {ascii_text(form).upper() for form in (word, word.translate(_SPELT_OUT))}


def _likeness(document: TravelDocument, stated: str) -> int:
    asked = read_name(stated, NameKind.PERSON)
    listed = read_name(f"{document.surname}, {document.given_names}", NameKind.PERSON)
    if asked is None or listed is None:
        return 0
    return compare_names(asked, listed, NameKind.PERSON).score


TOOLS: tuple[Tool, ...] = (
    Tool(
        "travel_document",
        "Checks of one party's travel document: check digits, validity, name and date of birth.",
        PartyArguments,
        DocumentChecks,
        travel_document,
        frozenset({"identity_document"}),
    ),
)
