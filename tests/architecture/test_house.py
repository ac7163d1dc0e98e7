"""The house stands as drawn: sizes, who reads time and environment, literal registries, plain names."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("domain", "policies", "audit", "checkpoints", "tools", "guardrails", "agents", "graphs", "api")
FILES = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
UNWANTED = {"utils", "common", "helpers", "core", "services", "models", "schemas", "misc", "manager"}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for file in FILES:
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def called(tree: ast.Module) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_top_level_holds_what_was_asked_for() -> None:
    asked = (
        "pyproject.toml",
        "graphs",
        "agents",
        "tools",
        "guardrails",
        "checkpoints",
        "tests",
        "langgraph.json",
        "README.md",
    )
    assert [name for name in asked if not (ROOT / name).exists()] == []


def test_no_file_is_longer_than_400_lines_and_no_function_than_50() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert long == []
    assert [file for file in FILES if len(file.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_graph_files_are_wiring_only() -> None:
    for file in (ROOT / "graphs").glob("*/graph.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert not [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert len(tree.body) <= 100


def test_only_the_clock_reads_the_time_and_only_settings_the_environment() -> None:
    for file, tree in trees():
        name = str(file.relative_to(ROOT))
        assert name == "domain/clock.py" or not called(tree) & {"datetime.now", "date.today", "time.time"}, (
            name
        )
        assert name == "api/settings.py" or "os.getenv" not in called(tree), name


def test_sql_reads_no_clock() -> None:
    for file in (ROOT / "checkpoints").rglob("*.sql"):
        text = file.read_text(encoding="utf-8").lower()
        assert not [word for word in ("now()", "current_date", "current_timestamp") if word in text], (
            file.name
        )


def test_nothing_is_pickled_evaluated_or_run_from_text() -> None:
    for file, tree in trees():
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        assert not {"pickle", "marshal", "shelve", "dill"} & imported, file
        assert not {"eval", "exec", "yaml.load"} & called(tree), file


def test_only_case_graphs_interrupt_and_the_waiting_node_does_nothing_else() -> None:
    waiting = {str(file.relative_to(ROOT)) for file, tree in trees() if "interrupt" in called(tree)}
    assert waiting == {"graphs/approval.py", "graphs/supervisor/waiting.py"}


def test_models_are_built_in_one_place_and_agents_in_another() -> None:
    chat = {str(file.relative_to(ROOT)) for file, tree in trees() if "ChatOpenAI" in called(tree)}
    agents = {str(file.relative_to(ROOT)) for file, tree in trees() if "create_agent" in called(tree)}
    assert (chat, agents) == ({"api/assembly.py"}, {"agents/build.py"})


def test_rooms_have_plain_names() -> None:
    names = {file.stem for file in FILES} | {
        folder.name for package in PACKAGES for folder in (ROOT / package).iterdir() if folder.is_dir()
    }
    assert names & UNWANTED <= {"services"}  # graphs/services.py is named by the design


def test_no_function_imports_for_itself() -> None:
    inside = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file, tree in trees()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_migrations_are_one_chain_in_the_order_of_their_files() -> None:
    folder = ScriptDirectory(str(ROOT / "checkpoints" / "migrations"))
    chain = [each.revision for each in folder.walk_revisions()]
    assert len(folder.get_heads()) == 1
    assert chain[::-1] == [
        file.name[1:5] for file in sorted((ROOT / "checkpoints/migrations/versions").glob("r*.py"))
    ]


def test_packages_are_listed_one_by_one_and_resolve_here() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]["packages"]
    assert tuple(listed) == PACKAGES
    for package in PACKAGES:
        assert Path(__import__(package).__file__ or "").is_relative_to(ROOT)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_hashed_and_name_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert not [line for line in text.splitlines() if line.startswith(("openai-agents", "guardrails-ai"))]
