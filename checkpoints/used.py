"""The reasons of an adverse order, worked out again from what is on record when it is released.

Owns the comparison's right side: decision table of the pinned book over the facts of the decision, whose digest the
ledger holds, the rejection of a person as the desk holds it, or the defect for which a case is unwound. Never
believes an argument of the order itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.rows import DictRow

from checkpoints.approvals import SQL as APPROVALS
from checkpoints.books import BookShelf
from checkpoints.cases import SQL as CASES
from checkpoints.claims import Claim
from checkpoints.database import Connection
from checkpoints.queries import load
from domain.approval import ApprovalStatus
from domain.canonical import digest
from domain.decision import Decision, Outcome
from domain.effect import EffectOrder
from domain.finding import Fact
from policies.book import InForce
from policies.concluding import (
    BY_COMPLIANCE,
    conclude,
    filed,
    filed_by,
    leave,
    of_applicants,
    told,
    told_by,
    told_of_defect,
    wordings,
)
from policies.consumer_reports import DISCLOSED, disclosure

SQL = load("ledger")
NOTICE = ("reasons", "reasons_from", *DISCLOSED)
ENTRY = ("denials", "explained", "reasons_from", "denial_codes", "wordings")
Used = Mapping[str, Fact | None]


@dataclass(frozen=True, slots=True)
class Basis:
    """What an order rests on.

    Args:
        facts: as the graph hands them in; believed when the ledger's last decision has their digest.
    """

    order: EffectOrder
    claim: Claim
    facts: Mapping[str, Fact]


async def used(connection: Connection, books: BookShelf, basis: Basis) -> Used | None:
    """What each argument that gives a reason must be; ``None`` when it cannot be worked out again."""
    case = await (await connection.execute(CASES["get"], (basis.order.case_id,))).fetchone()
    decided = await _decided(connection, basis)
    if case is None or decided is None:
        return None
    book = (await books.pinned(case["policy_version"])).on(case["application_date"])
    if book.rules.unwinding is not None:
        defect = told_of_defect(book.rules, case["application"], case["opened_at"].date())
        return None if defect is None else {**_whole(NOTICE, defect), **defect}
    rejected = await _rejected(connection, basis)
    if rejected is not None:
        stated, entered = told_by(rejected), filed_by(book.rules, rejected)
    else:
        concluded = await _concluded(connection, book, basis, decided)
        if concluded is None:
            return None
        stated, entered = told(concluded.principal_reasons), filed(book.rules, concluded.principal_reasons)
    if basis.order.action.name == "register_entry":
        return _whole(ENTRY, entered)
    disclosed = disclosure(book, of_applicants(case["application"]["kind"], basis.facts))
    return {**_whole(NOTICE, {**stated, **disclosed}), **_letterhead(book, case)}


async def believed(connection: Connection, basis: Basis) -> bool:
    """Whether these are the facts of the case's last decision."""
    return await _decided(connection, basis) is not None


def _letterhead(book: InForce, case: DictRow) -> Used:
    rules = book.rules
    return {
        "notice": "adverse_action",
        "application_date": case["application_date"].isoformat(),
        "creditor": rules.creditor,
        "agency": rules.agency,
        "wordings": wordings(rules),
    }


def _whole(names: tuple[str, ...], given: Mapping[str, Fact]) -> dict[str, Fact | None]:
    return {name: given.get(name) for name in names}


async def _decided(connection: Connection, basis: Basis) -> DictRow | None:
    """The last decision of the case on record, if it was over these facts."""
    cursor = await connection.execute(SQL["last"], (basis.order.case_id, "decision_reached"))
    row = await cursor.fetchone()
    return row if row is not None and row["body"]["facts_digest"] == digest(dict(basis.facts)) else None


async def _rejected(connection: Connection, basis: Basis) -> str | None:
    """The request by whose rejection the order happens."""
    if not isinstance(basis.claim, str):
        return None
    row = await (await connection.execute(APPROVALS["get"], (basis.claim,))).fetchone()
    return basis.claim if row is not None and row["status"] == ApprovalStatus.REJECTED else None


async def _concluded(
    connection: Connection, book: InForce, basis: Basis, decided: DictRow
) -> Decision | None:
    """The same decline again; ``None`` when nothing on record leads to one."""
    facts = dict(basis.facts)
    if tuple(decided["body"]["rows_hit"]) == (BY_COMPLIANCE,):
        cursor = await connection.execute(APPROVALS["of_case"], (basis.order.case_id,))
        asked = [row for row in await cursor.fetchall() if row["boundary"] == BY_COMPLIANCE]
        return leave(book, facts) if asked and asked[-1]["status"] == ApprovalStatus.REJECTED else None
    concluded = conclude(book, facts)
    return concluded if concluded.outcome is Outcome.DECLINE else None
