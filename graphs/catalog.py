"""Which graph runs which case kind, which worker graphs there are, and the names that a book may use."""

from __future__ import annotations

from typing import Any

from agents.advisor.advisor import JOB as ADVISOR
from agents.roster import ROSTER
from agents.supervisor.planner import JOB as PLANNER
from domain.chat import CHAT
from domain.records import RECORD_KINDS
from domain.unwinding import UNWINDING
from graphs.advisor.graph import graph as advisor
from graphs.advisor.ruling import CHAT_FACTS
from graphs.autonomy_raise.graph import graph as autonomy_raise
from graphs.credit.graph import graph as credit
from graphs.kyc.graph import graph as kyc
from graphs.mortgage.graph import graph as mortgage
from graphs.policy_change.graph import graph as policy_change
from graphs.policy_change.nodes import POLICY_FACTS
from graphs.policy_change.proposing import KIND as POLICY_CHANGE
from graphs.register_review.graph import graph as register_review
from graphs.register_review.nodes import REGISTER_FACTS
from graphs.register_review.nodes import TOOL as REVIEWER
from graphs.supervisor.graph import graph as supervisor
from graphs.supervisor.opening import PROVIDED_BY_APPLICATION
from graphs.supervisor.planning import DERIVED
from graphs.unwinding.graph import graph as unwinding
from graphs.unwinding.planning import UNWINDING_FACTS
from graphs.workflows import Workflow, Workflows
from guardrails.catalog import GUARDRAILS
from policies.bounds import RELEASES
from policies.vocabulary import Vocabulary
from policies.waivers import WAIVER
from tools.catalog import (
    COMPENSATIONS,
    COUNTERPARTY_EFFECTS,
    EFFECT_NAMES,
    EFFECT_RATINGS,
    MONEY_EFFECTS,
    SORTED_EFFECTS,
    TOOLS,
)

GRAPHS: dict[str, Any] = {
    "supervisor": supervisor,
    "mortgage": mortgage,
    "kyc": kyc,
    "credit": credit,
    "register_review": register_review,
    "unwinding": unwinding,
    "advisor": advisor,
    "autonomy_raise": autonomy_raise,
    "policy_change": policy_change,
}

OWN_GRAPHS: dict[str, Any] = {
    "lar_review": register_review,
    "autonomy_raise": autonomy_raise,
    CHAT: advisor,
    POLICY_CHANGE: policy_change,
    UNWINDING: unwinding,
}
ASKS = "prepare_"


def _asks(graph: Any) -> frozenset[str]:
    """Where a compiled graph asks people."""
    return frozenset(name.removeprefix(ASKS) for name in graph.nodes if name.startswith(ASKS))


VOCABULARY = Vocabulary(
    specialists={
        worker: frozenset(job for job, each in ROSTER.items() if each.worker == worker)
        for worker in {each.worker for each in ROSTER.values()}
    },
    facts=frozenset(fact for each in ROSTER.values() for fact in each.provides)
    | PROVIDED_BY_APPLICATION
    | DERIVED
    | REGISTER_FACTS
    | CHAT_FACTS
    | POLICY_FACTS
    | UNWINDING_FACTS
    | {"outcome"},
    effects=EFFECT_NAMES,
    guardrails={
        stage: frozenset(each.name for each in GUARDRAILS if each.stage == stage)
        for stage in ("input", "output", "execution", "model")
    },
    records=frozenset(RECORD_KINDS),
    money=MONEY_EFFECTS,
    counterparties=COUNTERPARTY_EFFECTS,
    sorts=SORTED_EFFECTS,
    tools=frozenset(TOOLS),
    ratings={name: each.rating for name, each in EFFECT_RATINGS.items()},
    compensations=COMPENSATIONS,
    codes=frozenset(code for each in ROSTER.values() for code in each.raises),
    provides={job: frozenset(each.provides) for job, each in ROSTER.items()},
    boundaries={kind: _asks(graph) for kind, graph in {"": supervisor, **OWN_GRAPHS}.items()}
    | {CHAT: frozenset({RELEASES})},  # of an answer that is held; no step of its graph waits for it
    beside=frozenset({WAIVER}),
    others=frozenset({PLANNER, ADVISOR, REVIEWER}),
)


WORKFLOWS = Workflows(
    (
        Workflow("supervisor", 1, "15d22ea065ac", supervisor, (mortgage, kyc, credit)),
        Workflow("register_review", 1, "185bf4e7a965", register_review),
        Workflow("autonomy_raise", 1, "dd6ab890b567", autonomy_raise),
        Workflow("policy_change", 1, "ec057cc0176c", policy_change),
        Workflow("unwinding", 1, "f87427f46b4e", unwinding),
        Workflow("advisor", 1, "fea0ed18c502", advisor),
    ),
    {kind: graph.name for kind, graph in OWN_GRAPHS.items()},
    "supervisor",
)


def case_graph(kind: str) -> Any:
    """The graph that runs new cases of a kind."""
    return WORKFLOWS.newest(kind).graph
