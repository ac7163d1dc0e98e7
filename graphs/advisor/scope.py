"""The scope of one person as case tools see it: every case is looked up with the person's own rights.

Reads checkpoints and rows without a lease, so it can write nothing. A case out of reach is no case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from checkpoints.saver import CaseSaver
from domain.approval import ApprovalRequest, ApprovalStatus, InboxItem
from domain.case import Case, CaseStatus
from domain.chat import CHAT
from domain.identity import IdentityKind
from domain.person import Person
from graphs.services import Services
from graphs.sessions import with_terms
from policies.book import InForce
from policies.cell import Anything
from policies.table import Row
from tools.scope import CaseApproval, CaseFigure, CaseRow, CaseView, open_to_see, reference

MOST_CASES = 200  # newest cases of a person that can be found by a part of their id
MOST_FOUND = 10  # cases of one customer
BY_VALUE = (
    IdentityKind.NAME,
    IdentityKind.CUSTOMER_NUMBER,
    IdentityKind.TAX_NUMBER,
    IdentityKind.ACCOUNT_NUMBER,
)


@dataclass(frozen=True, slots=True)
class PersonScope:
    """What one person may see.

    Args:
        services: of this process.
        person: who asks, with the groups they had when they asked.
        named: ids that the message or the thread names; they are checked like every other.
    """

    services: Services
    person: Person
    named: tuple[str, ...] = ()

    async def case(self, reference: str) -> CaseView | None:
        """The case of a reference; nothing when there is none or it is not theirs."""
        case_id = await self._meant(reference)
        case = await self.services.cases.visible(self.person, case_id) if case_id else None
        return await self._view(case) if case is not None and case.kind != CHAT else None

    async def approvals(self) -> tuple[CaseApproval, ...]:
        """What waits for their groups, and what waits on cases of theirs, oldest first."""
        pending: dict[str, InboxItem | ApprovalRequest] = {
            each.id: each for each in await self.services.desk.inbox(self.person, MOST_CASES)
        }
        for case in await self.services.cases.in_scope(self.person, MOST_CASES):
            if case.status is CaseStatus.WAITING_PERSON and case.maker == self.person.id:
                asked = await self.services.desk.of_case(case.id)
                pending |= {each.id: each for each in asked if each.status is ApprovalStatus.PENDING}
        told = map(self._approval, pending.values())
        return tuple(sorted(told, key=lambda each: (each.opened_at, each.approval)))

    async def of_customer(self, value: str) -> tuple[CaseView, ...]:
        """Cases in reach that hold exactly this value, newest first."""
        holding = {case for kind in BY_VALUE for case in await self.services.vault.cases_with(kind, value)}
        mine = [await self.services.cases.visible(self.person, each) for each in holding]
        seen = sorted(
            (each for each in mine if each is not None and each.kind != CHAT),
            key=lambda each: (each.opened_at, each.id),
            reverse=True,
        )
        return tuple([await self._view(each) for each in seen[:MOST_FOUND]])

    async def resolved(self, mention: str) -> str:
        """The id of the one case in reach that is meant; the mention itself when there is none or several."""
        known = [case.id for case in await self.services.cases.in_scope(self.person, MOST_CASES)]
        ends = [each for each in known if each == mention or _tail(each).startswith(mention)]
        return ends[0] if len(ends) == 1 else mention

    async def _meant(self, named: str) -> str | None:
        known: Iterable[str] = self.named
        found = next((each for each in known if reference(each) == named), None)
        if found is None:
            mine = await self.services.cases.in_scope(self.person, MOST_CASES)
            found = next((each.id for each in mine if reference(each.id) == named), None)
        return found

    async def _view(self, case: Case) -> CaseView:
        state = await self._state(case.id)
        known = {name: each["value"] for name, each in state.get("facts", {}).items()}
        application = with_terms(await self.services.cases.application(case.id), known)
        pinned = await self.services.books.pinned(case.policy_version)
        book = pinned.on(case.application_date)
        decision = state.get("decision") or {}
        requests = await self.services.desk.of_case(case.id)
        findings = [each["finding"] for each in state.get("findings", {}).values()]
        return CaseView(
            case=case.id,
            kind=case.kind,
            product=case.product,
            status=case.status.value,
            outcome=case.outcome,
            policy_version=case.policy_version,
            opened_on=case.opened_at.date().isoformat(),
            simulation=case.simulation,
            terms={name: value for name, value in application.items() if type(value) is int},
            figures=_figures(state),
            gaps=tuple(gap["detail"] for finding in findings for gap in finding["gaps"]),
            awaits=tuple(state.get("awaiting", ())) if case.status is CaseStatus.WAITING_EVENT else (),
            decided=decision.get("outcome"),
            rows=_rows(book, decision),
            reasons=tuple(decision.get("principal_reasons", ())),
            conditions=tuple(decision.get("conditions", ())),
            unknown=tuple(decision.get("unknown", ())),
            approvals=tuple(self._approval(r) for r in requests if r.status is ApprovalStatus.PENDING),
            months=_months(book, case.product),
        )

    async def _state(self, case_id: str) -> dict[str, Any]:
        """What the case's newest checkpoint holds; nothing before a runner took it."""
        saver = CaseSaver(self.services.database.pool)
        found = await saver.aget_tuple({"configurable": {"thread_id": case_id, "checkpoint_ns": ""}})
        return dict(found.checkpoint["channel_values"]) if found is not None else {}

    def _approval(self, request: InboxItem | ApprovalRequest) -> CaseApproval:
        return CaseApproval(
            approval=request.id,
            case=request.case_id,
            boundary=request.boundary,
            groups=request.candidate_groups,
            quorum=request.quorum,
            opened_at=request.opened_at,
            due_at=request.due_at,
            own=request.maker == self.person.id,
        )


def _tail(case_id: str) -> str:
    """``home_loan-0123456789ab`` → ``0123456789ab``: what people say of an id."""
    return case_id.partition("-")[2]


def _figures(state: dict[str, Any]) -> tuple[CaseFigure, ...]:
    known = state.get("facts", {})
    return tuple(CaseFigure(name=name, **known[name]) for name in sorted(known))


def _rows(book: InForce, decision: dict[str, Any]) -> tuple[CaseRow, ...]:
    rows = {row.id: row for row in book.decision.rows}
    hit = [rows[each] for each in decision.get("rows_hit", ()) if each in rows and _open(rows[each])]
    return tuple(
        CaseRow(
            row=row.id,
            outcome=str(row.outputs["outcome"]),
            says=str(
                book.rules.reasons.get(str(row.outputs.get("reason")), row.outputs.get("condition") or "")
            ),
            source=f"{row.source}, {row.source_status}" if row.source else "",
        )
        for row in hit
    )


def _open(row: Row) -> bool:
    """Whether the row looks at nothing that is for compliance alone."""
    looked_at = (name for name, cell in row.cells.items() if not isinstance(cell, Anything))
    return all(map(open_to_see, looked_at))


def _months(book: InForce, product: str) -> int | None:
    bases = book.parameters.get("rate_base")
    if not isinstance(bases, list):
        return None
    found = [row["months"] for row in bases if row.get("product") == product]
    return found[0] if len(found) == 1 and isinstance(found[0], int) else None
