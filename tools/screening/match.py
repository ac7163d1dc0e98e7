"""Screen one subject against a sanctions list: find near names, score them, rank the hits.

Owns which listed names are worth comparing, how date of birth, country and kind strengthen or weaken
a likeness of names, and the words that explain a score. Never says that a hit is a true match, never
puts anything of the subject into a hit, and drops no hit because of a date, country or kind alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from heapq import nlargest
from math import log

from rapidfuzz import fuzz, process
from rigour.names import Name, SymbolCategory
from rigour.territories import lookup_territory

from domain.errors import BadInput
from tools.screening.names import PERFECT, Likeness, NameKind, compare_names, read_name
from tools.screening.ofac_list import Entry, ListedKind, Period, SanctionsList

MATCH_FLOOR = 680
"""Likeness of names, in thousandths, from which a hit is reported."""
WEAK_ALIAS_PENALTY = 120
"""Taken off when only a weak alias is alike."""
BIRTH_AGREES, BIRTH_POSSIBLE, BIRTH_NEAR, BIRTH_DIFFERS = 40, 20, -40, -200
"""Added for the exact day, a stated period that covers it, within a year of it, anything else."""
COUNTRY_AGREES, COUNTRY_DIFFERS = 20, -40
"""Added when the subject's country is, or is not, among those the list gives."""
KIND_DIFFERS = -150
"""Added when a person is screened and the entry is none, or the other way round."""

_NEAR_DAYS = 366
_CANDIDATES = 150
_LEAST_SHARED = 0.4
_LENGTH_COST = 0.2
_SHORTEST_NEAR = 4
_NEAR_WORDS = 30
_NEAR_WORD_CUT = 70
_NEAR_WHOLE_CUT = 82
_UNTELLING = (SymbolCategory.ORG_CLASS, SymbolCategory.INITIAL)


class SubjectKind(StrEnum):
    """What is screened."""

    INDIVIDUAL = "individual"
    """A natural person."""
    ENTITY = "entity"
    """A company or organisation."""
    UNKNOWN = "unknown"
    """Not known, or a vessel or aircraft."""


class MatchedOn(StrEnum):
    """Which kind of listed name was alike."""

    PRIMARY = "primary"
    """The entry's primary name."""
    ALIAS = "alias"
    """A strong alias, a former or a new name."""
    WEAK_ALIAS = "weak_alias"
    """An alias that the list itself marks as weak."""


@dataclass(frozen=True, slots=True)
class ScreeningSubject:
    """Who is screened; its name and date of birth stay out of ``repr``."""

    name: str = field(repr=False)
    """Full name in any script and word order; ``FAMILY, Given`` is understood."""
    kind: SubjectKind = SubjectKind.UNKNOWN
    """What it is."""
    birth_date: date | None = field(default=None, repr=False)
    """Date of birth, if known."""
    country: str | None = None
    """Country of nationality, residence or registration: ISO 3166 code or English name."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that may be the subject."""

    entry_number: str
    """The Treasury's entity number."""
    score: int
    """0 to 1000."""
    matched_on: MatchedOn
    """Which kind of listed name was alike."""
    programme: str
    """Sanctions programmes of the entry, separated by ``, ``."""
    explanation: tuple[str, ...]
    """The components of the score, in words, with nothing of the subject in them."""
    list_version: str
    """Version of the list that was screened against."""


@dataclass(frozen=True, slots=True)
class _Listed:
    entry: Entry
    name: Name
    kind: NameKind
    on: MatchedOn


_KINDS = {
    ListedKind.INDIVIDUAL: NameKind.PERSON,
    ListedKind.ENTITY: NameKind.ORGANISATION,
    ListedKind.VESSEL: NameKind.CRAFT,
    ListedKind.AIRCRAFT: NameKind.CRAFT,
}


