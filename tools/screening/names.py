"""Two names, how alike they are, and why.

Owns reading a name into parts (transliteration, legal forms, honorifics, initials, known variants
and nicknames come from rigour) and scoring two readings. Never knows a list, never keeps a name,
and words its reasons without the names it compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import JaroWinkler
from rigour.names import (
    Alignment,
    Name,
    NamePart,
    NamePartTag,
    NameTypeTag,
    SymbolCategory,
    align_person_name_order,
    analyze_names,
    compare_parts,
    pair_symbols,
)

PERFECT = 1_000
"""Score of two names that agree in every part."""


class NameKind(StrEnum):
    """How a name is read."""

    PERSON = "person"
    """Given and family names in any order, honorifics, patronymics, initials."""
    ORGANISATION = "organisation"
    """Legal forms, sectors, ordinals."""
    CRAFT = "craft"
    """Vessels and aircraft, with their prefixes."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are."""

    score: int
    """0 (nothing in common) to 1000, rounded half up."""
    reasons: tuple[str, ...]
    """Counts of what agreed and what did not, in words, without any name."""


_TAGS = {
    NameKind.PERSON: NameTypeTag.PER,
    NameKind.ORGANISATION: NameTypeTag.ORG,
    NameKind.CRAFT: NameTypeTag.OBJ,
}
_AGREEMENT = {
    SymbolCategory.INITIAL: 0.85,
    SymbolCategory.NICK: 0.85,
    SymbolCategory.NAME: 0.95,
    SymbolCategory.DOMAIN: 0.9,
    SymbolCategory.ORG_CLASS: 0.95,
}
"""How far a shared meaning with another spelling is agreement; 1 where not named."""
_PART_WEIGHT = {NamePartTag.LEGAL: 0.3, NamePartTag.STOP: 0.3, NamePartTag.NUM: 1.2}
"""How much a part says about who is meant; 1 where not named."""
_UNMATCHED_ASKED = 0.9
"""Weight of a part that only the screened name has."""
_REPEATED = 0.1
"""Weight of a part that the screened name merely says twice."""
_LOOSE = 0.8
"""Agreement of two parts that share an initial or a sound."""
_NEAR_SPELLING = 0.88
"""Jaro-Winkler similarity from which two parts are loosely alike."""
_NEAR_IF_SAME_SOUND = 0.75
"""The same for two parts with one phonetic code."""
_SHORT = 4
"""Characters below which one different letter makes another name."""
_UNMATCHED_LISTED = {NameKind.PERSON: 0.25, NameKind.ORGANISATION: 0.5, NameKind.CRAFT: 0.5}
"""Weight of a part that only the listed name has: middle and second family names are often left out."""


def read_name(name: str, kind: NameKind) -> Name | None:
    """Read a name into parts; ``None`` if nothing in it can be compared.

    A person's name with one comma is read as ``FAMILY, Given``.
    """
    parts: dict[NamePartTag, list[str]] = {}
    family, comma, given = name.partition(",")
    if kind is NameKind.PERSON and comma and "," not in given:
        parts = {NamePartTag.FAMILY: [family.strip()], NamePartTag.GIVEN: [given.strip()]}
    found = analyze_names(_TAGS[kind], [name], parts, infer_initials=True)
    return next(iter(found), None)


def compare_names(asked: Name, listed: Name, kind: NameKind) -> Likeness:
    """How alike a screened and a listed name are.

    Formula: sum of weight times agreement over aligned parts, divided by the sum of weights, best of
    the possible alignments, in thousandths, rounded half up. Not symmetric: a part that only the
    listed name has weighs less than one that only the screened name has.
    """
    weighed = ((_weigh(pairs, kind), pairs) for pairs in _alignments(asked, listed, kind))
    score, pairs = max(weighed, key=lambda one: one[0])
    return Likeness(score, _reasons(pairs))


