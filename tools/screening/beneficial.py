"""Who owns how much of a company, through chains and loops of holdings.

Owns the arithmetic of indirect ownership. Never says who has to be identified (the book's threshold
does), never screens anybody, and never spreads a share that no record explains over known owners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tools.screening.ownership import WHOLE, Stake

Shares = dict[str, Fraction]
Held = Mapping[str, Mapping[str, Fraction]]  # entity -> owner -> share


@dataclass(frozen=True, slots=True)
class Interests:
    """What the recorded stakes say about one company; shares are exact fractions of the whole."""

    owners: Mapping[str, Fraction]
    """Share of every individual and trust, direct and indirect together."""
    direct: frozenset[str]
    """Those of them who hold a stake in the company itself."""
    unresolved: Mapping[str, Fraction]
    """Share that ends at an entity whose owners are not recorded, or not all of them; by entity."""
    layers: int
    """Entities between the company and its farthest recorded owner, by the shortest way."""
    loop: bool
    """Whether holdings lead back to where they began."""

    @property
    def rest(self) -> Fraction:
        """Everything that is unresolved."""
        return sum(self.unresolved.values(), Fraction(0))


def interests(stakes: Iterable[Stake], company: str, entities: frozenset[str]) -> Interests:
    """Shares in ``company`` of everybody who is no entity.

    Formula: the weight of the company is 1; what arrives at a holder is the sum, over everything it
    holds, of the weight of what is held times the share; an entity passes its weight on to its owners.
    In loops this is a linear system, solved exactly. Owners and unresolved shares sum to 1.
    Nothing is rounded. Source: "directly or indirectly", 31 CFR 1010.230(d)(1), multiplied along each
    chain as in the examples of FinCEN's frequently asked questions of 2018-04-03 (unverified).

    Args:
        stakes: direct holdings, shares in basis points; several of one owner in one entity add up.
        company: whose owners are asked for.
        entities: who passes ownership on; everybody else is an end of a chain.
    """
    held = _held(stakes, entities | {company})
    reached = _reached(held, company)
    live = _live(held, reached)
    weights = _weights(held, company, live)
    owners: Shares = {}
    unresolved: Shares = {}
    for entity in sorted(reached):
        weight = weights.get(entity, Fraction(0))
        if entity not in live:
            unresolved[entity] = weight
            continue
        unresolved[entity] = weight * (1 - sum(held[entity].values()))
        for owner, share in held[entity].items():
            if owner not in held:
                owners[owner] = owners.get(owner, Fraction(0)) + weight * share
    direct = frozenset(owner for owner in held[company] if owner in owners)
    open_ends = {entity: share for entity, share in unresolved.items() if share}
    return Interests(owners, direct, open_ends, max(reached.values()), _has_loop(held, reached))


def _held(stakes: Iterable[Stake], entities: frozenset[str]) -> dict[str, dict[str, Fraction]]:
    held: dict[str, dict[str, Fraction]] = {entity: {} for entity in entities}
    for stake in stakes:
        owners = held[stake.owned]
        owners[stake.owner] = owners.get(stake.owner, Fraction(0)) + Fraction(stake.share, WHOLE)
    return held


def _reached(held: Held, company: str) -> dict[str, int]:
    """Entities above the company with their distance from it."""
    found, row = {company: 0}, [company]
    while row:
        above = {owner for entity in row for owner in held[entity] if owner in held and owner not in found}
        row = sorted(above)
        found |= {entity: max(found.values()) + 1 for entity in row}
    return found


def _live(held: Held, reached: Iterable[str]) -> frozenset[str]:
    """Entities from which some way leads out: to an end of a chain, or to a share that is not recorded."""
    live: frozenset[str] = frozenset()
    names = frozenset(reached)
    while True:
        grown = frozenset(
            entity
            for entity in names
            if sum(held[entity].values()) < 1 or any(o not in held or o in live for o in held[entity])
        )
        if grown == live:
            return live
        live = grown


def _weights(held: Held, company: str, live: frozenset[str]) -> Shares:
    """Solve weight = start + sum of weights of what is held, for live entities; the others take what arrives."""
    order = sorted(live)
    rows = [
        [Fraction(int(a == b)) - held[b].get(a, Fraction(0)) for b in order] + [Fraction(int(a == company))]
        for a in order
    ]
    weights = dict(zip(order, _solved(rows), strict=True)) if live else {}
    dead = {o for entity in live for o in held[entity] if o in held and o not in live}
    arrives = {end: sum((weights[e] * held[e].get(end, 0) for e in live), Fraction(0)) for end in dead}
    return weights | arrives | ({} if company in live else {company: Fraction(1)})


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gauss and Jordan, exactly; every row has a pivot because every live entity has a way out."""
    size = len(rows)
    for at in range(size):
        pivot = next(row for row in range(at, size) if rows[row][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(size):
            if other != at and rows[other][at]:
                factor = rows[other][at]
                rows[other] = [
                    left - factor * right for left, right in zip(rows[other], rows[at], strict=True)
                ]
    return [row[-1] for row in rows]


def _has_loop(held: Held, reached: Iterable[str]) -> bool:
    left = {entity: {owner for owner in held[entity] if owner in held} for entity in reached}
    while free := {entity for entity, owners in left.items() if not owners & set(left)}:
        left = {entity: owners for entity, owners in left.items() if entity not in free}
    return bool(left)
