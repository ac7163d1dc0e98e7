"""What a party's travel document says of the party: whether it is sound, in date, and of the same person.

Owns comparing a machine-readable zone with what was applied for. Never says that a document is genuine,
never decides whether identity is established, and lets no name, date or number out: only what agrees.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rigour.territories import lookup_territory
from rigour.text import ascii_text

from domain.errors import BadInput
from domain.identity import IdentityKind, Record, normalise
from tools.contract import PartyArguments, Tool, ToolContext
from tools.parties import READS, Party, party_of
from tools.screening.names import NameKind, compare_names, read_name
from tools.travel_document import TravelDocument, read_travel_document

ORGANISATIONS = frozenset({"UNO", "UNA", "UNK", "EUE", "XPO", "XOM", "XXA", "XXB", "XXC", "XXX"})
"""Codes of no state: United Nations, European Union, Interpol, Malta, stateless, refugee, unspecified."""
STATES = {"D": "DEU", "GBD": "GBR", "GBN": "GBR", "GBO": "GBR", "GBP": "GBR", "GBS": "GBR", "RKS": "XKX"}
"""Codes that ICAO writes otherwise than ISO 3166. Source: ICAO 9303, part 3, section 5."""
_SPELT_OUT = str.maketrans({"Ä": "AE", "Å": "AA", "Ö": "OE", "Ü": "UE", "Ø": "OE"})
_LEFT_OUT = str.maketrans("", "", "'’ʼ`.")


class DocumentChecks(Record):
    """The latest document of one party, check by check; a check that was not made is empty."""

    party: str
    needed: bool = True  # a company or a trust has no travel document
    found: bool
    documents: int = 0  # how many have arrived; the latest counts
    problem: str = ""  # why its zone cannot be read; empty when it can
    valid: bool | None = None  # every check digit fits
    failed_checks: tuple[str, ...] = ()  # the check digits that do not
    expired: bool | None = None  # on the day of the assignment
    name_matches: bool | None = None
    name_likeness: int | None = None  # 0 to 1000, of the name applied for to the document's
    names_cut: bool = False  # the document's names fill their field and may go on
    birth_date_matches: bool | None = None  # empty, too, where no date of birth is stated
    number_matches: bool | None = None  # with the page; empty where the page was not read
    sex_matches: bool | None = None  # with the page, as before
    implausible: tuple[str, ...] = ()  # issuing_state, nationality, sex: codes that do not exist


async def travel_document(args: PartyArguments, context: ToolContext) -> DocumentChecks:
    """Check digits, validity, name, date of birth, page and codes of the document that arrived last.

    A zone that cannot be read is an answer (``problem``), not an error: another scan mends it. Names are
    compared beside the event loop: the first comparison of a process loads dictionaries for seconds.
    Source: 31 CFR 1020.220(a)(2)(ii)(A) (unexpired government-issued identification); ICAO 9303, part 3.

    Raises:
        Refused: when the party is not one of the case.
    """
    party = await party_of(context, args.party)
    if party.kind != "individual":
        return DocumentChecks(party=args.party, needed=False, found=False)
    records = await context.warehouse.records("identity_document", args.party)
    if not records:
        return DocumentChecks(party=args.party, found=False)
    seen = {"party": args.party, "found": True, "documents": len(records)}
    zone = await context.reveal(records[-1]["mrz"])
    try:
        document = read_travel_document(zone.split(), context.as_of.date())
    except BadInput as error:
        return DocumentChecks.model_validate({**seen, "problem": str(error)})
    against = {
        **await _against_party(document, party, context),
        **await _against_page(document, records[-1], context),
    }
    itself = {
        "valid": document.valid,
        "failed_checks": tuple(check.value for check, fits in document.checks.items() if not fits),
        "expired": document.expired_on(context.as_of.date()),
        "names_cut": document.names_cut,
        "implausible": tuple(_implausible(document, context)),
    }
    return DocumentChecks.model_validate({**seen, **itself, **against})


async def _against_party(document: TravelDocument, party: Party, context: ToolContext) -> dict[str, Any]:
    name = await context.reveal(party.name)
    born = await context.reveal(party.birth_date) if party.birth_date else None
    return {
        "name_matches": name_agrees(document, name),
        "name_likeness": await asyncio.to_thread(_likeness, document, name),
        "birth_date_matches": document.birth == date.fromisoformat(born) if born else None,
    }


async def _against_page(
    document: TravelDocument, record: Mapping[str, Any], context: ToolContext
) -> dict[str, Any]:
    """The zone against the printed page, as far as the page was read."""
    token, sex = record.get("page_number"), record.get("page_sex")
    number = normalise(IdentityKind.DOCUMENT, await context.reveal(token)) if token else None
    return {
        "number_matches": number == normalise(IdentityKind.DOCUMENT, document.number) if number else None,
        "sex_matches": document.sex == sex if sex else None,
    }


def _implausible(document: TravelDocument, context: ToolContext) -> Iterable[str]:
    """Codes that stand for nothing: states by ISO 3166 and ICAO 9303 part 3, sex M, F or unspecified.

    The book may accept specimen states (``specimen_states``, spaces between them), for demonstrations only.
    """
    specimens = frozenset(str(context.parameters.get("specimen_states", "")).split())
    for name, code in (("issuing_state", document.issuer), ("nationality", document.nationality)):
        if code not in specimens | ORGANISATIONS and not _is_state(STATES.get(code, code)):
            yield name
    if document.sex not in ("M", "F", "X"):
        yield "sex"


def _is_state(code: str) -> bool:
    return len(code) == 3 and lookup_territory(code) is not None


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
        "Checks of one party's travel document: check digits, validity, name, birth, number, plausible codes.",
        PartyArguments,
        DocumentChecks,
        travel_document,
        READS | {"identity_document"},
        identity=True,
        parameters=frozenset({"specimen_states"}),
    ),
)
