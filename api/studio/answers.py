"""What a run may be in live mode: a wake-up, or a person's answer that goes to the desk.

Owns the translation of both answer shapes, and the rule that nobody decides what this server did not show
them. A resume value never reaches a graph.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from langgraph.types import Interrupt, StateSnapshot

from api.chatting import Saying, say
from api.http.access import Visit
from api.reasons import kept_in
from api.studio.reading import snapshot
from api.studio.watching import busy
from checkpoints.answers import Answer
from domain.case import Case
from domain.chat import CHAT
from domain.errors import BadInput, Conflict, Forbidden, NotFound
from domain.person import AUDITORS, Person
from graphs.advisor.hearing import HUMAN, as_text
from graphs.catalog import case_graph
from graphs.said import Said, said

ASSISTANTS = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")  # namespace of the dev server's assistant ids
DELIVERY = {"stream_mode", "stream_subgraphs", "stream_resumable", "on_disconnect", "if_not_exists"}
RUN = DELIVERY | {"assistant_id", "input", "command"}
MESSAGES = "messages"
MOST_REASON = 2000  # characters, as on the HTTP front


class Shown:
    """The digest of the request that each person was last shown for a case; forgotten with the process."""

    def __init__(self, most: int = 10_000) -> None:
        self._digests: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._most = most

    def to(self, person: Person, case_id: str, found: StateSnapshot) -> None:
        """Remember what this answer shows."""
        for each in found.interrupts:
            if "digest" in each.value:
                self._digests[person.id, case_id] = each.value["digest"]
                self._digests.move_to_end((person.id, case_id))
        while len(self._digests) > self._most:
            self._digests.popitem(last=False)

    def digest(self, person: Person, case_id: str) -> str | None:
        """What they saw last."""
        return self._digests.get((person.id, case_id))


WHY = "a run wakes its own case or answers what it asks; it carries nothing else"
PARTS = """
    goto update checkpoint checkpoint_id config context interrupt_before interrupt_after webhook metadata
    multitask_strategy after_seconds durability
"""
TOLD = tuple(PARTS.split())  # parts of a run that the record of an attempt names; the first that was sent


@dataclass(frozen=True, slots=True)
class Run:
    """A run that may be: without ``resume`` or ``message`` it only wakes the case."""

    resume: Any = None
    message: str | None = None  # said in a chat thread


async def accept_run(visiting: Visit, case: Case, body: dict[str, Any]) -> Run:
    """The run that is asked for; everything but a wake-up and an answer is refused."""
    given, command, graph = body.get("input"), body.get("command"), case_graph(case.kind).name
    if body.keys() <= RUN and body.get("assistant_id") in (graph, str(uuid5(ASSISTANTS, graph))):
        if command is None and given == {"case_id": case.id}:
            return Run()
        if command is None and case.kind == CHAT and (message := _message(given, case)) is not None:
            return Run(message=message)
        if given is None and isinstance(command, dict) and command.keys() == {"resume"}:
            return Run(command["resume"])
    attempt = Visit(visiting.services, visiting.person, f"dev-server run with {_tried(body)}")
    return await attempt.refuse(case.id, Forbidden(WHY))


async def carry_out(visiting: Visit, case: Case, run: Run, shown: Shown) -> None:
    """Wake the case, or put the answer before the desk; either leaves a job for a runner."""
    if run.resume is not None:
        await _answer(visiting, case, run.resume, shown)
        return
    if run.message is not None:
        await _say(visiting, case, run.message)
        return
    if AUDITORS in visiting.person.groups:
        await visiting.refuse(case.id, Forbidden("auditors read"))
    if not await busy(visiting.services, case.id):
        async with visiting.services.database.transaction() as connection:
            await visiting.services.jobs.defer_advance(connection, case.id)


async def _say(visiting: Visit, case: Case, message: str) -> None:
    """What is typed is tokenised and kept for a runner; only in one's own thread."""
    try:
        await say(visiting.services, visiting.person, Saying(message, case.id))
    except NotFound as error:
        await visiting.refuse(case.id, error)


def _message(given: Any, case: Case) -> str | None:
    """The newest message of a run's input; nothing when it carries more than messages and its own case."""
    if not isinstance(given, dict) or not {MESSAGES} <= given.keys() <= {MESSAGES, "case_id"}:
        return None
    said = given[MESSAGES]
    last = said[-1] if isinstance(said, list) and said else None
    if given.get("case_id", case.id) != case.id or not isinstance(last, dict):
        return None
    return as_text(last.get("content")) if last.get("type", last.get("role")) in HUMAN else None


def _tried(body: dict[str, Any]) -> str:
    """What went too far, in our words; what was sent is never repeated."""
    command = body.get("command")
    names = body.keys() | (command.keys() if isinstance(command, dict) else set())
    found = next((name for name in TOLD if name in names), None)
    if found is None and not body.keys() <= RUN:
        return "unknown fields"
    return found or ("other input" if body.get("input") is not None else "other graph or no answer")


async def _answer(visiting: Visit, case: Case, resume: Any, shown: Shown) -> None:
    found = await snapshot(visiting.services, case)
    asked = next((each for each in found.interrupts if "approval_id" in each.value), None)
    if asked is None:
        await visiting.refuse(case.id, Conflict("nobody is asked anything in this case now"))
    digest = shown.digest(visiting.person, case.id)
    if digest != asked.value["digest"]:
        why = "the request as it stands now was not shown to you"
        await visiting.refuse(case.id, Conflict(why, remedy="read the thread's state, then decide"))
    given = await _said(visiting, case, resume, asked)
    reason = await kept_in(visiting.services, case.id, given.reason)
    answer = Answer(given.verb, reason, str(digest), edits=given.edits)
    await visiting.services.desk.decide(visiting.person, asked.value["approval_id"], answer)


async def _said(visiting: Visit, case: Case, resume: Any, asked: Interrupt) -> Said:
    """One verb; answers that differ, that say nothing the desk takes, or to another interrupt are refused."""
    keyed = isinstance(resume, dict) and set(resume) == {asked.id}
    try:
        given = said(resume[asked.id] if keyed else resume, asked.value)
    except BadInput as error:
        return await visiting.refuse(case.id, error)
    if len(given.reason) > MOST_REASON:
        too_long = BadInput(
            "the reason is too long", field="message", remedy=f"{MOST_REASON} characters at most"
        )
        await visiting.refuse(case.id, too_long)
    return given
