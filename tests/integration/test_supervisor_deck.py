"""The deck's desk does what the governed graph does; its labels hold on a sample; its report says where not to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from agents.prompt import read_prompt
from agents.roster import ROSTER
from api.intake import Submission, parse_application, parse_record, submit
from domain.clock import SetClock
from evals.supervisor import costs
from evals.supervisor.costs import Sums, alone, by_model, supervised
from evals.supervisor.crews import by_playbook
from evals.supervisor.deck import changes_the_plan, decisive
from evals.supervisor.desk import Desk, supervise
from evals.supervisor.families import FAMILIES, Labelled, cases, differs
from evals.supervisor.planning import scripted_planner
from graphs.services import Services
from policies.book import InForce
from tests.fakes.casework import advance, bodies, deliver, time_passes
from tests.fakes.people import ADVISOR

DECK = list(cases())
FIRST = {family: next(case for case in DECK if case.family == family) for family in FAMILIES}
GOVERNED = (  # families whose customer file the stand-in bank knows, or that need none
    "loan_of_a_new_customer",
    "applicant_like_a_listed_person",
    "valuation_comes_late",
    "company_with_two_unnamed_owners",
    "amendment_of_a_stranger",
    "title_report_comes_with_the_late_credit_file",
    "credit_of_a_company_with_an_unnamed_owner",
    "credit_of_a_company_whose_filing_comes_late",
)


def book(services: Services, case: Labelled, clock: SetClock) -> InForce:
    return services.books.seed(case.kind).on(clock.now().date())


async def on_desk(services: Services, case: Labelled, clock: SetClock) -> Desk:
    desk = Desk(case, book(services, case, clock))
    await supervise(desk, by_playbook)
    return desk


async def governed(services: Services, case: Labelled, clock: SetClock) -> Counter[str]:
    """How often each specialist worked when the case went through the governed graph."""
    records = tuple(parse_record(each) for each in case.records)
    sent = Submission(parse_application(case.application), case.name, records)
    case_id = (await submit(services, ADVISOR, sent)).id
    await advance(services, case_id)
    for n, late in enumerate(case.late):
        await deliver(services, case_id, late, f"late-{n}")
    await advance(services, case_id)
    await time_passes(services, clock, 31)
    return Counter(each["specialist"] for each in await bodies(services, case_id, "finding_returned"))


def test_deck_is_large_enough_and_records_differ_in_more_than_a_third() -> None:
    assert len(DECK) >= 200
    assert 3 * sum(differs(case) for case in DECK) >= len(DECK)
    assert list(cases()) == DECK


@pytest.mark.parametrize("family", GOVERNED)
async def test_governed_graph_does_the_work_that_the_desk_does(
    services: Services, clock: SetClock, family: str
) -> None:
    case = FIRST[family]
    desk = await on_desk(services, case, clock)
    assert await governed(services, case, clock) == desk.done


async def test_nothing_needed_is_left_out_and_little_is_too_much(services: Services, clock: SetClock) -> None:
    needed, omitted, unnecessary = Counter[str](), Counter[str](), Counter[str]()
    for case in FIRST.values():
        done = (await on_desk(services, case, clock)).done
        needed += case.needs
        omitted += case.needs - done
        unnecessary += done - case.needs
    assert omitted.total() == 0
    assert 10 * unnecessary.total() <= needed.total()


async def test_removing_any_decisive_finding_changes_the_next_plan(
    services: Services, clock: SetClock
) -> None:
    desk = await on_desk(services, FIRST["loan_of_a_new_customer"], clock)
    assert len(decisive(desk)) >= 6
    assert all(changes_the_plan(desk, job) for job in decisive(desk))


async def test_planning_model_has_contradicted_income_looked_at_again_and_nothing_else(
    services: Services, clock: SetClock
) -> None:
    case = FIRST["income_below_what_was_stated"]
    desk = Desk(case, book(services, case, clock))
    await supervise(desk, by_playbook, scripted_planner)
    assert desk.done == case.needs + case.model_adds
    routine = Desk(FIRST["loan_of_a_new_customer"], desk.book)
    await supervise(routine, by_playbook, scripted_planner)
    assert routine.done == routine.case.needs


async def test_model_that_is_asked_for_a_judgement_is_reviewed_by_the_judge_of_the_deck(
    services: Services, clock: SetClock
) -> None:
    case = FIRST["weak_valuation_and_no_second_one"]
    desk = Desk(case, book(services, case, clock))
    await supervise(desk, by_model)
    calls = {each.job: each.spent.calls for each in desk.sessions}
    assert (
        calls["collateral_assessor"] == 4
    )  # tools, an answer, the judgements that were asked for, the judge
    assert supervised(desk).sessions == len(desk.sessions)


async def test_one_agent_is_asked_the_same_judgements_and_reviewed_by_the_same_judge(
    services: Services, clock: SetClock
) -> None:
    case = FIRST["weak_valuation_and_no_second_one"]
    desk = Desk(case, book(services, case, clock))
    await supervise(desk, by_model)
    many, one = supervised(desk), await alone(desk)
    assert many.judge == one.judge == len([code for each in desk.sessions for code in each.judged]) > 0
    for side in (many, one):
        sums = Sums()
        sums.add(side)
        assert sums.report()["of_these_by_the_judge_per_case"] == side.judge < side.calls


def test_one_agent_knows_the_judgements_of_every_specialist_in_their_words() -> None:
    asked = read_prompt(Path(costs.__file__).with_name("one_agent.md")).front.judgement
    assert asked == tuple(
        each for job in ROSTER.values() for each in read_prompt(job.prompt_file).front.judgement
    )


async def test_one_agent_reaches_more_tools_than_any_supervised_specialist(
    services: Services, clock: SetClock
) -> None:
    case = FIRST["loan_of_a_known_customer"]
    desk = Desk(case, book(services, case, clock))
    await supervise(desk, by_model)
    many, one = supervised(desk), await alone(desk)
    assert one.tools > 2 * many.tools
    assert one.calls < many.calls
    assert min(many.tokens, one.tokens) > 1_000
