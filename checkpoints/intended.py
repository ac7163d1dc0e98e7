"""Measures one effect that is about to be written down: whom it concerns and what they would come to with it.

Reads sums, steps and windows under a lock for each subject, which the caller's transaction holds until it ends. Never
rules over what it finds, and counts nothing but places in windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from checkpoints.database import Connection
from checkpoints.orders import Work
from checkpoints.queries import load
from checkpoints.rates import take
from domain.approval import ApprovalDecision
from domain.bounds import EffectMandate, Intended, Scope, Tally, Threshold
from domain.effect import AnyEffect, EffectOrder
from domain.errors import Refused
from domain.geography import Place
from domain.identity import IdentityKind
from domain.rate import EVERYBODY, Rate
from domain.rating import Rated
from domain.sequence import Done, Sequence, Walked, walked

SQL = load("bounds")
SHOWN = 8  # hexadecimal digits of a keyed hash that people read
Subjects = Mapping[Scope, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One effect that is about to be written down.

    Args:
        rated: how much harm it could do, from its manifest.
        maker: who made the case.
        people: who decided the action; nobody where it runs on standing authority.
        places: where customers, people and system are.
        released: what a person let go, by row: up to which number.
    """

    work: Work
    rated: Rated
    maker: str
    people: tuple[str, ...]
    places: tuple[Place, ...]
    released: Mapping[str, int] = field(default_factory=dict)

    @property
    def order(self) -> EffectOrder:
        """What is ordered."""
        return self.work.order

    @property
    def effect(self) -> AnyEffect:
        """What does it."""
        return self.work.effect

    @property
    def mandate(self) -> EffectMandate:
        """Within which bounds."""
        return self.work.mandate

    @property
    def moved(self) -> int:
        """Cents that the action moves, by the argument that its effect names; none where it moves no money.

        Raises:
            Refused: the argument does not say it.
        """
        name = self.effect.money
        cents = self.order.action.args.get(name) if name else 0
        if not isinstance(cents, int) or isinstance(cents, bool) or cents < 0:
            raise Refused(f"{self.effect.name} does not say in {name} what it moves", control="outbox.amount")
        return cents

    @property
    def sort(self) -> str:
        """Which sort of change it is, by the argument that its effect names.

        Raises:
            Refused: the argument does not say it.
        """
        name = self.effect.sort
        said = self.order.action.args.get(name) if name else ""
        if not isinstance(said, str) or (name and not said):
            raise Refused(f"{self.effect.name} does not say in {name} what sort it is", control="outbox.sort")
        return said


@dataclass(frozen=True, slots=True)
class _Measuring:
    """What every measurement of one effect needs."""

    connection: Connection
    asked: Asked
    subjects: Subjects
    now: datetime

    @property
    def effect(self) -> str:
        return self.asked.effect.name

    @property
    def thresholds(self) -> list[Threshold]:
        return [row for row in self.asked.mandate.thresholds if self.effect in row.effects]

    @property
    def sequences(self) -> list[Sequence]:
        return [row for row in self.asked.mandate.sequences if self.effect in row.effects]

    @property
    def rates(self) -> list[Rate]:
        return [row for row in self.asked.mandate.rates if self.effect in row.effects]

    def counted_for(self, row: Rate) -> tuple[str, ...]:
        if row.scope == "bank":
            return (EVERYBODY,)
        return (self.asked.order.case_id,) if row.scope == "case" else self.subjects[row.scope]


def places_of(case: DictRow, said: Iterable[ApprovalDecision], effect: AnyEffect) -> tuple[Place, ...]:
    """Where the customers of a case are, the people who decided, and the system; nobody named is nowhere known."""
    company = case["application"].get("company")
    applicants = [("company", company)] if company else []
    borrowers = enumerate(case["application"].get("borrowers", ()), 1)
    applicants += [(f"party:{n}", borrower) for n, borrower in borrowers]
    customers = [Place("customer", who, str(stated.get("country") or "")) for who, stated in applicants]
    actors = [Place("actor", each.person, each.country) for each in said]
    return (
        *(customers or [Place("customer", "of the case", "")]),
        *(actors or [Place("actor", case["maker"], case["maker_country"] or "")]),
        Place("system", effect.name, effect.region),
    )