def _alignments(asked: Name, listed: Name, kind: NameKind) -> Iterator[list[Alignment]]:
    for meanings in pair_symbols(asked, listed):
        for pair in meanings:
            pair.score = _agreement(pair)
        left = _unused(asked, {part for pair in meanings for part in pair.qps})
        right = _unused(listed, {part for pair in meanings for part in pair.rps})
        spelled = compare_parts(*align_person_name_order(left, right))
        yield [*meanings, *_pair_leftovers(spelled, kind)]


def _unused(name: Name, used: set[NamePart]) -> list[NamePart]:
    return NamePart.tag_sort([part for part in name.parts if part not in used])


def _agreement(pair: Alignment) -> float:
    if pair.symbol is None or pair.qstr == pair.rstr:
        return 1.0
    return _AGREEMENT.get(pair.symbol.category, 1.0)


def _pair_leftovers(spelled: list[Alignment], kind: NameKind) -> Iterator[Alignment]:
    """Pair the parts that spelling left unexplained by initial or sound; the rest stand alone."""
    listed_only = [part for pair in spelled if not pair.score for part in pair.rps]
    for pair in spelled:
        if pair.score:
            yield pair
            continue
        for part in pair.qps:
            other = next((one for one in listed_only if _loosely_alike(part, one, kind)), None)
            if other is not None:
                listed_only.remove(other)
            yield Alignment([part], [other] if other else [], None, _LOOSE if other else 0.0)
    yield from (Alignment([], [part]) for part in listed_only)


def _loosely_alike(asked: NamePart, listed: NamePart, kind: NameKind) -> bool:
    if asked.numeric or listed.numeric:
        return False
    left, right = asked.comparable, listed.comparable
    if 1 in (len(left), len(right)):
        return kind is NameKind.PERSON and left[0] == right[0]
    if min(len(left), len(right)) < _SHORT:
        return False
    sound = asked.metaphone is not None and asked.metaphone == listed.metaphone
    return JaroWinkler.similarity(left, right) >= (_NEAR_IF_SAME_SOUND if sound else _NEAR_SPELLING)


def _weigh(pairs: list[Alignment], kind: NameKind) -> int:
    total = reached = 0.0
    agreed = {part.comparable for pair in pairs if pair.rps for part in pair.qps}
    for pair in pairs:
        weight = _weight(pair, kind, agreed)
        total += weight
        reached += weight * pair.score
    return int(PERFECT * reached / total + 0.5) if total else 0


def _weight(pair: Alignment, kind: NameKind, agreed: set[str]) -> float:
    parts = pair.qps or pair.rps
    weight = sum(_part_weight(part, kind) for part in parts)
    if pair.qps and pair.rps:
        return weight
    if not pair.qps:
        return weight * _UNMATCHED_LISTED[kind]
    said_twice = all(part.comparable in agreed for part in parts)
    return weight * (_REPEATED if said_twice else _UNMATCHED_ASKED)


def _part_weight(part: NamePart, kind: NameKind) -> float:
    if kind is NameKind.PERSON and len(part.comparable) == 1:
        return 1.0
    return _PART_WEIGHT.get(part.tag, 1.0)


def _reasons(pairs: list[Alignment]) -> tuple[str, ...]:
    both = [pair for pair in pairs if pair.qps and pair.rps]
    same = [pair for pair in both if pair.qstr == pair.rstr]
    meant = [pair for pair in both if pair.symbol is not None and pair.qstr != pair.rstr]
    spelled = [pair for pair in both if pair.symbol is None and pair.qstr != pair.rstr]
    counts = {
        "name parts are the same": len(same),
        "name parts are known variants, initials or legal forms of each other": len(meant),
        "name parts are spelled alike": len(spelled),
        "name parts stand only in the screened name": sum(len(p.qps) for p in pairs if not p.rps),
        "name parts stand only in the listed name": sum(len(p.rps) for p in pairs if not p.qps),
    }
    return tuple(f"{count} {what}" for what, count in counts.items() if count)
