"""Cases that ended and are unwound: a booked loan, a refund, and the people who sign."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from api.demo.stories import routine, small_amendment
from api.unwinding import Defect, open_unwinding
from checkpoints.cases import Cases
from checkpoints.claims import StandingClaim
from checkpoints.lease import take
from checkpoints.outbox import Outbox, Result
from checkpoints.standing import Grant, Use
from domain.approval import Action
from domain.case import CaseStatus
from domain.clock import Clock
from domain.person import Person
from graphs.mandates import for_effects
from graphs.services import Services
from graphs.worker import book_of
from tests.fakes.bank import RunningBank
from tests.fakes.bounded import PACKET
from tests.fakes.casework import advance, bodies, decide, open_story, opened, pending
from tests.fakes.people import CHIEF, CLERK, SECOND_UNDERWRITER, SENIOR, UNDERWRITER

REVERSE = "POST /amendments/{id}/reverse"  # as the bank counts and breaks it
DEFECT = Defect("wrong_document", "The employer says that it issued no such pay stub.")
REVOKED = Defect("consent_revoked", "The customer wrote on the first of March.")


async def booked(services: Services, clock: Clock, key: str = "booked") -> str:
    """A home loan that was approved by one underwriter and booked."""
    case_id = await opened(services, routine(clock.now().date()), key)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    return case_id


async def refunded(services: Services, clock: Clock, key: str = "refunded") -> str:
    """A small refund that ran on standing authority."""
    case_id = await open_story(services, small_amendment(clock.now().date()), key)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    return case_id


async def three_refunds(services: Services, clock: Clock, *, ended: bool = True) -> str:
    """A case that refunded three times and wrote a notice, in this order, without a graph around it."""
    case_id = await open_story(services, small_amendment(clock.now().date()), "three")
    case = await services.cases.get(case_id)
    account = (await services.cases.application(case_id))["loan_account"]
    terms = {"loan_account": account, "change": "fee_refund", "new_due_day": 1}
    refunds = [
        Action(name="amend_loan", args={**terms, "amount_cents": cents}) for cents in (10_00, 20_00, 30_00)
    ]
    told = {"notice": "amendment_confirmation", "application_date": case.application_date.isoformat()}
    told |= {"creditor": "Demo Bank", "borrowers": "tok_application_borrowers_0_name"}
    actions = (*refunds, Action(name="decision_notice", args={**told}))
    claim = StandingClaim(f"{case_id}/offer", actions, PACKET, case.policy_version)
    use = Use(claim.use_id, case_id, claim.binding, 60_00)
    async with services.database.transaction() as connection:
        assert await services.standing.use(connection, Grant("t", 9, 10**9, 0), use, clock.now().date())
    lease = await take(services.database, case_id, "test", clock)
    book = await book_of(case_id)
    mandate = for_effects(book, book.rules)
    for n, action in enumerate(actions):
        done = await services.outbox.perform(lease, f"settle/{n}", action, claim, mandate)
        assert done.status == "confirmed"
    if ended:
        async with services.database.transaction(lease) as connection:
            await Cases.close(connection, case_id, CaseStatus.CLOSED, "approved", clock.now())
    return case_id


async def unwinding(
    services: Services, of: str, defect: Defect = DEFECT, who: Person = CLERK, key: str = "found", **how: bool
) -> str:
    """An unwinding at its first stop; just opened with ``advanced=False``."""
    case_id = (await open_unwinding(services, who, of, defect, key)).case.id
    if how.get("advanced", True):
        await advance(services, case_id)
    return case_id


@dataclass
class Meanwhile:
    """The outbox, beside which something happens once when it has done so many things."""

    outbox: Outbox
    after: int
    then: Callable[[], Awaitable[object]]
    done: int = 0

    async def perform(self, *order: Any) -> Result:
        """As the outbox does it."""
        result = await self.outbox.perform(*order)
        self.done += 1
        if self.done == self.after:
            await self.then()
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outbox, name)


async def taken_back_at_the_second_attempt(services: Services, bank: RunningBank, of: str) -> tuple[str, str]:
    """Two unwindings of one case: the bank refuses the first, and does what the second asks."""
    first = await unwinding(services, of)
    await decide(services, CHIEF, await pending(services, first))
    bank.break_next(REVERSE, "refuse")
    await advance(services, first)
    second = await unwinding(services, of, key="second")
    await sign(services, second, CHIEF)
    return first, second


async def sign(services: Services, case_id: str, *people: Person) -> None:
    """Everybody signs what waits, and the case moves on."""
    for person in people:
        await decide(services, person, await pending(services, case_id))
    await advance(services, case_id)


async def unwound(services: Services, of: str, defect: Defect = DEFECT) -> str:
    """An unwinding of a home loan, signed and done."""
    case_id = await unwinding(services, of, defect)
    await sign(services, case_id, SECOND_UNDERWRITER, SENIOR)
    await sign(services, case_id, SECOND_UNDERWRITER, CHIEF)
    return case_id


async def effects(services: Services, case_id: str) -> dict[str, str]:
    """How each effect of a case stands."""
    return {row["effect"]: row["status"] for row in await services.outbox.of_case(case_id)}


async def order_of_receipts(services: Services, case_id: str) -> list[str]:
    """What was read back as done, in the order in which it was."""
    return [each["receipt"] for each in await bodies(services, case_id, "effect_confirmed")]


async def referral(services: Services, case_id: str) -> dict[str, Any]:
    """What a person was handed."""
    (row,) = await services.database.rows("select * from countersign.referrals where case_id = %s", case_id)
    return dict(row)
