"""What tests do with policy: change a book, propose it, sign it."""

from __future__ import annotations

from domain.approval import ApprovalRequest
from domain.case import Case
from domain.person import Person
from graphs.policy_change.proposing import Wish, propose
from graphs.policy_change.simulation import Question, simulate
from graphs.services import Services
from policies.book import Book
from policies.citations import digest_of
from policies.examples import Examples
from tests.fakes.casework import advance, decide, pending

RISK = Person("risk-1", groups=frozenset({"risk_officers"}))
OWNER = Person("owner-1", groups=frozenset({"policy_owners"}))
SECOND_OWNER = Person("owner-2", groups=frozenset({"policy_owners"}))
CHIEF_RISK = Person("chief-risk-1", groups=frozenset({"chief_risk", "senior"}))
STRICTER = ('">= 3"}, then: {outcome: decline', '">= 2"}, then: {outcome: decline')


def changed(services: Services, kind: str, piece: str, instead: str) -> Book:
    """The book that came with the software, with one piece written otherwise."""
    source = services.books.seed(kind).source
    assert piece in source
    return services.books.read(source.replace(piece, instead), "candidate")


async def proposed(
    services: Services,
    candidate: Book,
    person: Person = RISK,
    examples: Examples | None = None,
    *,
    moved: bool = True,
    **wish: object,
) -> Case:
    """A proposal on its simulation, everything acknowledged, moved to where people sign it."""
    report = await simulate(services, Question(candidate, examples))
    given = {
        "action": "publish",
        "acknowledges": digest_of(report.not_primary),
        "reason": "Late payments rose.",
    }
    case = await propose(services, person, Wish(candidate=candidate, report=report, **given | wish))  # type: ignore[arg-type]
    if moved:
        await advance(services, case.id)
    return case


async def published(services: Services, candidate: Book, **wish: object) -> Case:
    """The same, signed by two people and in force."""
    case = await proposed(services, candidate, **wish)  # type: ignore[arg-type]
    for person in (OWNER, SECOND_OWNER):
        await signed(services, case, person)
    await advance(services, case.id)
    return await services.cases.get(case.id)


async def signed(services: Services, case: Case, person: Person) -> ApprovalRequest:
    """One signature."""
    return await decide(services, person, await pending(services, case.id))
