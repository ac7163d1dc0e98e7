"""Every graph of langgraph.json has a picture: nodes apart, edges from node to node, drawn without a network."""

from __future__ import annotations

import json
import struct
import zlib
from itertools import combinations
from pathlib import Path

import pytest

from api.cli.layout import layered
from api.cli.picture import HIDDEN, document, png
from graphs.catalog import GRAPHS

LISTED = sorted(json.loads(Path("langgraph.json").read_text(encoding="utf-8"))["graphs"])
pytest.importorskip("typst", reason="the documents extra is not installed")


def pixels(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and the unpacked lines of a PNG, every chunk checked."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, size = 8, b"", (0, 0)
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        body = picture[at + 8 : at + 8 + length]
        assert struct.unpack(">I", picture[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        packed += body if kind == b"IDAT" else b""
        at += length + 12
    return size[0], size[1], zlib.decompress(packed)


@pytest.mark.parametrize("name", LISTED)
def test_every_graph_has_a_real_picture(name: str) -> None:
    width, height, lines = pixels(png(GRAPHS[name].get_graph(), name))
    assert min(width, height) > 400
    assert len(lines) >= height * width * 3
    assert len(set(lines)) > 50  # ink on paper: text, boxes, arrows


@pytest.mark.parametrize("name", LISTED)
def test_every_node_and_every_edge_is_drawn(name: str) -> None:
    graph = GRAPHS[name].get_graph()
    drawn = document(graph, name)
    nodes = [node for node in graph.nodes if not node.startswith(HIDDEN)]
    assert drawn.count("rect(") == len(nodes)
    assert all(f'"{node.strip("_")}"' in drawn for node in nodes)
    assert drawn.count("polygon(") == len({(edge.source, edge.target) for edge in graph.edges})


def test_nodes_of_a_layer_do_not_touch_and_edges_lead_down_but_for_those_that_lead_back() -> None:
    graph = GRAPHS["supervisor"].get_graph()
    edges = [(edge.source, edge.target) for edge in graph.edges]
    widths = {node: 100 for edge in edges for node in edge}
    laid = layered(widths, edges, "__start__")
    for (ax, ay), (bx, by) in combinations(laid.places.values(), 2):
        assert ay != by or abs(ax - bx) > 100
    rises = {edge for edge in edges if laid.places[edge[1]][1] < laid.places[edge[0]][1]}
    assert rises == laid.back == {
        ("collect_findings", "plan_round"),
        ("record_arrival", "await_records"),
        ("record_arrival", "plan_round"),
        ("record_compliance", "await_compliance"),
        ("record_compliance", "decide"),
        ("record_compliance", "plan_round"),
        ("record_conditions", "plan_round"),
        ("record_conditions", "request_conditions"),
        ("record_conditions", "settle"),
        ("record_offer", "await_offer"),
        ("record_offer", "plan_round"),
        ("record_opening", "await_opening"),
        ("record_opening", "settle"),
        ("record_release", "await_release"),
        ("record_release", "settle"),
    }  # fmt: skip