async def subjects_of(connection: Connection, asked: Asked) -> Subjects:
    """Whom the effect is counted for."""
    kinds = [IdentityKind.TAX_NUMBER, IdentityKind.ACCOUNT_NUMBER]
    cursor = await connection.execute(SQL["marks"], (asked.order.case_id, kinds))
    marks = {row["token"]: row["mark"] for row in await cursor.fetchall()}
    account = str(asked.order.action.args.get(asked.effect.counterparty or "", ""))
    return {
        "customer": _customers(marks),
        "employee": tuple(sorted({asked.maker, *asked.people})),
        "counterparty": (marks[account],) if account in marks else (),
    }


async def measured(connection: Connection, asked: Asked, subjects: Subjects, now: datetime) -> Intended:
    """The effect as guardrails see it; locks are held until the transaction ends.

    Raises:
        Refused: the action does not say what it moves, or of what sort it is.
    """
    this = _Measuring(connection, asked, subjects, now)
    await _lock(this)
    mandate = asked.mandate
    return Intended(
        effect=this.effect,
        rated=asked.rated,
        unattended_at_most=mandate.unattended_at_most,
        attended=bool(asked.people),
        now=now,
        hours=mandate.when(this.effect),
        tallies=await _tallies(this),
        uncounted=tuple(row.id for row in this.thresholds if not subjects[row.scope]),
        sort=asked.sort,
        walked=await _walked(this),
        untraced=tuple(row.id for row in this.sequences if not subjects[row.scope]),
        paces=await take(
            connection, ((row, each) for row in this.rates for each in this.counted_for(row)), now
        ),
        geography=mandate.area(this.effect),
        places=asked.places,
        unpaced=tuple(row.id for row in this.rates if not this.counted_for(row)),
        released=asked.released,
    )


async def _lock(this: _Measuring) -> None:
    """In one order everywhere, so that two cases never wait for each other."""
    rows: Iterable[Threshold | Sequence] = (*this.thresholds, *this.sequences)
    concerned = {f"{row.scope}:{each}" for row in rows for each in this.subjects[row.scope]}
    if concerned:
        await this.connection.execute(SQL["lock"], (sorted(concerned),))


async def _tallies(this: _Measuring) -> tuple[Tally, ...]:
    found = [(row, each) for row in this.thresholds for each in this.subjects[row.scope]]
    used = await _used(this, [(row, each) for row, each in found if row.within_days is not None])
    return tuple(_tally(this, row, each, used.get((row.id, each))) for row, each in found)


async def _used(
    this: _Measuring, asked: Iterable[tuple[Threshold, str]]
) -> Mapping[tuple[str, str], DictRow]:
    """What each of these subjects came to within the days of its row, by row and subject; in one query."""
    spans = [
        {
            "row": row.id,
            "scope": row.scope,
            "subject": subject,
            "effects": list(row.effects),
            "since": (this.now - timedelta(days=row.within_days or 0)).isoformat(),
        }
        for row, subject in asked
    ]
    if not spans:
        return {}
    cursor = await this.connection.execute(SQL["used"], (Jsonb(spans), this.asked.order.key))
    return {(row["row"], row["subject"]): row for row in await cursor.fetchall()}


def _tally(this: _Measuring, row: Threshold, subject: str, used: DictRow | None) -> Tally:
    one = this.asked.moved if row.measure == "cents" else 1
    return Tally(row, _shown(row.scope, subject), one + (int(used[row.measure]) if used else 0))


async def _walked(this: _Measuring) -> tuple[Walked, ...]:
    found = []
    for row in this.sequences:
        for subject in this.subjects[row.scope]:
            steps = walked(row, await _past(this, row, subject), this.effect, this.asked.sort)
            if steps:
                found.append(Walked(row, _shown(row.scope, subject), steps))
    return tuple(found)


async def _past(this: _Measuring, row: Sequence, subject: str) -> list[Done]:
    since = this.now - timedelta(days=row.within_days)
    values = (row.scope, subject, list(row.effects), this.asked.order.key, since)
    cursor = await this.connection.execute(SQL["steps"], values)
    return [Done(**each) for each in await cursor.fetchall()]


def _shown(scope: Scope, subject: str) -> str:
    """As people may read it."""
    return subject if scope == "employee" else subject[:SHOWN]


def _customers(marks: Mapping[str, str]) -> tuple[str, ...]:
    """Keyed hashes of the company's tax number, else of each borrower's, as the application gave them."""
    company = marks.get("tok_application_company_tax_number")
    if company is not None:
        return (company,)
    of_borrowers = "tok_application_borrowers_"
    found = {
        mark for token, mark in marks.items() if token.startswith(of_borrowers) and "_tax_number" in token
    }
    return tuple(sorted(found))