def screen(sanctions: SanctionsList, subject: ScreeningSubject) -> tuple[Hit, ...]:
    """Every entry whose name is alike, best first (ties by entity number).

    Score: likeness of the names (0 to 1000, see ``compare_names``) plus the stated adjustments,
    kept within 0 to 1000. A hit is reported when the likeness of the names alone reaches
    ``MATCH_FLOOR``; the adjustments only rank.

    Raises:
        BadInput: the name has nothing to compare, or the country is not known.
    """
    readings = {kind: name for kind in NameKind if (name := read_name(subject.name, kind))}
    if not readings:
        raise BadInput("the name has no letters or digits.", field="name", remedy="give the full name")
    country = _country_code(subject.country)
    best: dict[str, Hit] = {}
    for listed in name_index(sanctions).near(readings):
        likeness = compare_names(readings[listed.kind], listed.name, listed.kind)
        if likeness.score < MATCH_FLOOR:
            continue
        adjustments = _adjustments(subject, country, listed, sanctions)
        hit = _hit(listed, likeness, adjustments, sanctions.version)
        if hit.entry_number not in best or hit.score > best[hit.entry_number].score:
            best[hit.entry_number] = hit
    return tuple(sorted(best.values(), key=lambda found: (-found.score, int(found.entry_number))))


@lru_cache(maxsize=2)
def name_index(sanctions: SanctionsList) -> NameIndex:
    """The index of a list, built once; call it at start so that the first screening is not slow."""
    return NameIndex(sanctions)


class NameIndex:
    """Finds the listed names that share words, meanings, sounds or spelling with a name."""

    def __init__(self, sanctions: SanctionsList) -> None:
        self._names = tuple(_listed_names(sanctions))
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._length: list[float] = []
        self._wholes: dict[NameKind, dict[int, str]] = {kind: {} for kind in NameKind}
        for position, listed in enumerate(self._names):
            self._length.append(_LENGTH_COST * len(listed.name.parts))
            self._wholes[listed.kind][position] = _whole(listed.name)
            for key in {key for keys in _keys(listed.name) for key in keys}:
                self._holders[key].append(position)
        self._words = [key for key in self._holders if len(key) >= _SHORTEST_NEAR and not key.startswith("#")]

    def near(self, readings: dict[NameKind, Name]) -> list[_Listed]:
        """At most 150 listed names per reading of the name, those sharing the rarest words first."""
        spellings = self._spellings(set().union(*(k for name in readings.values() for k in _keys(name))))
        found: list[_Listed] = []
        for kind, name in readings.items():
            weights = self._weights(name, kind, spellings)
            best = nlargest(_CANDIDATES, weights, key=weights.__getitem__)
            found.extend(self._names[position] for position in best)
        return found

    def _spellings(self, keys: set[str]) -> dict[str, list[tuple[str, float]]]:
        """For every key the keys of the list that it may stand for, with their similarity."""
        found = {key: [(key, 1.0)] if key in self._holders else [] for key in keys}
        for word in keys:
            if len(word) >= _SHORTEST_NEAR and not word.startswith("#"):
                near = process.extract(
                    word, self._words, scorer=fuzz.ratio, score_cutoff=_NEAR_WORD_CUT, limit=_NEAR_WORDS
                )
                found[word].extend((other, score / 100) for other, score, _ in near if other != word)
        return found

    def _weights(
        self, name: Name, kind: NameKind, spellings: dict[str, list[tuple[str, float]]]
    ) -> dict[int, float]:
        """Rarity of what is shared, for names of ``kind`` that share enough of the parts or the whole."""
        parts = [self._part_weights([s for key in keys for s in spellings[key]]) for keys in _keys(name)]
        shared = Counter(position for part in parts for position in part)
        least = _LEAST_SHARED * len(parts)
        enough = [p for p, n in shared.items() if n >= least and self._names[p].kind is kind]
        weights = {p: sum(part.get(p, 0.0) for part in parts) - self._length[p] for p in enough}
        whole, near = _whole(name), self._wholes[kind]
        alike = process.extract(
            whole, near, scorer=fuzz.ratio, score_cutoff=_NEAR_WHOLE_CUT, limit=_NEAR_WORDS
        )
        for _, score, position in alike:
            weights[position] = weights.get(position, 0.0) + score
        return weights

    def _part_weights(self, near: list[tuple[str, float]]) -> dict[int, float]:
        """For each name that holds one of the keys: similarity of the best times its rarity."""
        weights: dict[int, float] = {}
        for key, similarity in near:
            holders = self._holders[key]
            weight = similarity * log(1 + len(self._names) / len(holders))
            for position in holders:
                if weight > weights.get(position, 0.0):
                    weights[position] = weight
        return weights


