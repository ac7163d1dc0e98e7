"""Effects under bounds: refunds of one customer or of many, straight at the outbox or as whole cases."""

from __future__ import annotations

from typing import Any

from api.demo.stories import Story, small_amendment
from checkpoints.claims import StandingClaim
from checkpoints.lease import take
from checkpoints.outbox import Result
from checkpoints.standing import Grant, Use
from domain.approval import Action, EvidencePacket
from domain.bounds import EffectMandate, Threshold
from domain.clock import Clock
from graphs.services import Services
from guardrails.catalog import OF_EFFECTS, OF_LEAVING
from tests.fakes.casework import asking, open_story

PACKET = EvidencePacket(
    asked="a refund",
    exceptions=(),
    figures=(),
    judgements=(),
    policy_rows=(),
    missing=(),
    attestation="nobody: a test",
)


def threshold(**changes: Any) -> Threshold:
    """At most USD 100.00 of refunds for a customer in 30 days, unless said otherwise."""
    row: dict[str, Any] = {
        "id": "T1",
        "scope": "customer",
        "effects": ("amend_loan",),
        "measure": "cents",
        "within_days": 30,
        "at_most": 100_00,
        "breach": "hold",
        "source": "test",
    }
    return Threshold(**(row | changes))


def of_customer(story: Story, number: int) -> Story:
    """The same asked for by another customer."""
    borrower = story.application["borrowers"][0] | {"tax_number": f"900-77-{number:04d}"}
    return asking(story, borrowers=[borrower])


async def refund(
    services: Services, clock: Clock, key: str, cents: int, customer: int | None = None, **terms: Any
) -> tuple[str, StandingClaim]:
    """An open case with standing authority for exactly one refund; nothing of it was done yet."""
    story = asking(small_amendment(clock.now().date()), amount_cents=cents)
    case_id = await open_story(services, story if customer is None else of_customer(story, customer), key)
    account = (await services.cases.application(case_id))["loan_account"]
    args = {"loan_account": account, "change": "fee_refund", "amount_cents": cents, "new_due_day": 1} | terms
    version = (await services.cases.get(case_id)).policy_version
    claim = StandingClaim(f"{case_id}/offer", (Action(name="amend_loan", args=args),), PACKET, version)
    use = Use(claim.use_id, case_id, claim.binding, cents)
    async with services.database.transaction() as connection:
        assert await services.standing.use(connection, Grant(key, 9, 10**9, 0), use, clock.now().date())
    return case_id, claim


async def perform(
    services: Services, clock: Clock, asked: tuple[str, StandingClaim], *rows: Threshold, **bounds: Any
) -> Result:
    """Let the outbox do the claim's action under these thresholds and further bounds."""
    case_id, claim = asked
    lease = await take(services.database, case_id, "test", clock)
    guarded = tuple(each.name for each in OF_EFFECTS)
    output = tuple(each.name for each in OF_LEAVING)
    held_to = {"unattended_at_most": "high", "output": output} | bounds
    mandate = EffectMandate(claim.policy_version, guarded, rows, **held_to)
    return await services.outbox.perform(lease, "s", claim.actions[0], claim, mandate)


async def counted(services: Services, scope: str = "customer") -> int:
    """Cents that count for anybody of this scope."""
    query = (
        "select coalesce(sum(amount_cents), 0)::bigint as cents from countersign.effect_uses"
        " where scope = %s and released_at is null"
    )
    (row,) = await services.database.rows(query, scope)
    return int(row["cents"])
