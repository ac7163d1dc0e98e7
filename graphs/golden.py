"""Runs golden sets through the real loop: real client, gateways, checks, judge and journal; only tools answer by item.

Owns what is asked how often, and how an answer counts: as in a decision. Each item is a case of its own, marked as a
simulation, so that every call stands on record and nothing can follow from it. Never moves a level
(``graphs/model_watch.py`` does).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from langchain_core.language_models import BaseChatModel

from agents.contract import Specialist
from agents.golden import GoldenSet, Item, answering
from agents.prompt import read_prompt
from agents.roster import ROSTER
from agents.swaps import about, variants
from agents.work import work
from audit.events import CaseClosed, CaseOpened
from checkpoints.cases import Cases
from checkpoints.database import Lease
from checkpoints.journal import open_journal
from checkpoints.lease import take
from checkpoints.session import Session
from domain.assignment import PlanStep
from domain.canonical import digest
from domain.case import Case, CaseStatus
from domain.errors import NotFound, Unavailable
from domain.finding import ProducedBy
from domain.golden import Alike, Score
from domain.model_use import TIERS
from graphs.mandates import Setting, assignment, for_specialist
from graphs.services import Services
from graphs.supervisor.judged import counted
from guardrails.catalog import OF_CALLS, OVER_RATE
from policies.book import InForce
from tools.contract import ToolContext
from tools.gateway import Inbound, ToolGateway

AT_ONCE = 4
GOLDEN = "golden"
OPEN = "open"
UNANSWERED = "unanswered"  # the model said nothing that could be used: open too, and never right


@dataclass(frozen=True, slots=True)
class Answers:
    """How one item was answered: each time it was asked, in other words, and about another person."""

    item: Item
    samples: tuple[str, ...]
    rewordings: tuple[str, ...] = ()
    described: str | None = None  # with the person named; swaps are compared with this
    swaps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to; several models that answered in turn are named together, and prove nothing of each."""

    model: str  # that answered
    score: Score
    answers: tuple[Answers, ...]  # in the set's order


class NoRecords:
    """The warehouse of an item: its tools answer without any record."""

    async def records(self, kind: str, party: str | None = None) -> list[dict[str, Any]]:
        """None."""
        return []


async def run_set(here: Services, golden: GoldenSet, model: BaseChatModel) -> Outcome:
    """Ask this model everything.

    Raises:
        Unavailable: the model did not answer at all somewhere: that says nothing of what it would have said.
    """
    book = (await here.books.current(golden.workflow)).on(here.clock.now().date())
    alone = replace(here.crew.model_gateway, fallback=None)
    crew = replace(here.crew, models=dict.fromkeys(TIERS, model), model_gateway=alone)
    run = _Run(replace(here, crew=crew), golden, book, asyncio.Semaphore(AT_ONCE))
    answers = await asyncio.gather(*(run.item(each) for each in golden.items))
    given = tuple(each for each in answers if each is not None)
    if len(given) < len(golden.items):
        raise Unavailable(
            f"the model did not answer the golden set of {golden.specialist}", control="golden.model"
        )
    return Outcome(" + ".join(sorted(run.heard)), score(given), given)


def score(answers: Iterable[Answers]) -> Score:
    """Counts over the items; the first sample is the answer that is right or not. Pure."""
    given = list(answers)
    ends = Counter(_ended(each) for each in given)
    swaps = [(name, one != each.described) for each in given for name, one in each.swaps.items()]
    reworded = [one != each.samples[0] for each in given for one in each.rewordings]
    return Score(
        n=len(given),
        right=ends["right"],
        missed=tuple(each.item.id for each in given if _ended(each) != "right"),
        open=ends["open"],
        wrong=ends["wrong"],
        samples=Alike(n=len(given), moved=sum(len(set(each.samples)) > 1 for each in given)),
        rewordings=Alike(n=len(reworded), moved=sum(reworded)),
        swaps=Alike(n=len(swaps), moved=sum(moved for _, moved in swaps)),
        moved_by=dict(sorted(Counter(name for name, moved in swaps if moved).items())),
    )


def _ended(each: Answers) -> str:
    if each.samples[0] == each.item.expect:
        return "right"
    return "open" if each.samples[0] in (OPEN, UNANSWERED) else "wrong"


@dataclass(frozen=True, slots=True)
class _Asking:
    """One item with the case that its calls are recorded in."""

    item: Item
    case: Case
    lease: Lease


