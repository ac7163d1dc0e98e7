"""What tests put before the output gate: an order of a real case, with the facts of its decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkpoints.answers import Answer
from checkpoints.claims import Claim
from checkpoints.leaving import OutputGate
from checkpoints.orders import OrderGate, Work
from checkpoints.outbox import order_of
from checkpoints.saver import CaseSaver
from domain.approval import Action, ApprovalRequest
from domain.bounds import EffectMandate
from domain.decision import Verb
from domain.effect import AnyEffect
from domain.finding import Fact
from domain.guard import Guardrail, Passage, Ruling, Stage, Verdict
from domain.leaving import Kind
from domain.person import Person
from graphs.catalog import case_graph
from graphs.mandates import for_effects
from graphs.services import Services
from graphs.worker import book_of
from policies.authority import Authority
from policies.book import InForce
from tools.hmda.entry import RegisterEntry
from tools.notices import DecisionNotice

HERE: dict[str, AnyEffect] = {"decision_notice": DecisionNotice(), "register_entry": RegisterEntry()}


def bounds_of(book: InForce, facts: Mapping[str, Fact] | None = None) -> EffectMandate:
    """What a case's book holds its effects to, today's hours being its own."""
    return for_effects(book, book.rules, facts=facts)


async def facts_of(services: Services, case_id: str) -> dict[str, Any]:
    """Facts of the case's decision, as its graph hands them to the outbox."""
    case = await services.cases.get(case_id)
    graph = case_graph(case.kind).copy(update={"checkpointer": CaseSaver(services.database.pool)})
    state = await graph.aget_state({"configurable": {"thread_id": case_id}})
    return dict(state.values["decision"]["facts"])


async def at_the_gate(services: Services, case_id: str, action: Action, claim: Claim) -> Verdict:
    """What the gate says of an order of this case that is performed in our own database."""
    mandate = bounds_of(await book_of(case_id), await facts_of(services, case_id))
    work = Work(order_of(case_id, "settle/0", action), HERE[action.name], claim, mandate)
    gate = OrderGate(services.gate, services.books)
    async with services.database.transaction() as connection:
        return await gate.verdict(connection, work, {}, "written")


async def rejected_saying(
    services: Services, person: Person, request: ApprovalRequest, reason: str
) -> ApprovalRequest:
    """A rejection in this person's own words."""
    return await services.desk.decide(person, request.id, Answer(Verb.REJECT, reason, request.digest))


class Changing:
    """Passes so often, then refuses."""

    name = "changing"
    version = "1"
    stage: Stage = "output"

    def __init__(self, passes: int) -> None:
        self._left = passes

    async def check(self, passage: Passage) -> Verdict:
        """Pass while there is something left."""
        self._left -= 1
        return Verdict(Ruling.PASS, "C0") if self._left >= 0 else Verdict(Ruling.REFUSE, "C1", "it changed")


class Failing:
    """Cannot be asked."""

    name = "changing"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Fail."""
        raise RuntimeError("out of order")


def gate_with(services: Services, guardrail: Guardrail) -> OutputGate:
    """A gate that asks this guardrail and no other."""
    over = {guardrail.name: frozenset(Kind)}
    return OutputGate(services.ledger, services.vault, Authority.shipped(), (guardrail,), over)


def asking_only(mandate: Any, name: str) -> Any:
    """The same bounds with one guardrail over what leaves."""
    return replace(mandate, output=(name,))
