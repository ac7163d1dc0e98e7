"""Takes one control out of a source text: a refusal, an objection, a function's body or a piece of text. Pure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evals.drills import controls, controls_conduct, controls_record

REFUSALS = (*controls.REFUSALS.items(), *controls_record.REFUSALS.items())
OBJECTIONS = (*controls_conduct.OBJECTIONS.items(), *controls_record.OBJECTIONS.items())
BODIES = (*controls.BODIES, *controls_conduct.BODIES, *controls_record.BODIES)
TEXTS = (*controls.TEXTS, *controls_conduct.TEXTS, *controls_record.TEXTS)


@dataclass(frozen=True)
class Drill:
    """One control, how its file reads without it, and which tests must notice."""

    name: str
    file: str
    without: Callable[[str], str]
    tests: tuple[str, ...]
    line: int | None = None  # where it stands, of a statement

    @property
    def place(self) -> str:
        """Where it stands, of a statement."""
        return f"{self.file}:{self.line}"


def drills(root: Path) -> Iterator[Drill]:
    """Every control of the tables, refusals in the order of their files."""
    for file, tests in REFUSALS:
        for line, name in refusals((root / file).read_text(encoding="utf-8")):
            yield Drill(f"{file}:{line} {name}", file, partial(silenced, line=line), tests, line)
    for file, tests in OBJECTIONS:
        for line, name in objections((root / file).read_text(encoding="utf-8")):
            yield Drill(f"{file}:{line} {name}", file, partial(unsaid, line=line), tests, line)
    for file, function, rest, tests in BODIES:
        yield Drill(f"{file} {function}", file, partial(emptied, function=function, rest=rest), tests)
    for file, piece, instead, tests in TEXTS:
        yield Drill(f"{file} {piece[:90]}", file, partial(swapped, piece=piece, instead=instead), tests)


def refusals(text: str) -> list[tuple[int, str]]:
    """``(line, function: what it says)`` of every ``raise`` of a new error; a bare ``raise`` passes one on."""
    tree = ast.parse(text)
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    calls = [(each, each.exc) for each in raised if isinstance(each.exc, ast.Call)]
    within = _functions(tree)
    return sorted((node.lineno, f"{within(node)}: {_said(call)}") for node, call in calls)


def objections(text: str) -> list[tuple[int, str]]:
    """``(line, function: what it says)`` of every ``yield`` that stands alone: what a check has against something."""
    tree = ast.parse(text)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and _is_objection(node)]
    within = _functions(tree)
    return sorted((node.lineno, f"{within(node)}: {ast.unparse(node)[:80]}") for node in found)


def silenced(text: str, line: int) -> str:
    """The text with the ``raise`` on this line replaced by ``pass``."""
    (node,) = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Raise) and n.lineno == line]
    return _replaced(text, node, "pass")


def unsaid(text: str, line: int) -> str:
    """The text with the ``yield`` on this line replaced by one of nothing."""
    statements = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt))
    (node,) = [each for each in statements if each.lineno == line and _is_objection(each)]
    return _replaced(text, node, "yield from ()")


def emptied(text: str, function: str, rest: str) -> str:
    """The text with a function (``name`` or ``Class.name``) left with one statement.

    Raises:
        KeyError: there is no such function any more: mend the table.
    """
    nodes: list[ast.AST] = [ast.parse(text)]
    for part in function.split("."):
        nodes = [n for node in nodes for n in ast.iter_child_nodes(node) if getattr(n, "name", None) == part]
    if not nodes or not isinstance(nodes[0], ast.FunctionDef | ast.AsyncFunctionDef):
        raise KeyError(f"no function {function}")
    body = nodes[0].body
    lines = text.splitlines(keepends=True)
    indent = " " * body[0].col_offset
    return "".join([*lines[: body[0].lineno - 1], f"{indent}{rest}\n", *lines[body[-1].end_lineno :]])


def swapped(text: str, piece: str, instead: str) -> str:
    """The text with one piece replaced; ``KeyError`` when it does not stand there exactly once."""
    if text.count(piece) != 1:
        raise KeyError(f"{piece!r} stands there {text.count(piece)} times")
    return text.replace(piece, instead)


def _is_objection(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom)


def _functions(tree: ast.AST) -> Callable[[ast.stmt], str]:
    """Gives the function in which a statement stands."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]

    def within(node: ast.stmt) -> str:
        names = [each.name for each in functions if each.lineno <= node.lineno <= (each.end_lineno or 0)]
        return names[-1] if names else ""

    return within


def _replaced(text: str, node: ast.stmt, by: str) -> str:
    lines = text.splitlines(keepends=True)
    indent = " " * node.col_offset
    return "".join([*lines[: node.lineno - 1], f"{indent}{by}\n", *lines[node.end_lineno :]])


def _said(call: ast.Call) -> str:
    control = next((ast.unparse(each.value) for each in call.keywords if each.arg == "control"), "")
    return control.strip("'\"") or ast.unparse(call)[:80]
