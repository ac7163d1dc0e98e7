"""What leaves passes the output gate: no route, effect or letter has a way round it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from api.http.access import GovernedRoute
from api.http.app import ROUTERS
from api.studio.window import router as window
from domain.leaving import Kind
from guardrails.catalog import GUARDRAILS, OF_LEAVING, OVER_WHAT_LEAVES
from tests.architecture.test_house import trees

ROOT = Path(__file__).resolve().parents[2]
OPEN = {"/health", "/ready", "/metrics", "/livez", "/readyz", "/healthz"}  # these speak of no case
ROUTES = [each for router in (*ROUTERS, window) for each in router.routes if isinstance(each, APIRoute)]


def callers(name: str) -> set[str]:
    """Files in which something of this name is called."""
    return {
        str(file.relative_to(ROOT))
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda each: each.path)
def test_every_route_that_speaks_of_a_case_answers_through_the_gate(route: APIRoute) -> None:
    assert isinstance(route, GovernedRoute) or route.path in OPEN


def test_no_route_takes_the_door_away_again() -> None:
    handlers = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "get_route_handler"
    ]
    handlers.remove("api/demo/core_bank.py:get_route_handler")  # another system, played
    assert handlers == ["api/http/access.py:get_route_handler"]
    assert callers("left") == {"api/http/access.py"}


def test_only_the_gate_makes_what_a_letter_or_answer_is_written_from() -> None:
    assert callers("Released") == {"checkpoints/leaving.py"}


def test_only_the_outbox_performs_effects_and_only_after_its_guard_was_asked() -> None:
    assert callers("perform_in") == {"checkpoints/outbox.py"}
    assert callers("verdict") >= {"checkpoints/outbox.py"}
    assert "checkpoints/outbox.py" in callers("again")


def test_every_kind_that_leaves_is_looked_at_for_vault_values_and_filings() -> None:
    assert {each.name for each in OF_LEAVING} <= OVER_WHAT_LEAVES.keys() <= {each.name for each in GUARDRAILS}
    for kind in Kind:
        looked_at = {name for name, kinds in OVER_WHAT_LEAVES.items() if kind in kinds}
        assert looked_at >= {"vault_values", "tipping_off"}
