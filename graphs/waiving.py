"""Asks the desk to do without a condition of an approval: bound to the condition, its reason and the evidence signed.

Owns who may ask, and what is put before those who countersign. Refuses what the book never waives, on record.
Never waives anything: the desk records the decision, and the case reads it there. The case itself goes on waiting
for what meets its conditions; a waiver is a second question beside it, not a step of its graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from audit.events import AttemptRefused
from audit.supervision import WaiverAsked
from checkpoints.answers import require_reason
from checkpoints.database import Connection
from checkpoints.waivers import Waivers as Kept
from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidencePacket, binding_digest
from domain.case import Case, CaseStatus
from domain.errors import BadInput, Conflict, CountersignError, Forbidden
from domain.money import dollars, in_words
from domain.person import Person
from graphs.services import Services
from policies.book import InForce
from policies.waivers import WAIVER, Waivers

WAIVE = "waive_condition"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which condition is to be done without, and why."""

    condition: str  # code of the book
    reason_code: str  # of the book
    reason: str  # in a sentence


@dataclass(frozen=True, slots=True)
class _Asking:
    """A wish with whoever has it, the case and the book in force for it."""

    person: Person
    wish: Wish
    case: Case
    book: InForce
    waivers: Waivers


async def ask_waiver(here: Services, person: Person, case_id: str, wish: Wish) -> ApprovalRequest:
    """Open the request; a refusal is recorded with the case.

    Raises:
        BadInput: the reason has no words, or condition or reason code are not the book's.
        Forbidden: the person may not ask, made the case, or the book never waives this condition.
        Conflict: the condition is not open, is asked about already, or the case does not wait for it.
    """
    try:
        asking = await _permitted(here, person, case_id, wish)
        async with here.database.transaction() as connection:
            return await _opened(here, connection, asking)
    except CountersignError as error:
        key = f"waive/{wish.condition}/{person.id}/{here.clock.now().isoformat()}"
        event = AttemptRefused(action="waive", target=wish.condition, reason=error.message)
        await here.ledger.record(case_id, key, event, person.id)
        raise


async def _permitted(here: Services, person: Person, case_id: str, wish: Wish) -> _Asking:
    case = await here.cases.get(case_id)
    book = (await here.books.pinned(case.policy_version)).on(case.application_date)
    waivers = book.rules.waivers
    if waivers is None:
        raise Forbidden(f"the book {book.version} waives no condition")
    if not person.groups & set(waivers.asked_by):
        raise Forbidden(f"a waiver is asked for by {' or '.join(waivers.asked_by)}")
    if person.id == case.maker:
        raise Forbidden("who made the case does not ask to waive its conditions")
    require_reason(wish.reason)
    _require_waivable(book, waivers, wish)
    if case.simulation or here.mode == "sandbox":
        raise Conflict("nothing is waived in a copy: nobody decides there")
    if case.status is not CaseStatus.WAITING_EVENT:
        raise Conflict(f"{case_id} does not wait for its conditions: it is {in_words(case.status.value)}")
    return _Asking(person, wish, case, book, waivers)


def _require_waivable(book: InForce, waivers: Waivers, wish: Wish) -> None:
    if wish.condition not in book.rules.conditions:
        known = ", ".join(book.rules.conditions)
        raise BadInput(
            f"the book has no condition {wish.condition}", field="condition", remedy=f"one of {known}"
        )
    if wish.condition not in waivers.conditions:
        raise Forbidden(
            f"the book never waives {wish.condition}; it lets go of {', '.join(waivers.conditions)} alone"
        )
    if wish.reason_code not in waivers.reasons:
        raise BadInput(
            f"the book has no reason {wish.reason_code} for a waiver",
            field="reason_code",
            remedy=f"one of {', '.join(waivers.reasons)}",
        )


async def _opened(here: Services, connection: Connection, asking: _Asking) -> ApprovalRequest:
    case_id, code = asking.case.id, asking.wish.condition
    condition = await Kept.open_condition(connection, case_id, code)
    asked = await Kept.asked(connection, case_id)
    for each in asked:
        if each["condition"] == code and each["status"] == ApprovalStatus.PENDING:
            raise Conflict(f"a waiver of {code} waits for countersignature already: {each['approval_id']}")
    signed = await _signed(here, case_id, condition["approval"])
    request = _request(here, asking, f"{case_id}.{WAIVER}.{len(asked) + 1}", condition["approval"], signed)
    await here.desk.open(connection, request)
    await Kept.keep(connection, condition, request.id, asking.wish.reason_code, request.opened_at)
    event = WaiverAsked(
        condition=code,
        approval=condition["approval"],
        approval_id=request.id,
        reason_code=asking.wish.reason_code,
        reason=asking.wish.reason,
    )
    await here.ledger.append(connection, case_id, f"waiver/{request.id}", event, asking.person.id)
    return request


async def _signed(here: Services, case_id: str, approval: str) -> ApprovalRequest | None:
    """The request whose condition it is; none where standing authority granted the approval."""
    return next((each for each in await here.desk.of_case(case_id) if each.id == approval), None)


def _request(
    here: Services, asking: _Asking, request_id: str, approval: str, signed: ApprovalRequest | None
) -> ApprovalRequest:
    case, book, row = asking.case, asking.book, asking.book.rules.boundaries[WAIVER]
    code, reason_code = asking.wish.condition, asking.wish.reason_code
    actions = (
        Action(name=WAIVE, args={"condition": code, "of_approval": approval, "reason_code": reason_code}),
    )
    packet = _packet(asking, approval, signed, row.attests)
    now = here.clock.now()
    return ApprovalRequest(
        id=request_id,
        case_id=case.id,
        boundary=WAIVER,
        actions=actions,
        packet=packet,
        digest=binding_digest((actions, (), ()), packet, book.version),
        policy_version=book.version,
        candidate_groups=row.groups,
        limits=book.rules.limits_for(case.product),
        quorum=row.quorum,
        amount_cents=signed.amount_cents if signed else case.amount_cents,
        product=case.product,
        risk=signed.risk if signed else "high",
        maker=asking.person.id,
        opened_at=now,
        due_at=now + timedelta(hours=row.due_hours),
        escalates_to=row.escalates_to,
    )


def _packet(asking: _Asking, approval: str, signed: ApprovalRequest | None, attests: str) -> EvidencePacket:
    """The condition and why it is to go, over the evidence of the approval that it belongs to."""
    case, rules, wish = asking.case, asking.book.rules, asking.wish
    row = rules.conditions[wish.condition]
    what = f"{rules.title}: {in_words(case.product)}, {dollars(signed.amount_cents if signed else case.amount_cents)}"
    return EvidencePacket(
        asked=(
            f"{what}. Waive the condition “{row.text}” ({in_words(row.stage)}) of {approval}. Approve to let the "
            "offer stand without it, reject to keep it."
        ),
        exceptions=(
            f"{asking.person.id} asks for it: {asking.waivers.reasons[wish.reason_code]} ({wish.reason_code}): "
            f"{wish.reason}",
            *(signed.packet.exceptions if signed else ()),
        ),
        figures=signed.packet.figures if signed else (),
        judgements=signed.packet.judgements if signed else (),
        policy_rows=signed.packet.policy_rows if signed else (),
        missing=signed.packet.missing if signed else (),
        attestation=attests,
        degraded=signed.packet.degraded if signed else False,
        account=signed.packet.account if signed else "",
        dissent=signed.packet.dissent if signed else (),
    )
