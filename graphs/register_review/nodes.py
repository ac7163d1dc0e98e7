"""Steps of a register review: review the file through the tool gateway, let the book decide, ask once.

Owns what of a review reaches the case: counts and exceptions over loan rows. The report's monitoring stays in
the journal. There is no step that could perform an effect.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from domain.approval import ApprovalRequest, ApprovalStatus, EvidenceLine, EvidencePacket
from domain.assignment import Assignment, Mandate
from domain.decision import Outcome, Verb
from domain.finding import Fact, Unit
from graphs.approval import Boundary
from graphs.register_review.state import RegisterState
from graphs.services import services
from graphs.sessions import open_session
from graphs.supervisor.boundaries import Consequences, request_for, signers_of
from graphs.supervisor.deciding import decide
from graphs.supervisor.known import Standing, decision, fact, standing
from graphs.supervisor.packet import figures, policy_rows
from graphs.supervisor.state import KnownFact
from tools.register import RegisterException, RegisterFacts, ReviewedRegister

TOOL = "register_review"
CLEAN = "clean"
REGISTER_FACTS = frozenset(RegisterFacts.model_fields)


async def review(state: RegisterState) -> dict[str, Any]:
    """Reviews the register through the tool gateway, as of the day the case was opened. May run again."""
    here = await standing(state)
    opened = await open_session(_assignment(here), TOOL)
    answer = await services().crew.tool_gateway.call(opened.session, opened.context, TOOL, {})
    found = ReviewedRegister.model_validate(answer.result)
    return {
        "round": 0,
        "facts": known_facts(found.facts, answer.entry),
        "exceptions": [each.model_dump(mode="json") for each in found.exceptions],
        "approvals": [],
    }


async def decide_register(state: RegisterState) -> dict[str, Any]:
    """Evaluates the book's table; a register without exceptions is clean. May run again."""
    update = await decide(state)
    clean = update["decision"]["outcome"] == Outcome.APPROVE.value
    return update | {"outcome": CLEAN if clean else None}


def route_after_decide_register(state: RegisterState) -> Literal["close", "prepare_exceptions"]:
    """A clean register closes by itself; every other one goes to a person, once."""
    return "close" if state.get("outcome") == CLEAN else "prepare_exceptions"


async def prepare_exceptions(state: RegisterState) -> ApprovalRequest:
    """Puts all exceptions of the register before compliance in one request; nothing follows from any answer."""
    here = await standing(state)
    packet = exceptions_packet(here, state)
    signers = signers_of(here, state, "exceptions")
    return await request_for(here, state, "exceptions", packet, Consequences(), signers)


async def record_exceptions(
    state: RegisterState, request: ApprovalRequest, verb: Verb | None
) -> dict[str, Any]:
    """What compliance said becomes the outcome; silence leads out of the automatic path."""
    match request.status:
        case ApprovalStatus.APPROVED:
            return {"outcome": "accepted"}
        case ApprovalStatus.REJECTED:
            return {"outcome": "rejected"}
        case ApprovalStatus.RETURNED | ApprovalStatus.EDITED:
            return {"outcome": "returned"}
        case _:
            return {"outcome": None, "missing": ["nobody decided in time"]}


def route_after_exceptions(state: RegisterState) -> str:
    """To the end, or to a person outside when nobody answered."""
    return "close" if state.get("outcome") else "refer"


def known_facts(found: RegisterFacts, source: str) -> dict[str, KnownFact]:
    """The facts of a review with the journal entry they came from."""
    values: dict[str, Fact] = found.model_dump()
    return {name: fact(value, _unit(value), source) for name, value in values.items()}


def exceptions_packet(here: Standing, state: RegisterState) -> EvidencePacket:
    """What is signed: the exceptions, the counts, the file and its digest; pure over case, book and state."""
    found = [RegisterException.model_validate(each) for each in state["exceptions"]]
    file, sha256 = (EvidenceLine(label=f"register {name}", value=str(here.application[name]), source="application")
                    for name in ("file", "sha256"))  # fmt: skip
    return EvidencePacket(
        asked=f"{here.book.rules.title}: {file.value} has {len(found)} kinds of exception. "
        "Approve to accept them, reject to send the register back for correction.",
        exceptions=tuple(_sentence(each) for each in found),
        figures=(file, sha256, *figures(state)),
        judgements=(),
        policy_rows=policy_rows(here, state),
        missing=tuple(f"not known: {name}" for name in decision(state).unknown),
        attestation=here.book.rules.boundaries["exceptions"].attests,
    )


EXCEPTIONS = Boundary(
    "exceptions", prepare_exceptions, record_exceptions, route_after_exceptions, ("close", "refer")
)


def _unit(value: Fact) -> Unit:
    return "flag" if isinstance(value, bool) else "count"


def _sentence(found: RegisterException) -> str:
    rows = ", ".join("transmittal sheet" if row == 0 else str(row) for row in found.first_rows)
    more = ", …" if found.rows > len(found.first_rows) else ""
    return f"{found.kind} {found.code}: {found.rows} × {found.text} Loan rows: {rows}{more}"


def _assignment(here: Standing) -> Assignment:
    row = here.book.rules.mandate(TOOL)
    return Assignment(
        id="r0.register_review",
        case_id=here.case.id,
        worker="register_review",
        specialists=(TOOL,),
        objective="Review the register",
        inputs={},
        parties=(),
        boundaries=("report only: nothing is corrected and nothing is sent",),
        expected=tuple(sorted(REGISTER_FACTS)),
        as_of=here.case.opened_at,
        deadline=here.case.opened_at + timedelta(minutes=row.deadline_minutes),
        mandate=Mandate(
            tools=frozenset({TOOL}),
            records=frozenset(),
            max_tool_calls=row.max_tool_calls,
            max_model_calls=row.max_model_calls,
            tool_timeout_seconds=row.tool_timeout_seconds,
        ),
    )
