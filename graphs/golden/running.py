"""Runs golden sets through the real loop: real client, gateways, checks, judge and journal; only tools answer by item.

Owns what is asked how often, and how an answer counts: as in a decision. Each item is a case of its own, marked as a
simulation, so that every call stands on record and nothing can follow from it. Never moves a level
(``graphs/model_watch.py`` does).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel

from agents.advisor.golden import ChatItem, ChatSet
from agents.golden import GoldenSet, Item
from agents.supervisor.golden import PlannerItem, PlannerSet
from agents.swaps import about, variants
from audit.events import CaseClosed, CaseOpened
from checkpoints.cases import Cases
from checkpoints.database import Lease
from checkpoints.lease import take
from domain.canonical import digest
from domain.case import Case, CaseStatus
from domain.errors import Unavailable
from domain.golden import Alike, Score
from graphs.golden.advisor import ask_advisor
from graphs.golden.asking import GOLDEN, UNANSWERED, Asking, Said, with_model
from graphs.golden.planner import ask_planner
from graphs.golden.sets import Questions
from graphs.golden.specialist import OPEN, ask_specialist
from graphs.services import Services
from policies.book import InForce

AT_ONCE = 4
AnyItem = Item | PlannerItem | ChatItem
ASK: Mapping[type, Callable[[Asking, Any, Any], Awaitable[Said]]] = {
    GoldenSet: ask_specialist,
    PlannerSet: ask_planner,
    ChatSet: ask_advisor,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """How one item was answered: each time it was asked, in other words, and about another person."""

    item: AnyItem
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


async def run_set(here: Services, golden: Questions, model: BaseChatModel) -> Outcome:
    """Ask this model everything.

    Raises:
        Unavailable: the model did not answer at all somewhere: that says nothing of what it would have said.
    """
    book = (await here.books.current(golden.workflow)).on(here.clock.now().date())
    run = _Run(with_model(here, model), golden, book, asyncio.Semaphore(AT_ONCE))
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
    if each.item.accepts(each.samples[0]):
        return "right"
    return "open" if each.samples[0] in (OPEN, UNANSWERED) else "wrong"


@dataclass(frozen=True, slots=True)
class _Run:
    """One set under one book."""

    here: Services
    golden: Questions
    book: InForce
    free: asyncio.Semaphore
    heard: set[str] = field(default_factory=set)  # models that answered

    async def item(self, item: Any) -> Answers | None:
        """Ask one item every way there is; nothing when the model was silent once."""
        case, lease = await self._opened(item)
        prose = self.golden.prose(item)
        many = self.book.rules.autonomy.golden.samples
        ways: dict[str, str | None] = {f"sample-{n}": None for n in range(1, many + 1)}
        if prose:
            ways |= {f"words-{n}": words for n, words in enumerate(self.golden.rewordings(item), 1)}
            ways |= {"about": about(prose)} | {f"swap-{name}": text for name, text in variants(prose)}
        asked = (Asking(self.here, self.book, case, lease, *way) for way in ways.items())
        given = await asyncio.gather(*(self._asked(item, each) for each in asked))
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

    async def _asked(self, item: Any, asking: Asking) -> str | None:
        """The answer to one way of asking, as a decision would count it; nothing when the model was silent."""
        async with self.free:
            said = await ASK[type(self.golden)](asking, self.golden, item)
        self.heard.update(said.models)
        return said.answer if said.models else None

    async def _opened(self, item: AnyItem) -> tuple[Case, Lease]:
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
