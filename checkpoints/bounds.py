"""Bounds of effects: runs the book's guardrails over one, and counts what passes for everybody it concerns.

Owns ``countersign.effect_uses``. Sums are read under a lock for each subject and written in the transaction that
writes the effect down, so that parallel cases cannot pass a threshold together. Never performs anything, and
never decides: guardrails do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from audit.events import GuardrailRuled
from audit.readings import EffectMeasured, Tallied
from checkpoints.database import Connection
from checkpoints.ledger import Ledger
from checkpoints.queries import load
from domain.bounds import EffectMandate, Intended, Scope, Tally, Threshold
from domain.canonical import canonical, digest
from domain.clock import Clock
from domain.effect import AnyEffect, EffectOrder
from domain.errors import Refused
from domain.guard import Guardrail, Passage, Ruling, Verdict, verdict_of, worst
from domain.identity import IdentityKind
from domain.rating import Rated

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
        released: what a person let go, by row: up to which number.
    """

    order: EffectOrder
    effect: AnyEffect
    mandate: EffectMandate
    rated: Rated
    maker: str
    people: tuple[str, ...]
    released: Mapping[str, int] = field(default_factory=dict)


class EffectGuard:
    """Asked by the outbox before an effect is written down; it keeps the transaction open meanwhile."""

    def __init__(self, ledger: Ledger, clock: Clock, guardrails: Iterable[Guardrail]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._guardrails = {each.name: each for each in guardrails}

    async def verdict(self, connection: Connection, asked: Asked) -> Verdict:
        """What the mandate's guardrails say, the worst of it; each verdict is on record. One that passes is counted.

        Raises:
            Refused: the mandate names a guardrail that is not here, or the action does not say what it moves.
        """
        subjects = await self._subjects(connection, asked)
        cents = _moved(asked)
        intended = await self._measured(connection, asked, subjects, cents)
        await self._tell(connection, asked, intended)
        text = canonical(asked.order.action.model_dump(mode="json")).decode()
        passage = Passage(asked.order.case_id, text, {"intended": intended})
        verdicts = [await self._said(connection, asked, name, passage) for name in asked.mandate.guardrails]
        said = worst(verdicts)
        if said.ruling is Ruling.PASS:
            await self._reserve(connection, asked, subjects, cents)
        return said

    async def release(self, connection: Connection, key: str) -> None:
        """Count an effect no more: it was refused, or certainly did not happen."""
        await connection.execute(SQL["release"], (self._clock.now(), key))

    async def release_unsent(self, connection: Connection, key: str) -> None:
        """Count an effect no more of which nothing was sent."""
        await connection.execute(SQL["release_unsent"], (self._clock.now(), key))

    async def _tell(self, connection: Connection, asked: Asked, intended: Intended) -> None:
        """What guardrails are about to look at, on record; nothing where no row of the book concerns the effect."""
        if not (intended.tallies or intended.uncounted or intended.hours):
            return
        order = asked.order
        event = EffectMeasured(
            effect=order.action.name,
            step=order.step,
            at=intended.now.isoformat(timespec="microseconds"),
            hours_of=asked.mandate.hours_of,
            tallies=tuple(
                Tallied(row=each.row.id, subject=each.subject, after=each.after) for each in intended.tallies
            ),
            uncounted=intended.uncounted,
        )
        key = f"effect/{order.key}/{digest(event.model_dump(mode='json'))[:12]}"
        await self._ledger.append(connection, order.case_id, key, event)

    async def _said(self, connection: Connection, asked: Asked, name: str, passage: Passage) -> Verdict:
        guardrail = self._guardrails.get(name)
        if guardrail is None:
            raise Refused(f"no guardrail over effects is called {name}", control="outbox.guardrails")
        verdict = await verdict_of(guardrail, passage)
        key = f"effect/{asked.order.key}/{name}/{verdict.ruling}/{verdict.rule}"
        event = GuardrailRuled.of(guardrail, verdict)
        await self._ledger.append(connection, asked.order.case_id, key, event)
        return verdict

    async def _subjects(self, connection: Connection, asked: Asked) -> Subjects:
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

    async def _measured(
        self, connection: Connection, asked: Asked, subjects: Subjects, cents: int
    ) -> Intended:
        rows = [row for row in asked.mandate.thresholds if asked.effect.name in row.effects]
        await self._lock(connection, {(row.scope, each) for row in rows for each in subjects[row.scope]})
        tallies = [
            await self._tally(connection, asked.order, row, subject, cents)
            for row in rows
            for subject in subjects[row.scope]
        ]
        return Intended(
            effect=asked.effect.name,
            rated=asked.rated,
            unattended_at_most=asked.mandate.unattended_at_most,
            attended=bool(asked.people),
            now=self._clock.now(),
            hours=asked.mandate.when(asked.effect.name),
            tallies=tuple(tallies),
            uncounted=tuple(row.id for row in rows if not subjects[row.scope]),
            released=asked.released,
        )

    @staticmethod
    async def _lock(connection: Connection, concerned: set[tuple[Scope, str]]) -> None:
        """In one order everywhere, so that two cases never wait for each other."""
        if concerned:
            await connection.execute(SQL["lock"], (sorted(f"{scope}:{each}" for scope, each in concerned),))

    async def _tally(
        self, connection: Connection, order: EffectOrder, row: Threshold, subject: str, cents: int
    ) -> Tally:
        this = cents if row.measure == "cents" else 1
        before = 0
        if row.within_days is not None:
            since = self._clock.now() - timedelta(days=row.within_days)
            values = (row.scope, subject, list(row.effects), order.key, since)
            (used,) = await (await connection.execute(SQL["used"], values)).fetchall()
            before = int(used[row.measure])
        return Tally(row, subject if row.scope == "employee" else subject[:SHOWN], before + this)

    async def _reserve(self, connection: Connection, asked: Asked, subjects: Subjects, cents: int) -> None:
        order, now = asked.order, self._clock.now()
        for scope, concerned in subjects.items():
            for each in concerned:
                values = (order.key, scope, each, order.case_id, asked.effect.name, cents, now)
                await connection.execute(SQL["reserve"], values)


def _moved(asked: Asked) -> int:
    """Cents that the action moves, by the argument that its effect names; none where the effect moves no money."""
    name = asked.effect.money
    if name is None:
        return 0
    cents = asked.order.action.args.get(name)
    if not isinstance(cents, int) or isinstance(cents, bool) or cents < 0:
        raise Refused(f"{asked.effect.name} does not say in {name} what it moves", control="outbox.amount")
    return cents


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
