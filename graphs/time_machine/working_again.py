"""Lets specialists work once more on one recorded assignment, under the case's own book or another one.

The world is the recorded one: arrivals, answers, levels of autonomy as they were when the assignment was made. Tools
whose answer may rest on what changed are asked again; everything else is recalled. Nothing is written and no model is
asked: what only a model could say is a ``Divergence``, and so is an answer that the same book does not give again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from audit.events import Event, ToolCalled
from checkpoints.clearances import Clearances
from checkpoints.database import Database, Lease
from checkpoints.journal import Call, CallKey
from checkpoints.keys import KeyRing
from checkpoints.session import Keeps, Session
from checkpoints.vault import Vault
from domain.assignment import Assignment
from domain.clearance import Clearance
from domain.clock import parse_time
from domain.errors import Divergence
from domain.identity import IdentityKind
from graphs.lease import CURRENT
from graphs.services import Services, using
from graphs.time_machine.past import Past
from graphs.time_machine.record import CaseRecord
from graphs.time_machine.stage import Setting, Stage, staged
from graphs.time_machine.stand_ins import RecordedSession
from graphs.worker import HandOff, plain
from guardrails.catalog import OF_CALLS, OF_TEXTS, OVER_RATE
from policies.book import Book
from tools.catalog import TOOLS
from tools.gateway import Inbound, ToolGateway

BEFORE_WORK = frozenset(
    {
        "autonomy_lowered",
        "autonomy_raised",
        "case_migrated",
        "golden_set_ran",
        "record_received",
        "text_quarantined",
    }
)
"""What came from outside and matters to a specialist at work."""


@dataclass(frozen=True, slots=True)
class Anew:
    """What is asked again, and under which book.

    Args:
        live: services of the process, for what a tool reads beside records: identity, lists, clearances.
        book: to work under.
        tools: whose answers are found again.
        exact: it is the case's own book, so that each answer must be the one on record.
    """

    live: Services
    book: Book
    tools: frozenset[str]
    exact: bool


class WorkAgain:
    """One case under one book."""

    def __init__(self, stage: Stage, anew: Anew) -> None:
        self._stage = stage
        self._anew = anew

    @classmethod
    async def prepare(cls, record: CaseRecord, anew: Anew) -> WorkAgain:
        """Set the stage: the case as it was submitted, under the book."""
        borrowed = partial(BorrowedVault, live=anew.live.vault)
        stage = await staged(record, anew.live.workflows, Setting(PastWorld, borrowed, anew.book))
        return cls(stage, anew)

    async def work(self, given: Assignment) -> dict[str, HandOff]:
        """The worker's findings on this assignment, by specialist.

        Raises:
            Divergence: an answer is not on record and cannot be found again.
        """
        past, case_id = self._stage.past, given.case_id
        if isinstance(past, PastWorld):
            await past.reach(given.as_of)
        token = CURRENT.set(Lease(case_id, 1))
        try:
            with using(self._services(given)):
                graph = await self._worker(given)
                done = await graph.ainvoke({"case_id": case_id, "assignment": plain(given)})
        finally:
            CURRENT.reset(token)
        found: dict[str, HandOff] = done["findings"]
        return found

    async def _worker(self, given: Assignment) -> Any:
        here = self._stage.services
        workflow = here.workflows.of(await here.cases.get(given.case_id))
        for graph in workflow.calls:
            if graph.name == given.worker:
                return graph
        raise Divergence(f"{workflow.id} has no worker {given.worker} any more", field="worker")

    def _services(self, given: Assignment) -> Services:
        here, live = self._stage.services, self._anew.live
        inbound = Inbound({each.name: each for each in OF_TEXTS}, here.quarantine)
        gateway = ToolGateway(TOOLS, here.breakers, OF_CALLS, OVER_RATE, inbound)
        session = partial(SessionAgain, past=self._stage.past, anew=self._anew.tools, exact=self._anew.exact)
        return replace(
            here,
            crew=replace(here.crew, tool_gateway=gateway),
            lists=live.lists,
            clearances=ClearedBefore(live.clearances, given.as_of),
            session=session,
        )


class PastWorld(Past):
    """The world as it was at a moment; what steps tell in it is held against nothing."""

    async def reach(self, moment: datetime) -> None:
        """Let come what had come from outside by then and a specialist may see."""
        while self._outside and parse_time(self._outside[0][1].at) <= moment:
            _, entry = self._outside.pop(0)
            if entry.kind in BEFORE_WORK:
                await self._again(entry)

    def lists_of(self, tool: str) -> frozenset[tuple[str, ...]]:
        """The versions of lists that a tool answered from in this case."""
        told = (each.body for each in self._told.values() if each.kind == ToolCalled.kind())
        return frozenset(tuple(each.get("lists", ())) for each in told if each["tool"] == tool)

    async def meet(self, key: str, kind: str, body: dict[str, Any]) -> None:
        """Whatever is told is told elsewhere."""


@dataclass
class SessionAgain(RecordedSession):
    """A session in which some tools are asked again and everything else is recalled."""

    anew: frozenset[str] = field(kw_only=True)
    exact: bool = field(kw_only=True)

    async def ask(self, key: CallKey, call: Call, verdicts: Any = ()) -> Any | None:
        """Nothing where a tool is to be asked, else the answer on record."""
        made = self.past.calls.get(key)
        if call.gateway == "model" and made is None:
            raise Divergence(f"{self.specialist}: it needs the judgement of a model", field="model")
        if call.gateway == "tool" and (call.target in self.anew or made is None):
            require_askable(call.target, self.anew, known=made is not None, exact=self.exact)
            return await Session.ask(self, key, call, verdicts)
        return await super().ask(key, call, verdicts)

    async def answered(self, key: CallKey, response: Any, event: Event, kept: Keeps | None = None) -> None:
        """Under its own book it must be the answer on record; what was never asked is asked of the lists of then."""
        made = self.past.calls.get(key)
        if made is None and isinstance(event, ToolCalled) and isinstance(self.past, PastWorld):
            require_lists_of_then(event, self.past.lists_of(event.tool))
        if self.exact and made is not None and made.response != response:
            raise Divergence(
                f"{made.target} answers otherwise now than it did then, under the same book", field="answer"
            )
        await super().answered(key, response, event, kept)


def require_askable(tool: str, anew: frozenset[str], *, known: bool, exact: bool) -> None:
    """A question that was never asked then is asked only where the world of then answers it.

    Raises:
        Divergence: under its own book no question is new; and what reads identity is asked something new only where
            it gave its answers of then again.
    """
    if not known and exact:
        raise Divergence(f"{tool} is asked now what it was not asked then", field="request")
    if not known and TOOLS[tool].identity and tool not in anew:
        raise Divergence(f"{tool} would be asked what it was not asked then", field="request")


def require_lists_of_then(asked: ToolCalled, then: frozenset[tuple[str, ...]]) -> None:
    """``Divergence`` where a new question is answered from a list that this case was never held against."""
    if asked.lists and asked.lists not in then:
        raise Divergence(f"{asked.tool} answers from another list now than it did then", field="lists")


class BorrowedVault(Vault):
    """Keeps what is sealed here, and reveals the case's own values to tools; nothing goes back."""

    def __init__(self, database: Database, keys: KeyRing, live: Vault) -> None:
        super().__init__(database, keys)
        self._live = live
        self._revealed: Mapping[str, tuple[IdentityKind, str]] = {}

    async def reveal(self, case_id: str, token: str) -> str:
        """One value, for a tool inside the tool gateway."""
        if token not in self._revealed:
            self._revealed = await self._live.values(case_id)
        return self._revealed[token][1] if token in self._revealed else await super().reveal(case_id, token)


class ClearedBefore(Clearances):
    """What compliance had cleared when the assignment was made."""

    def __init__(self, live: Clearances, moment: datetime) -> None:
        self._live = live
        self._moment = moment

    def mark(self, identity: str) -> str:
        """As the process does."""
        return self._live.mark(identity)

    async def of(self, subject: str, list_name: str) -> tuple[Clearance, ...]:
        """Those of then."""
        return tuple(
            each for each in await self._live.of(subject, list_name) if each.cleared_at <= self._moment
        )