@dataclass(frozen=True, slots=True)
class _Run:
    """One set under one book."""

    here: Services
    golden: GoldenSet
    book: InForce
    free: asyncio.Semaphore
    heard: set[str] = field(default_factory=set)  # models that answered

    @property
    def specialist(self) -> Specialist:
        return ROSTER[self.golden.specialist]

    async def item(self, item: Item) -> Answers | None:
        """Ask one item every way there is; nothing when the model was silent once."""
        case, lease = await self._opened(item)
        asking = _Asking(item, case, lease)
        prose = self.golden.prose(item)
        many = self.book.rules.autonomy.golden.samples
        ways: dict[str, str | None] = {f"sample-{n}": None for n in range(1, many + 1)}
        if prose:
            ways |= {f"words-{n}": words for n, words in enumerate(item.rewordings, 1)}
            ways |= {"about": about(prose)} | {f"swap-{name}": text for name, text in variants(prose)}
        given = await asyncio.gather(*(self._asked(asking, *way) for way in ways.items()))
        await self._closed(case)
        said = {way: one for way, one in zip(ways, given, strict=True) if one is not None}
        if len(said) < len(ways):
            return None
        return Answers(
            item=item,
            samples=tuple(one for way, one in said.items() if way.startswith("sample-")),
            rewordings=tuple(one for way, one in said.items() if way.startswith("words-")),
            described=said.get("about"),
            swaps={way.removeprefix("swap-"): one for way, one in said.items() if way.startswith("swap-")},
        )

    async def _asked(self, asking: _Asking, way: str, words: str | None) -> str | None:
        """The answer to one way of asking, as a decision would count it; nothing when the model was silent."""
        async with self.free:
            told = self.golden.evidence(asking.item, words)
            session, context = await self._session(asking, way)
            tools = answering(self.here.crew.tools, told)
            inbound = Inbound(self.here.guardrails, self.here.quarantine)
            gateway = ToolGateway(tools, self.here.breakers, OF_CALLS, OVER_RATE, inbound)
            crew = replace(self.here.crew, tool_gateway=gateway)
            found = await work(crew, self.specialist, session, context, frozenset())
            heard = session.answered_by.get(read_prompt(self.specialist.prompt_file).digest, ())
            if not heard:
                return None
            self.heard.update(heard)
            sure_enough = session.assignment.mandate.judgements.sure_enough_percent * 100
            answer = counted(asking.item.judgement, found, sure_enough)
            return answer if found.produced_by is ProducedBy.MODEL or answer != OPEN else UNANSWERED

    async def _session(self, asking: _Asking, way: str) -> tuple[Session, ToolContext]:
        here, case, situation = self.here, asking.case, self.golden.situations[asking.item.situation]
        step = PlanStep(
            worker=self.specialist.worker,
            specialists=(self.specialist.job,),
            covers=(),
            reason="Establish what the evidence shows",
        )
        opened = case.opened_at
        setting = Setting(
            case, self.book, situation.facts, situation.parties, 1, opened, opened + timedelta(hours=1)
        )
        part = for_specialist(assignment(setting, step), self.specialist, self.book, {})
        part = part.model_copy(update={"id": f"{GOLDEN}.{way}"})
        session = Session(
            assignment=part,
            specialist=self.specialist.job,
            lease=asking.lease,
            database=here.database,
            journal=await open_journal(here.database, here.vault, here.clock, (case.id,)),
            ledger=here.ledger,
            clock=here.clock,
        )
        context = ToolContext(case.id, opened, {}, part.inputs, part.mandate.parameters, NoRecords(), _nobody)
        return session, context

    async def _opened(self, item: Item) -> tuple[Case, Lease]:
        here, now = self.here, self.here.clock.now()
        content = digest([self.golden.digest, item.id])
        case = Case(
            id=f"{GOLDEN}-{self.golden.specialist}-{digest([content, now.isoformat()])[:12]}",
            kind=self.golden.workflow,
            status=CaseStatus.OPEN,
            policy_version=self.book.version,
            application_date=now.date(),
            opened_at=now,
            maker=f"{GOLDEN} set",
            content_digest=content,
            simulation=True,
        )
        event = CaseOpened(
            case_kind=case.kind,
            policy_version=case.policy_version,
            application_date=now.date().isoformat(),
            content_digest=content,
        )
        async with here.database.transaction() as connection:
            await here.vault.open_case(connection, case.id)
            await here.cases.insert(connection, case, {GOLDEN: item.id})
            await here.ledger.append(connection, case.id, "intake", event, case.maker)
        return case, await take(here.database, case.id, GOLDEN, here.clock)

    async def _closed(self, case: Case) -> None:
        async with self.here.database.transaction() as connection:
            await self.here.ledger.append(connection, case.id, "close", CaseClosed(outcome=GOLDEN))
            await Cases.close(connection, case.id, CaseStatus.CLOSED, GOLDEN, self.here.clock.now())


async def _nobody(token: str) -> str:
    raise NotFound(f"a golden item has no {token}")
