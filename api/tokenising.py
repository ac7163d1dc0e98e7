"""Tokenises what a person types, in front of LangGraph: whatever identifies somebody goes to the vault of the thread.

Three ways of finding it, none of which guesses: the form of a number (check digits, addresses), the bank's blind
index over every run of words (any value that any case holds), and names in part of customers in the person's reach.
Case ids stay, and ids that machines make. What nobody knows and no form gives away stays too: a stranger's name is
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from agents.advisor.reading import CASE_ID, TOKEN
from checkpoints.database import Connection
from domain.identity import IdentityKind, normalise
from domain.person import Person
from graphs.services import Services
from guardrails.dates import dates
from guardrails.recognise import Found, apart, recognised

MADE = re.compile(  # UUIDs and digests: long runs of digits in them are nobody's number
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=\d*[a-f])[0-9a-f]{32,128}\b"
)
RUN = re.compile(r"[^\W_]+")
MOST_CASES = 200  # of the person's reach whose names are looked for in part
NUMBERS = (
    IdentityKind.CUSTOMER_NUMBER,
    IdentityKind.ACCOUNT_NUMBER,
    IdentityKind.TAX_NUMBER,
    IdentityKind.DOCUMENT,
    IdentityKind.CONTACT,
)
LONGEST = {IdentityKind.NAME: 5, IdentityKind.ADDRESS: 10}  # in runs of letters and digits; numbers: 7
SHORTEST_NUMBER = 4  # letters and digits
SHORTEST_PART = 3  # letters of a part of a name
WIDEST_GAP = 3  # signs between two runs of one value
WORDS = """
    and april art august bank banks best bill black brown case cash chase date dawn day dean demo don drew due faith
    fee fields first for frank gene good grace grant green guy hill hope jack joy june king little loan long love mark
    may miles moody new not page pat power price rate ray rich rob rose sharp small sterling stone strong sue sunny
    team the wells what when white who why will wise wood young you
"""
COMMON = frozenset(WORDS.split())
"""Names in part that are words as well: they identify nobody alone, and count in a whole name only."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters and digits without a break."""

    start: int
    end: int
    text: str


async def find(services: Services, person: Person, text: str) -> list[Found]:
    """Every identity in what a person types, without overlaps, in order."""
    return await found_in(services, text, await names_of(services, person))


async def found_in(services: Services, text: str, names: AbstractSet[str] = frozenset()) -> list[Found]:
    """Every identity in a text, without overlaps, in order; of these names the parts too."""
    kept = [match.span() for pattern in (CASE_ID, TOKEN, MADE) for match in pattern.finditer(text)]
    runs = [
        Run(m.start(), m.end(), m.group())
        for m in RUN.finditer(text)
        if not any(start < m.end() and m.start() < end for start, end in kept)
    ]
    found = [
        *recognised(text),
        *await _held(services, text, runs),
        *_parts(runs, names),
    ]
    return apart(
        each for each in found if not any(start < each.end and each.start < end for start, end in kept)
    )


async def replaced(
    services: Services, connection: Connection, thread: str, text: str, found: Sequence[Found]
) -> str:
    """The text with every identity kept in the thread's vault and its token in place."""
    for each in reversed(found):
        token = await services.vault.keep(connection, thread, each.kind, each.value)
        text = f"{text[: each.start]}{token}{text[each.end :]}"
    return text


async def _held(services: Services, text: str, runs: Sequence[Run]) -> list[Found]:
    """Runs of words that are, normalised, a value of any case of the bank."""
    windows = [(kind, start, end, text[start:end]) for kind, start, end in _windows(runs)]
    windows += [(IdentityKind.BIRTH_DATE, start, end, day.isoformat()) for start, end, day in dates(text)]
    unlike = {(kind, normalise(kind, said)): said for kind, _, _, said in windows}
    held = await services.vault.held([(kind, said) for (kind, _), said in unlike.items()])
    known = {(kind, normalise(kind, said)) for kind, said in held}
    return [
        Found(start, end, kind, said)
        for kind, start, end, said in windows
        if (kind, normalise(kind, said)) in known
    ]


def _windows(runs: Sequence[Run]) -> Iterator[tuple[IdentityKind, int, int]]:
    for first in range(len(runs)):
        size = 0
        for n, last in enumerate(range(first, min(first + 10, len(runs))), 1):
            if n > 1 and runs[last].start - runs[last - 1].end > WIDEST_GAP:
                break
            size += len(runs[last].text)
            digits = any(c.isdigit() for run in runs[first : last + 1] for c in run.text)
            for kind in _possible(n, size, digits):
                yield kind, runs[first].start, runs[last].end


def _possible(n: int, size: int, digits: bool) -> Iterator[IdentityKind]:
    if not digits and n <= LONGEST[IdentityKind.NAME]:
        yield IdentityKind.NAME
    if digits and size >= SHORTEST_NUMBER and n <= 7:
        yield from NUMBERS
    if digits and n >= 3:
        yield IdentityKind.ADDRESS


async def names_of(services: Services, person: Person) -> set[str]:
    """Whole names of customers in the person's reach."""
    cases = [case.id for case in await services.cases.in_scope(person, MOST_CASES)]
    return (await services.vault.values_of(cases))[IdentityKind.NAME]


def _parts(runs: Sequence[Run], names: AbstractSet[str]) -> Iterator[Found]:
    """Neighbouring parts of a name as one; they stand for the whole name when only one customer has them."""
    by_part = {
        part: [name for name in names if part in name.upper().split()]
        for name in names
        for part in name.upper().split()
        if len(part) >= SHORTEST_PART
    }

    def known(run: Run) -> bool:
        return run.text.upper() in by_part and run.text.lower() not in COMMON

    for is_name, group in groupby(runs, key=known):
        if not is_name:
            continue
        hits = list(group)
        having = set.intersection(*({*by_part[hit.text.upper()]} for hit in hits))
        said = " ".join(hit.text for hit in hits)
        whole = next(iter(having)) if len(having) == 1 else said
        if having or len(hits) == 1:
            yield Found(hits[0].start, hits[-1].end, IdentityKind.NAME, whole)
        else:
            yield from (Found(hit.start, hit.end, IdentityKind.NAME, hit.text) for hit in hits)
