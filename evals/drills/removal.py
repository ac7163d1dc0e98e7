"""Takes one control out of a source text: a refusal, the body of a function, or a piece of text. Pure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evals.drills.controls import BODIES, REFUSALS, TEXTS


@dataclass(frozen=True)
class Drill:
    """One control, how its file reads without it, and which tests must notice."""

    name: str
    file: str
    without: Callable[[str], str]
    tests: tuple[str, ...]


def drills(root: Path) -> Iterator[Drill]:
    """Every control of the tables, refusals in the order of their files."""
    for file, tests in REFUSALS.items():
        yield from _refusals(file, (root / file).read_text(encoding="utf-8"), tests)
    for file, function, rest, tests in BODIES:
        yield Drill(f"{file} {function}", file, partial(emptied, function=function, rest=rest), tests)
    for file, piece, instead, tests in TEXTS:
        yield Drill(f"{file} {piece[:60]}", file, partial(swapped, piece=piece, instead=instead), tests)


def _refusals(file: str, text: str, tests: tuple[str, ...]) -> Iterator[Drill]:
    for line, name in refusals(text):
        yield Drill(f"{file}:{line} {name}", file, partial(silenced, line=line), tests)


def refusals(text: str) -> list[tuple[int, str]]:
    """``(line, function: what it says)`` of every ``raise`` of a new error; a bare ``raise`` passes one on."""
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            within = [each.name for each in functions if each.lineno <= node.lineno <= (each.end_lineno or 0)]
            found.append((node.lineno, f"{within[-1] if within else ''}: {_said(node.exc)}"))
    return sorted(found)


def silenced(text: str, line: int) -> str:
    """The text with the ``raise`` on this line replaced by ``pass``."""
    (node,) = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Raise) and n.lineno == line]
    return _replaced(text, node, "pass")


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


def _replaced(text: str, node: ast.stmt, by: str) -> str:
    lines = text.splitlines(keepends=True)
    indent = " " * node.col_offset
    return "".join([*lines[: node.lineno - 1], f"{indent}{by}\n", *lines[node.end_lineno :]])


def _said(call: ast.Call) -> str:
    control = next((ast.unparse(each.value) for each in call.keywords if each.arg == "control"), "")
    return control.strip("'\"") or ast.unparse(call)[:80]
