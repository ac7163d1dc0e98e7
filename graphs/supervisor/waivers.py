"""What a case does with waivers of its conditions: applies those that were countersigned, drops those without a use.

Reads the desk; never decides anything. Every step may run again.
"""

from __future__ import annotations

from collections.abc import Collection

from audit.supervision import ConditionWaived
from checkpoints.waivers import Waivers
from domain.approval import ApprovalStatus
from graphs.lease import lease_for
from graphs.services import services


async def apply_waivers(case_id: str) -> None:
    """Applies the waivers that were countersigned for conditions that are still open, each beside its event."""
    for granted in await services().waivers.granted(case_id):
        async with services().database.transaction(await lease_for(case_id)) as connection:
            await Waivers.apply(connection, case_id, granted, services().clock.now())
            event = ConditionWaived(
                condition=granted.code,
                stage=granted.stage,
                approval_id=granted.approval_id,
                reason_code=granted.reason_code,
            )
            await services().ledger.append(connection, case_id, f"waived/{granted.approval_id}", event)


async def drop_waivers(case_id: str, why: str, codes: Collection[str] = ()) -> None:
    """Takes requests off the desk whose condition is open no more under the same approval, or is one of ``codes``."""
    rows = await services().conditions.of_case(case_id)
    open_ = {(row["code"], row["approval"]) for row in rows if row["met_at"] is None}
    async with services().database.transaction(await lease_for(case_id)) as connection:
        for each in await Waivers.asked(connection, case_id):
            in_use = (each["condition"], each["approval"]) in open_ and each["condition"] not in codes
            if each["status"] == ApprovalStatus.PENDING and not in_use:
                request = await services().desk.get(each["approval_id"])
                await services().desk.withdraw(connection, request, why)
