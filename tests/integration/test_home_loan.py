"""One governed home loan, from application to closed case, by playbook."""

from __future__ import annotations

from api.demo.stories import Story, routine
from api.intake import Submission, parse_application, parse_record, submit
from checkpoints.approvals import Answer
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.person import Person
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.bank import RunningBank

ADVISOR = Person("ada", groups=frozenset({"advisors"}))
UNDERWRITER = Person("uma", groups=frozenset({"underwriters"}))


async def open_story(services: Services, story: Story) -> str:
    records = tuple(parse_record(record) for record in story.records)
    submission = Submission(parse_application(story.application), f"key-{story.name}", records)
    return (await submit(services, ADVISOR, submission)).id


async def test_routine_loan_is_countersigned_and_booked_once(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    runner = Runner(services, "runner-1")
    await runner.advance(case_id)
    (request,) = await services.desk.inbox(UNDERWRITER)
    await services.desk.decide(UNDERWRITER, request.id, Answer(Verb.APPROVE, "figures agree", request.digest))
    await runner.advance(case_id)
    case = await services.cases.get(case_id)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "approved")
    assert bank.counts()["loans_booked"] == 1
    assert (await services.ledger.verify(case_id)).verified
