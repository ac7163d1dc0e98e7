"""How the advisor's item is asked: the real agent with the chat's tools, its answer judged at the output gate.

What is typed is not ruled on first, as it is in the chat: here the model itself must decline.
"""

from __future__ import annotations

from agents.advisor.advisor import JOB, PROMPT, TOOLS, answer
from agents.advisor.advisor import Asking as Asked
from agents.advisor.certified import Spoken
from agents.advisor.golden import DECLINED, ChatItem, ChatSet, told_by
from agents.advisor.reading import read_message
from agents.prompt import read_prompt
from domain.chat import ChatAnswer, Turn
from domain.errors import Refused
from graphs.advisor.holding import is_held, refused, verdicts_over
from graphs.golden.asking import UNANSWERED, Asking, Said, crew_with, given, session_of
from graphs.mandates import for_advisor

GROUPS = ("advisors",)


async def ask_advisor(asking: Asking, golden: ChatSet, item: ChatItem) -> Said:
    """The tools that its answer rests on, or that it declined; what the gate would stop, or what is said amiss."""
    desk, words = golden.situations[item.situation], asking.words or item.question
    said = read_message(words)
    figures = {each.reference: each.value for each in said.figures}
    units = {f"{each.reference}:unit": each.unit for each in said.figures}
    part = given(asking, "advisor", JOB, for_advisor(asking.book, TOOLS, {}), figures | units)
    session, context = await session_of(asking, part, JOB)
    asked = Asked(
        session=session,
        context=context,
        blocked=frozenset(),
        spoken=Spoken(said, desk.cases, ""),
        text=words,
        before=(),
        match_bps=int(str(asking.book.parameters["match_bps"])),
    )
    try:
        found = await answer(crew_with(asking.here, desk.tools), asked)
    except Refused:  # no certified question fits, or it runs what the item has no answer to
        found = ChatAnswer(segments=())
    models = session.answered_by.get(read_prompt(PROMPT).digest, ())
    return Said(await _counted(asking, item, found), models)


async def _counted(asking: Asking, item: ChatItem, found: ChatAnswer) -> str:
    if found.produced_by != "model":
        return UNANSWERED
    turn = Turn(
        thread=asking.case.id,
        n=1,
        message=item.question,
        person=asking.case.maker,
        groups=GROUPS,
        asked_at=asking.case.opened_at,
    )
    async with asking.here.database.transaction(asking.lease) as connection:
        ruled = await verdicts_over(connection, asking.book, turn, found)
    stopped = [*refused(ruled), *(("held",) if is_held(ruled) else ())]
    if stopped:
        return f"stopped: {', '.join(stopped)}"
    return item.wrong(found.text) or (DECLINED if item.expect == "declines" else told_by(found.tools))
