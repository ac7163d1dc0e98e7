"""Reads a tokenised message: its clauses, the cases, figures, spans of time and tokens that stand in it.

Pure. Takes nothing from anywhere but the message; understands no meaning: that is for certified questions or a
model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tools.supposing import MOST_ASKED

CASE_ID = re.compile(r"\b[a-z][a-z_]{2,40}-[0-9a-f]{12}(?:-fork-\d{1,4})*\b")
SPOKEN = re.compile(
    r"\b(?:case|loan|application|file) (?:no\.? |number |#)?(?P<part>[0-9a-f][0-9a-z_-]{2,60})\b", re.I
)
TOKEN = re.compile(r"\btok_said_[a-z_]+_[a-p]{12}\b")
TIME = re.compile(r"\b(an?|one|two|three|four|five|six|seven|ten|\d{1,3}) (hour|day|week)s?\b", re.I)
FIGURE = re.compile(
    r"(?P<dollar>\$|USD )? ?(?<![\w.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?: ?(?P<unit>%|percent\b|basis points\b|bps\b))?(?! ?-? ?(?:years?|yr|days?|hours?|weeks?|months?)\b)",
    re.I,
)
SPLIT = re.compile(
    r"[?;!\n]+|\.(?=\s|$)"
    r"|,? (?:and|also|then) (?=(?:what|which|where|why|who|how|is|are|does|did|would|show|find|quote)\b)",
    re.I,
)
POLITE = re.compile(
    r"\b(hi|hello|hey|please|thanks|thank you|good (morning|afternoon)|could you|can you|tell me)\b", re.I
)
FIFTEEN = re.compile(r"\b(15|fifteen)[ -]?(year|yr)|fixed[_ ]15", re.I)
WORDS = dict(
    zip(
        ["a", "an", "one", "two", "three", "four", "five", "six", "seven", "ten"],
        (1, 1, 1, 2, 3, 4, 5, 6, 7, 10),
        strict=True,
    )
)
HOURS = {"hour": 1, "day": 24, "week": 168}
HIGHEST_RATE_BPS = 2500  # a percentage above this is a ratio, not a note rate


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """A number that stands in the message, under the reference that tools take."""

    reference: str  # asked:1
    value: str  # a decimal, exactly as written, in its unit
    unit: str  # bps, cents or count
    words: str  # as written
    near: str  # the words around it, lower case


@dataclass(frozen=True, slots=True)
class Clause:
    """One question of a message."""

    words: str  # without references and figures, for matching
    text: str  # as written
    mentions: tuple[str, ...]  # ids, or the parts of ids that were said


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a message."""

    clauses: tuple[Clause, ...]
    figures: tuple[AskedFigure, ...]
    hours: int  # 0 when no span of time is named
    tokens: tuple[str, ...]
    mentions: tuple[str, ...]
    product: str  # of the rate sheet
    occupancy: str  # principal unless the message says otherwise

    def figure(self, what: str) -> str:
        """The reference of the figure that is meant as a score, an LTV or a rate; empty when there is none."""
        return next(iter(self.references(what)), "")

    def references(self, what: str) -> tuple[str, ...]:
        """The references of all figures that may be meant as that, best first."""
        fitting = [each for each in self.figures if _FITS[what](each)]
        return tuple(
            each.reference for each in sorted(fitting, key=lambda each: _NAMED[what] not in each.near)
        )


def read_message(text: str) -> Message:
    """Everything that stands in a message."""
    mentions = tuple(dict.fromkeys(_mentions(text)))
    bare = TIME.sub(" ", TOKEN.sub(" ", _without_cases(text)))
    clauses = tuple(each for each in map(_clause, SPLIT.split(text)) if each.words or each.mentions)
    return Message(
        clauses=clauses,
        figures=_figures(bare),
        hours=_hours(text),
        tokens=tuple(dict.fromkeys(TOKEN.findall(text))),
        mentions=mentions,
        product="fixed_15" if FIFTEEN.search(text) else "fixed_30",
        occupancy=_occupancy(text.lower()),
    )


def _clause(text: str) -> Clause:
    words = TOKEN.sub(" customer ", _without_cases(text))
    words = POLITE.sub(" ", FIGURE.sub(" ", TIME.sub(" ", words)))
    return Clause(
        " ".join(re.sub(r"[^\w' ]", " ", words).split()), text.strip(), tuple(dict.fromkeys(_mentions(text)))
    )


def _mentions(text: str) -> list[str]:
    whole = CASE_ID.findall(text)
    rest = CASE_ID.sub(" ", text)
    parts = [m["part"].lower() for m in SPOKEN.finditer(rest) if any(c.isdigit() for c in m["part"])]
    return [*whole, *parts]


def _without_cases(text: str) -> str:
    whole = re.sub(rf"(?:\b(?:case|loan|application|file) )?{CASE_ID.pattern}", " ", text, flags=re.I)
    return SPOKEN.sub(lambda m: " " if any(c.isdigit() for c in m["part"]) else m.group(), whole)


def _occupancy(text: str) -> str:
    if "investment" in text or "rental" in text:
        return "investment"
    return "second" if "second home" in text else "principal"


def _hours(text: str) -> int:
    found = TIME.search(text)
    if found is None:
        return 0
    number = found[1].lower()
    return (WORDS[number] if number in WORDS else int(number)) * HOURS[found[2].lower()]


def _figures(text: str) -> tuple[AskedFigure, ...]:
    found: list[AskedFigure] = []
    for match in FIGURE.finditer(text):
        number = Decimal(match["number"].replace(",", ""))
        unit, value = _in_unit(number, match["unit"], match["dollar"])
        near = text[max(0, match.start() - 16) : match.end() + 16].lower()
        reference = f"asked:{len(found) + 1}"
        found.append(AskedFigure(reference, f"{value:f}", unit, match.group().strip(), near))
    return tuple(found[:MOST_ASKED])


def _in_unit(number: Decimal, unit: str | None, dollar: str | None) -> tuple[str, Decimal]:
    if dollar:
        return "cents", (number * 100).normalize()
    if unit is None:
        return "count", number
    return "bps", number if unit.lower() in ("bps", "basis points") else (number * 100).normalize()


_FITS = {
    "score": lambda each: each.unit == "count" and 300 <= Decimal(each.value) <= 850,
    "ltv": lambda each: each.unit == "bps" and Decimal(each.value) > HIGHEST_RATE_BPS,
    "rate": lambda each: each.unit == "bps" and Decimal(each.value) <= HIGHEST_RATE_BPS,
    "amount": lambda each: each.unit == "cents" or (each.unit == "count" and "fee" in each.near),
}
_NAMED = {"score": "score", "ltv": "ltv", "rate": "rate", "amount": "fee"}
