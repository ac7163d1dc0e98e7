"""Draws a graph as a PNG: the layout of ``layout`` set by typst, from what is installed, without a network.

Owns the look. Solid arrows are always taken, dashed ones are one of several ways, blue ones lead back; amber
nodes wait for a person or an event.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from itertools import pairwise

from langchain_core.runnables.graph import Graph

from api.cli.layout import Layout, layered
from domain.errors import Misconfigured

HIDDEN = "__error_handler__"  # every node has one; they would only hide the graph
PER_LETTER = 6
PADDING = 22
TALL = 26
PAGE = """#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#set text(font: "DejaVu Sans Mono", size: 9.5pt, fill: rgb("#1f2937"))
#place(top + left, dx: {margin}pt, dy: 14pt, text(size: 13pt, weight: "bold", {title}))
#place(top + left, dx: {margin}pt, dy: 32pt, text(size: 7.5pt, fill: rgb("#6b7280"), {legend}))
"""
LEGEND = "solid: always   dashed: one of several   blue: leads back   amber: waits"
TITLE = 30  # points above the picture
NODE = """#place(top + left, dx: {x}pt, dy: {y}pt, rect(width: {width}pt, height: {tall}pt, radius: {radius}pt,
  fill: rgb("{fill}"), stroke: 0.8pt + rgb("{line}"), inset: 0pt,
  align(center + horizon, text(fill: rgb("{ink}"), {label}))))
"""
EDGE = """#place(top + left, curve(stroke: (paint: rgb("{line}"), thickness: 1pt{dash}),
  curve.move(({x}pt, {y}pt)), {parts}))
"""
HEAD = """#place(top + left, polygon(fill: rgb("{line}"), ({x}pt, {y}pt), ({left}pt, {base}pt), ({right}pt, {base}pt)))
"""
BLUE, GREY = "#2563eb", "#6b7280"
TURN = 22  # how far a bend reaches up and down


def png(graph: Graph, title: str) -> bytes:
    """The picture; ``Misconfigured`` when the extra that draws it is not installed."""
    try:
        typst = import_module("typst")  # an extra: loaded only when something is drawn
    except ImportError as error:
        raise Misconfigured(
            "a PNG needs typst", remedy="install the extra: countersign[documents]"
        ) from error
    return bytes(typst.compile(document(graph, title).encode(), format="png", ppi=144))


def document(graph: Graph, title: str) -> str:
    """The picture as typst source."""
    names = [name for name in graph.nodes if not name.startswith(HIDDEN)]
    widths = {name: len(_label(name)) * PER_LETTER + PADDING for name in names}
    dashed = {(edge.source, edge.target): edge.conditional for edge in graph.edges}
    layout = layered(widths, list(dashed), "__start__")
    head = PAGE.format(
        width=max(layout.width, 420),
        height=layout.height + TITLE,
        margin=28,
        title=json.dumps(title),
        legend=json.dumps(LEGEND),
    )
    edges = [part for pair, dash in dashed.items() for part in _edge(layout, pair, dash)]
    return head + "".join(edges) + "".join(_node(name, widths[name], layout) for name in names)


def _label(name: str) -> str:
    return name.strip("_")


def _node(name: str, width: int, layout: Layout) -> str:
    x, y = layout.places[name]
    ends, waits = name.startswith("__"), name.startswith("await_")
    fill = "#374151" if ends else "#fde68a" if waits else "#eef2ff"
    return NODE.format(
        x=x - width // 2,
        y=y - TALL // 2 + TITLE,
        width=width,
        tall=TALL,
        radius=TALL // 2 if ends else 5,
        fill=fill,
        line="#b45309" if waits else "#4b5563",
        ink="#ffffff" if ends else "#111827",
        label=json.dumps(_label(name)),
    )


def _edge(layout: Layout, pair: tuple[str, str], dashed: bool) -> Iterable[str]:
    points = [(x, y + TITLE) for x, y in layout.paths[pair]]
    way = 1 if points[-1][1] > points[0][1] else -1  # down or up
    points[0] = (points[0][0], points[0][1] + way * TALL // 2)
    tip_x, tip_y = points[-1][0], points[-1][1] - way * TALL // 2
    points[-1] = (tip_x, tip_y - way * 6)
    line = BLUE if pair in layout.back else GREY
    parts = ", ".join(_curve(a, b, way) for a, b in pairwise(points))
    dash = ', dash: "dashed"' if dashed else ""
    yield EDGE.format(line=line, dash=dash, x=points[0][0], y=points[0][1], parts=parts)
    yield HEAD.format(line=line, x=tip_x, y=tip_y, left=tip_x - 4, right=tip_x + 4, base=tip_y - way * 8)


def _curve(start: tuple[int, int], end: tuple[int, int], way: int) -> str:
    """From one point to the next, leaving and arriving upright."""
    (ax, ay), (bx, by) = start, end
    return f"curve.cubic(({ax}pt, {ay + way * TURN}pt), ({bx}pt, {by - way * TURN}pt), ({bx}pt, {by}pt))"
