"""An exception of low risk goes on by itself, on record, and somebody looks at a share of such cases afterwards."""

from __future__ import annotations

from collections.abc import Callable

from api.demo.stories import small_amendment
from domain.clock import SetClock
from graphs.services import Services
from policies.exceptions import ExceptionRow
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.casework import bodies, opened, pending
from tests.fakes.model_script import SERVER_ERROR, Reply, Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
BROKEN = specialists(bureau_analyst=Turns(answer=Reply(fault=SERVER_ERROR.fault)))


def with_rows(services: Services, *rows: ExceptionRow) -> Services:
    return under_book(services, "loan_amendment", exceptions=rows)


async def test_refund_goes_on_by_playbook_when_the_model_is_down_and_is_drawn_for_review(
    with_model: WithModel, clock: SetClock, bank: RunningBank
) -> None:
    _, services = with_model(BROKEN)
    (row,) = services.books.seed("loan_amendment").rules.exceptions
    services = with_rows(services, row.model_copy(update={"sample_bps": 10_000}))
    case_id = await opened(services, small_amendment(clock.now().date()))
    assert bank.counts()["amendments_applied"] == 1
    assert await bodies(services, case_id, "exceptions_let_pass") == [
        {"exceptions": ["bureau_analyst: degraded (X-playbook)"]}
    ]
    assert [each["case_id"] for each in await services.standing.to_review(5)] == [case_id]


async def test_without_the_row_the_same_refund_goes_to_a_person(
    with_model: WithModel, clock: SetClock, bank: RunningBank
) -> None:
    _, services = with_model(BROKEN)
    services = with_rows(services)
    case_id = await opened(services, small_amendment(clock.now().date()))
    assert (await pending(services, case_id)).packet.degraded
    assert bank.counts()["amendments_applied"] == 0