def _listed_names(sanctions: SanctionsList) -> Iterator[_Listed]:
    names = [(entry, entry.name, MatchedOn.PRIMARY) for entry in sanctions.entries]
    for alias in sanctions.aliases:
        on = MatchedOn.WEAK_ALIAS if alias.weak else MatchedOn.ALIAS
        names.append((sanctions.by_number[alias.entry_number], alias.name, on))
    for entry, text, on in names:
        kind = _KINDS[entry.kind]
        name = read_name(text, kind)
        if name is not None:
            yield _Listed(entry, name, kind, on)


def _keys(name: Name) -> list[set[str]]:
    """For each part its word, its sound and its meanings; the last two start with ``#``."""
    keys = {part.index: {part.comparable} for part in name.parts}
    for part in name.parts:
        if part.metaphone:
            keys[part.index].add(f"#{part.metaphone}")
    for span in name.spans:
        if span.symbol.category not in _UNTELLING:
            keys[span.parts[0].index].add(f"#{span.symbol.category.value}:{span.symbol.id}")
    return list(keys.values())


def _whole(name: Name) -> str:
    return "".join(sorted(part.comparable for part in name.parts))


def _country_code(country: str | None) -> str | None:
    if country is None:
        return None
    territory = lookup_territory(country)
    if territory is None:
        raise BadInput("not a known country.", field="country", remedy="give an ISO 3166 code")
    return territory.code


def _hit(listed: _Listed, likeness: Likeness, adjustments: dict[str, int], version: str) -> Hit:
    score = max(0, min(PERFECT, likeness.score + sum(adjustments.values())))
    alike = f"names alike {likeness.score} of {PERFECT}: {'; '.join(likeness.reasons)}"
    words = (alike, *(f"{what}: {points:+d}" for what, points in adjustments.items()))
    programme = ", ".join(listed.entry.programmes)
    return Hit(listed.entry.number, score, listed.on, programme, words, version)


def _adjustments(
    subject: ScreeningSubject, country: str | None, listed: _Listed, sanctions: SanctionsList
) -> dict[str, int]:
    points: dict[str, int] = {}
    if listed.on is MatchedOn.WEAK_ALIAS:
        points["the alias is marked as weak"] = -WEAK_ALIAS_PENALTY
    if _other_kind(subject.kind, listed.entry.kind):
        points["the entry is of another kind"] = KIND_DIFFERS
    if subject.birth_date is not None and listed.entry.births:
        what, value = max((_birth(subject.birth_date, p) for p in listed.entry.births), key=lambda x: x[1])
        points[what] = value
    countries = sanctions.countries[listed.entry.number]
    if country is not None and countries:
        agrees = country in countries
        what = "the country is one of the entry's" if agrees else "the country is none of the entry's"
        points[what] = COUNTRY_AGREES if agrees else COUNTRY_DIFFERS
    return points


def _other_kind(asked: SubjectKind, listed: ListedKind) -> bool:
    if asked is SubjectKind.UNKNOWN:
        return False
    return (asked is SubjectKind.INDIVIDUAL) != (listed is ListedKind.INDIVIDUAL)


def _birth(born: date, listed: Period) -> tuple[str, int]:
    if listed.first <= born <= listed.last:
        if listed.first == listed.last:
            return "the date of birth is the entry's", BIRTH_AGREES
        return "the date of birth is possible for the entry", BIRTH_POSSIBLE
    apart = max((listed.first - born).days, (born - listed.last).days)
    if apart <= _NEAR_DAYS:
        return "the date of birth is within a year of the entry's", BIRTH_NEAR
    return "the date of birth is not the entry's", BIRTH_DIFFERS
