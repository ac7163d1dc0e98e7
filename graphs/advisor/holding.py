"""Answers at the output gate, and those that wait there for somebody licensed to let them go.

Owns what of an answer guardrails look at, the request that a held one becomes, and what its turn says once it was
decided. Never decides: the gate rules, and the desk lets a licensed person release or keep back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from checkpoints.database import Connection, Lease
from checkpoints.leaving import Door, Verdicts, passed
from checkpoints.vault import HELD
from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidencePacket, binding_digest
from domain.bounds import RELEASE
from domain.canonical import digest
from domain.case import Case
from domain.chat import ChatAnswer, Segment, Turn
from domain.guard import Ruling, Verdict
from domain.leaving import Audience, Kind, Leaving, licence_in
from domain.person import Person
from graphs.mandates import over_what_leaves
from graphs.services import services
from graphs.worker import book_of
from policies.authority import LICENSED
from policies.book import InForce
from policies.bounds import RELEASES

OUTRIGHT = "denial_wording"  # refuses what is held here for a licence, wherever nobody is asked
NONE: frozenset[str] = frozenset()
SAID_AGAIN = {"denial": frozenset({"credit"}), "advice": frozenset({"securities", "legal", "tax"})}
HOLDS = "held"  # why a turn has no answer yet
WAITING = (
    "This answer is regulated advice. It is held for somebody who is licensed for it, as request {request}; "
    "it stands here once they release it."
)
KEPT_BACK = "This answer was regulated advice. Whoever is licensed for it kept it back (request {request})."


@dataclass(frozen=True, slots=True)
class Held:
    """An answer with its thread and why it is held."""

    case: Case
    answer: ChatAnswer
    verdict: Verdict


def leaving(turn: Turn, answer: ChatAnswer, released: Iterable[str] = ()) -> Leaving:
    """An answer as the gate looks at it; what a model wrote is in nobody else's words."""
    return Leaving(
        case_id=turn.thread,
        kind=Kind.ANSWER,
        audience=Audience.STAFF,
        text=answer.model_dump_json(),
        what="answer",
        own=(answer.text,) if answer.produced_by == "model" else (),
        words=answer.text,
        released=dict.fromkeys(released, 1),
    )


async def verdicts_over(
    connection: Connection, book: InForce, turn: Turn, answer: ChatAnswer, released: Iterable[str] = ()
) -> Verdicts:
    """What the book's guardrails say of an answer, over the vaults of every case that it cites."""
    cases = dict.fromkeys(each.case for each in answer.citations if each.case)
    key = f"turn/{turn.n}/{digest(answer.model_dump(mode='json'))[:12]}"
    person = Person(turn.person, groups=frozenset(turn.groups))
    door = Door(over_what_leaves(book), turn.thread, key, tuple(cases), person)
    return await services().gate.verdicts(connection, leaving(turn, answer, released), door)


def refused(said: Verdicts) -> tuple[str, ...]:
    """The rules that refuse; of what a licensed person is asked about, not what refuses the same words outright."""
    needed = frozenset(licence_in(each) or "" for each in said["licensed_advice"].measures)
    return tuple(
        each.rule
        for name, each in said.items()
        if each.ruling is Ruling.REFUSE
        and not (name == OUTRIGHT and SAID_AGAIN.get(each.rule, NONE) & needed)
    )


def is_held(said: Verdicts) -> bool:
    """Whether a licensed person has to let it go."""
    return any(each.ruling is Ruling.HOLD for each in said.values())


async def hold(connection: Connection, book: InForce, turn: Turn, held: Held) -> ChatAnswer:
    """Seal the answer and ask whoever is licensed for it; what the turn says meanwhile. May run again."""
    here = services()
    request = _request(book, turn, held)
    if here.mode != "sandbox":
        await here.vault.seal(connection, turn.thread, _token(turn.n), held.answer.model_dump_json())
        await here.desk.open(connection, request)
    return _worded(WAITING, request.id)


async def settle_held(thread: str, lease: Lease) -> None:
    """Put what licensed people decided into the turns that wait for it. May run again."""
    here = services()
    for request in await here.desk.of_case(thread):
        turn = await here.chats.turn(thread, _number(request))
        waits = turn is not None and turn.answer is not None and turn.answer.refused == HOLDS
        if turn is not None and waits and request.status is not ApprovalStatus.PENDING:
            await _settle(lease, turn, request)


async def _settle(lease: Lease, turn: Turn, request: ApprovalRequest) -> None:
    """The answer itself, if exactly it was released and still passes; else that it was kept back."""
    here, book = services(), await book_of(turn.thread)
    kept = await here.vault.reveal(turn.thread, _token(turn.n))
    answer = ChatAnswer.model_validate_json(kept)
    args = request.actions[0].args
    let_go = request.status is ApprovalStatus.APPROVED and args["order"] == _order(answer)
    async with here.database.transaction(lease) as connection:
        said = await verdicts_over(connection, book, turn, answer, args if let_go else ())
        if not let_go or is_held(said) or refused(said):
            answer = _worded(KEPT_BACK, request.id).model_copy(update={"refused": "kept_back"})
            said = await verdicts_over(connection, book, turn, answer)
        said = {name: each for name, each in said.items() if name != OUTRIGHT}
        await here.chats.answer_instead(connection, turn, passed(leaving(turn, answer), said))
        await here.vault.forget(connection, turn.thread, _token(turn.n))


def _request(book: InForce, turn: Turn, held: Held) -> ApprovalRequest:
    case, row, now = held.case, book.rules.boundaries[RELEASES], services().clock.now()
    args = {"effect": "chat_answer", "order": _order(held.answer), **held.verdict.measures}
    actions = (Action(name=RELEASE, args=args, irreversible=True),)
    packet = EvidencePacket(
        asked=f"{book.rules.title}: an answer is held. Release it, or keep it back.",
        exceptions=(held.verdict.reason,),
        figures=(),
        judgements=(),
        policy_rows=tuple(held.verdict.measures),
        missing=(),
        attestation=row.attests,
    )
    needed = {licence_in(name) for name in held.verdict.measures} - {None}
    return ApprovalRequest(
        id=f"{case.id}.{RELEASES}.{turn.n}",
        case_id=case.id,
        boundary=RELEASES,
        actions=actions,
        packet=packet,
        digest=binding_digest((actions, (), ()), packet, book.version),
        policy_version=book.version,
        candidate_groups=tuple(sorted(f"{LICENSED}{each}" for each in needed)),
        limits=book.rules.limits_for(case.product),
        amount_cents=0,
        product=case.product,
        risk="high",
        maker=case.maker,
        opened_at=now,
        due_at=now + timedelta(hours=row.due_hours),
        escalates_to=row.escalates_to,
    )


def _worded(words: str, request: str) -> ChatAnswer:
    return ChatAnswer(
        segments=(Segment(text=words.format(request=request)),), refused=HOLDS, produced_by="policy"
    )


def _order(answer: ChatAnswer) -> str:
    return digest(answer.model_dump(mode="json"))


def _token(n: int) -> str:
    return f"{HELD}{n}"


def _number(request: ApprovalRequest) -> int:
    return int(request.id.rpartition(".")[2])
