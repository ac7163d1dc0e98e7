"""CONTRIBUTING's table, carried out: one of each is added to a copy of the tree; the contract suites pass there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "domain",
    "policies",
    "audit",
    "checkpoints",
    "tools",
    "guardrails",
    "agents",
    "graphs",
    "api",
    "tests",
)

TOOL = '''

class PetCount(Record):
    """How many pets live in the dwelling."""

    found: bool


async def pet_count(_: PartyArguments, context: ToolContext) -> PetCount:
    """Whether anybody counted them."""
    return PetCount(found=bool(await context.warehouse.records("bureau_file")))


'''
TOOL_ROW = """    Tool(
        name="pet_count",
        description="Tells whether pets were counted.",
        args=PartyArguments,
        result=PetCount,
        run=pet_count,
        records=frozenset({"bureau_file"}),
    ),
"""
SPECIALIST = '''"""Counts pets."""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, missing
from domain.assignment import Assignment


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Ask about each party."""
    for party in assignment.parties:
        await call("pet_count", {"party": party})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Pets are never known."""
    return Conclusion("not counted", gaps=(missing("bureau_file", "no pets were counted"),))


SPECIALIST = Specialist(
    job="pet_counter",
    worker="credit",
    provides=("pets",),
    needs=(),
    tools=("pet_count",),
    required=("pet_count",),
    records=("bureau_file",),
    gather=gather,
    conclude=conclude,
)
'''
PROMPT = """---
id: credit.pet_counter
version: 1
owner: pets
judgement:
  - {code: pets_friendly, question: "Are they friendly?"}
---
# pet_counter

Count the pets.
"""
GUARDRAIL = '''"""Forbids shouting."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict


class NoShouting:
    """Stage: execution. Refuses capital letters only. Fails closed."""

    name = "no_shouting"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        return Verdict(Ruling.REFUSE if passage.text.isupper() else Ruling.PASS, "NS")
'''
EFFECT = '''

class FeedPet(BookOffer):
    """Feeds a pet."""

    name = "feed_pet"


'''
EVENT = '''

class PetFed(Event):
    """A pet was fed."""

    pet: str
'''
WORKER = '''"""The pet worker. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.worker import WorkerInput, WorkerState, accept, specialist

builder = StateGraph(WorkerState, input_schema=WorkerInput)
builder.add_node("accept", accept("credit"))
builder.add_node("pet_counter", specialist("pet_counter"))
builder.add_edge(START, "accept")
builder.add_edge("accept", "pet_counter")
builder.add_edge("pet_counter", END)

graph = builder.compile(name="pets", checkpointer=False)
'''
SEEN = """
from agents.roster import ROSTER
from audit.events import PetFed
from graphs.catalog import GRAPHS, VOCABULARY
from guardrails.catalog import GUARDRAILS
from policies.loader import shipped
from tools.catalog import EFFECT_NAMES, TOOLS

books = {book.rules.kind: book for book in shipped(VOCABULARY)}
assert "pet_counter" in ROSTER and "pet_count" in TOOLS and "pets" in GRAPHS
assert "no_shouting" in [each.name for each in GUARDRAILS] and "feed_pet" in EFFECT_NAMES
assert books["pet_loan"].rules.boundaries["walk"].due_hours == 1
assert PetFed.kind() == "pet_fed"
"""


def edit(file: Path, *changes: tuple[str, str]) -> None:
    """Insert text before an anchor; the anchor must be there."""
    text = file.read_text(encoding="utf-8")
    for anchor, added in changes:
        assert anchor in text, f"{file.name} has no {anchor!r}"
        text = text.replace(anchor, added + anchor, 1)
    file.write_text(text, encoding="utf-8")


def run(tree: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command], cwd=tree, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one of each added as CONTRIBUTING says."""
    tree = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    edit(tree / "tools/bureau.py", ("TOOLS", TOOL.lstrip("\n")))
    edit(tree / "tools/bureau.py", ("    Tool(\n", TOOL_ROW))
    (tree / "agents/credit/pet_counter.py").write_text(SPECIALIST)
    (tree / "agents/credit/pet_counter.md").write_text(PROMPT)
    edit(
        tree / "agents/roster.py",
        ("from agents.kyc", "from agents.credit import pet_counter\n"),
        ('    "document_verifier"', '    "pet_counter": pet_counter.SPECIALIST,\n'),
    )
    (tree / "guardrails/execution/no_shouting.py").write_text(GUARDRAIL)
    edit(
        tree / "guardrails/catalog.py",
        ("from guardrails.execution.values", "from guardrails.execution.no_shouting import NoShouting\n"),
        ("ValuesAsArguments(),", "NoShouting(), "),
    )
    edit(
        tree / "tools/core_bank.py",
        ("EFFECTS = (", EFFECT.lstrip("\n")),
        ("BookOffer, AmendLoan)", "FeedPet, "),
    )
    edit(tree / "tools/catalog.py", ('"book_offer"', '"feed_pet", '))
    with (tree / "audit/events.py").open("a") as events:
        events.write(EVENT)
    (tree / "graphs/pets").mkdir()
    (tree / "graphs/pets/__init__.py").write_text('"""Pets."""\n')
    (tree / "graphs/pets/graph.py").write_text(WORKER)
    edit(
        tree / "graphs/catalog.py",
        ("from graphs.supervisor.graph", "from graphs.pets.graph import graph as pets\n"),
        ('"credit": credit', '"pets": pets, '),
    )
    edit(
        tree / "graphs/supervisor/graph.py",
        ("from langgraph.graph import", "from dataclasses import replace\n\n"),
        ("approval(builder, OFFER)", 'approval(builder, replace(OFFER, name="walk"))\n'),
    )
    book = (tree / "policies/books/home_loan.yaml").read_text()
    book = book.replace("kind: home_loan", "kind: pet_loan\nform: home_loan")
    book = book.replace("credit: [bureau_analyst]", "credit: [bureau_analyst, pet_counter]")
    walk = "boundaries:\n  walk: {due_hours: 1, escalates_to: chief_credit, attests: I walked it.}"
    book = book.replace("boundaries:", walk).replace(
        "[values_as_arguments,", "[no_shouting, values_as_arguments,"
    )
    (tree / "policies/books/pet_loan.yaml").write_text(book)
    return tree


def test_one_of_each_is_found_where_it_was_registered(tree: Path) -> None:
    run(tree, "-c", SEEN)


def test_contract_suites_take_the_new_ones_in_unchanged(tree: Path) -> None:
    run(
        tree,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/contract",
        "-k",
        "pet or shouting or feed or effects",
    )


def test_worker_graph_of_a_new_worker_can_be_drawn(tree: Path) -> None:
    run(
        tree,
        "-c",
        "from graphs.catalog import GRAPHS; assert 'pet_counter' in GRAPHS['pets'].get_graph().draw_mermaid()",
    )
