"""The case leaves the automatic path: it ends as referred and enters the queue of whoever the book names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from audit.failures import CaseReferred
from checkpoints.cases import Cases
from checkpoints.referrals import Referrals
from domain.case import CaseStatus
from domain.effect import EffectStatus
from domain.referral import Referral, ReferralKind
from graphs.failure import FAILED_STEP
from graphs.lease import lease_for
from graphs.recording import moment
from graphs.services import services
from graphs.supervisor.known import facts, open_gaps
from graphs.supervisor.state import CaseState
from graphs.worker import book_of
from policies.book import ReferralRow, Rules


async def refer(state: CaseState) -> dict[str, Any]:
    """Writes down what is missing and whose it is now. May run again."""
    here = services()
    case = await here.cases.get(state["case_id"])
    rules = (await book_of(case.id)).rules
    kind, missing = _kind(state), tuple(state.get("missing") or [gap.detail for gap in open_gaps(state)])
    row, now = rules.referral(kind), await moment(case.id, "refer")
    referral = Referral(
        case_id=case.id,
        kind=kind,
        missing=missing,
        owners=_owners(row, _risk(state, rules)),
        escalates_to=row.escalates_to,
        opened_at=now,
        due_at=now + timedelta(hours=row.due_hours),
    )
    async with here.database.transaction(await lease_for(case.id)) as connection:
        event = CaseReferred(
            reason="the automatic path ended",
            missing=missing,
            referral=kind,
            owners=referral.owners,
            due_at=referral.due_at.isoformat(),
        )
        await here.ledger.append(connection, case.id, "refer", event)
        await Cases.close(connection, case.id, CaseStatus.REFERRED, "referred", now)
        if not case.simulation:
            await Referrals.open(connection, referral)
    return {"outcome": "referred"}


def _risk(state: CaseState, rules: Rules) -> str | None:
    """As the case was rated; a customer whom nobody rated counts as one of high risk."""
    rated = state.get("risk") or facts(state).get("kyc_risk")
    return str(rated) if rated else "high" if rules.workers else None


def _kind(state: CaseState) -> ReferralKind:
    if any(each["status"] != EffectStatus.CONFIRMED for each in state.get("effects", ())):
        return "effect_not_confirmed"
    if any(each.startswith(FAILED_STEP) for each in state.get("missing", ())):
        return "failed_step"
    if state.get("lasting"):
        return "cannot_be_undone"
    return "conditions_unmet" if state.get("unmet") else "open_question"


def _owners(row: ReferralRow, risk: str | None) -> tuple[str, ...]:
    return (row.owner, row.escalates_to) if risk in row.urgent_risks else (row.owner,)
