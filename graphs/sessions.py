"""Opens a specialist's session: journal, context for tools, and the vault values that must not leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from checkpoints.journal import open_journal
from checkpoints.session import Session
from domain.assignment import Assignment
from domain.finding import Fact
from domain.rate import Rate
from graphs.lease import lease_for
from graphs.mandates import call_rates
from graphs.services import services
from tools.contract import ToolContext
from tools.warehouse import CaseWarehouse


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with its tool context and what the model gateway blocks."""

    session: Session
    context: ToolContext
    blocked: frozenset[str]


TERMS = ("loan_amount_cents",)  # of the application, that an approver's edit may replace by a fact


def with_terms(application: dict[str, Any], facts: Mapping[str, Fact]) -> dict[str, Any]:
    """The application with the terms that were edited since."""
    return application | {name: facts[name] for name in TERMS if name in facts and name in application}


async def open_session(assignment: Assignment, specialist: str) -> OpenSession:
    """Everything one specialist works with, from the process's services and the case's own rows."""
    here = services()
    case_id = assignment.case_id
    lineage = (case_id, *await here.cases.ancestors(case_id))
    session = here.session(
        assignment=assignment,
        specialist=specialist,
        lease=await lease_for(case_id),
        database=here.database,
        journal=await open_journal(here.database, here.vault, here.clock, lineage),
        ledger=here.ledger,
        clock=here.clock,
        rates=await _rates(case_id),
    )
    context = ToolContext(
        case_id=case_id,
        as_of=assignment.as_of,
        application=with_terms(await here.cases.application(case_id), assignment.inputs),
        inputs=assignment.inputs,
        parameters=assignment.mandate.parameters,
        warehouse=CaseWarehouse(here.records, lineage, assignment.as_of),
        reveal=partial(here.vault.reveal, case_id),
        lists=here.lists,
        bank=here.bank,
        clearances=here.clearances,
    )
    values = await here.vault.values(case_id)
    return OpenSession(session, context, frozenset(value for _, value in values.values()))


async def _rates(case_id: str) -> tuple[Rate, ...]:
    today = await services().books.current((await services().cases.get(case_id)).kind)
    return call_rates(today.rules)
