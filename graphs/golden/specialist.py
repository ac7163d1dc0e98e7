"""How a specialist's item is asked: through its whole work, checks and judge included, over the item's evidence."""

from __future__ import annotations

from datetime import timedelta

from agents.golden import GoldenSet, Item
from agents.prompt import read_prompt
from agents.roster import ROSTER
from agents.work import work
from domain.assignment import PlanStep
from domain.finding import ProducedBy
from graphs.golden.asking import GOLDEN, UNANSWERED, Asking, Said, crew_with, session_of
from graphs.mandates import Setting, assignment, for_specialist
from graphs.supervisor.judged import counted

OPEN = "open"


async def ask_specialist(asking: Asking, golden: GoldenSet, item: Item) -> Said:
    """Its judgement as a decision would count it; what the playbook left open for its model is unanswered."""
    specialist, situation = ROSTER[golden.specialist], golden.situations[item.situation]
    step = PlanStep(
        worker=specialist.worker,
        specialists=(specialist.job,),
        covers=(),
        reason="Establish what the evidence shows",
    )
    case, opened = asking.case, asking.case.opened_at
    setting = Setting(
        case, asking.book, situation.facts, situation.parties, 1, opened, opened + timedelta(hours=1)
    )
    part = for_specialist(assignment(setting, step), specialist, asking.book, {})
    part = part.model_copy(update={"id": f"{GOLDEN}.{asking.way}"})
    session, context = await session_of(asking, part, specialist.job)
    crew = crew_with(asking.here, golden.evidence(item, asking.words))
    found = await work(crew, specialist, session, context, frozenset())
    sure_enough = part.mandate.judgements.sure_enough_percent * 100
    answer = counted(item.judgement, found, sure_enough)
    by_model = answer != OPEN or found.produced_by is ProducedBy.MODEL
    return Said(
        answer if by_model else UNANSWERED,
        session.answered_by.get(read_prompt(specialist.prompt_file).digest, ()),
    )
