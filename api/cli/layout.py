"""Where the nodes of a graph go in a picture: layers from top to bottom, few crossings. Pure.

Owns the layered layout: edges that lead back are turned for the layout only, edges over several layers get a
bend in each, and each layer is ordered and moved by its neighbours. All numbers are points (1/72 inch).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Pair = tuple[str, str]
LAYER = 64  # from layer to layer
APART = 26  # between neighbours of one layer
MARGIN = 28
PASSES = 24
TWO_WAYS = 9  # how far two edges between the same nodes keep from their middle
BEND = 10  # width that a passing edge keeps free


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of the nodes, and the points that each edge passes, from its source to its target."""

    places: Mapping[str, tuple[int, int]]
    paths: Mapping[Pair, tuple[tuple[int, int], ...]]
    back: frozenset[Pair]  # edges that lead to an earlier layer
    width: int
    height: int


def layered(widths: Mapping[str, int], edges: Sequence[Pair], start: str) -> Layout:
    """The layout of the nodes (name -> width) that ``edges`` join, seen from ``start``."""
    back = _leading_back(edges, start)
    down: dict[Pair, list[Pair]] = {}  # upper and lower node -> the one or two edges between them
    for a, b in edges:
        down.setdefault((b, a) if (a, b) in back else (a, b), []).append((a, b))
    rank = _ranks(widths, down)
    bends = {pair: _bends(pair, rank) for pair in down}
    every = dict(widths) | {name: BEND for names in bends.values() for name, _ in names}
    rank |= {name: layer for names in bends.values() for name, layer in names}
    chains = {pair: (pair[0], *(name for name, _ in bends[pair]), pair[1]) for pair in down}
    across = _across(every, rank, chains.values())
    places = {name: (across[name], MARGIN + LAYER // 2 + rank[name] * LAYER) for name in every}
    paths = {}
    for pair, chain in chains.items():
        for n, edge in enumerate(down[pair]):
            aside = (2 * n - 1) * TWO_WAYS if len(down[pair]) > 1 else 0
            points = tuple((places[name][0] + aside, places[name][1]) for name in chain)
            paths[edge] = points if edge == pair else points[::-1]
    right = max(places[name][0] + every[name] // 2 for name in every) + MARGIN
    tall = 2 * MARGIN + (max(rank.values()) + 1) * LAYER
    return Layout({name: places[name] for name in widths}, paths, frozenset(back), right, tall)


def _leading_back(edges: Sequence[Pair], start: str) -> set[Pair]:
    """Edges to a node that is being visited, in a walk in depth from the start."""
    after = defaultdict(list)
    for source, target in edges:
        after[source].append(target)
    back: set[Pair] = set()
    done: set[str] = set()
    path: list[str] = [start]
    open_ends = [iter(after[start])]
    while path:
        target = next(open_ends[-1], "")
        if not target:
            done.add(path.pop())
            open_ends.pop()
        elif target in path:
            back.add((path[-1], target))
        elif target not in done:
            path.append(target)
            open_ends.append(iter(after[target]))
    return back


def _ranks(names: Iterable[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """The longest way to each node from those that nothing leads to."""
    pairs, rank = list(pairs), dict.fromkeys(names, 0)
    for _ in rank:
        for source, target in pairs:
            rank[target] = max(rank[target], rank[source] + 1)
    return rank


def _bends(pair: Pair, rank: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """A bend for each layer that an edge passes."""
    source, target = pair
    return tuple((f"{source}>{target}@{layer}", layer) for layer in range(rank[source] + 1, rank[target]))


def _across(
    widths: Mapping[str, int], rank: Mapping[str, int], chains: Iterable[tuple[str, ...]]
) -> dict[str, int]:
    """Each node's place from the left: ordered by its neighbours, then moved towards them."""
    above, below = defaultdict(list), defaultdict(list)
    for chain in chains:
        for upper, lower in pairwise(chain):
            below[upper].append(lower)
            above[lower].append(upper)
    layers = [[name for name in rank if rank[name] == n] for n in range(max(rank.values()) + 1)]
    at: dict[str, int] = {}
    for layer in layers:
        _spread(layer, dict.fromkeys(layer, 0), widths, at)
    for n in range(PASSES):
        sides = (above, below) if n % 2 == 0 else (below, above)
        for layer in layers if n % 2 == 0 else layers[::-1]:
            wanted = {name: _middle(name, sides[0][name] or sides[1][name], at) for name in layer}
            if n < PASSES - 4:
                layer.sort(key=lambda name: wanted[name])
            _spread(layer, wanted, widths, at)
    for layer in layers:
        wanted = {name: _middle(name, above[name] + below[name], at) for name in layer}
        _spread(layer, wanted, widths, at)
    left = min(at[name] - widths[name] // 2 for name in at) - MARGIN
    return {name: x - left for name, x in at.items()}


def _middle(name: str, neighbours: Sequence[str], at: Mapping[str, int]) -> int:
    return sum(at[each] for each in neighbours) // len(neighbours) if neighbours else at[name]


def _spread(
    layer: Sequence[str], wanted: Mapping[str, int], widths: Mapping[str, int], at: dict[str, int]
) -> None:
    """Put a layer as near as possible to where its nodes want to be, in order and apart."""
    placed: list[int] = []
    for n, name in enumerate(layer):
        least = placed[-1] + (widths[layer[n - 1]] + widths[name]) // 2 + APART if placed else wanted[name]
        placed.append(max(wanted[name], least))
    shift = sum(wanted[name] - x for name, x in zip(layer, placed, strict=True)) // max(len(layer), 1)
    at |= {name: x + shift for name, x in zip(layer, placed, strict=True)}
