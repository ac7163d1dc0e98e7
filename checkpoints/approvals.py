"""The approval desk: the only way to record a person's decision.

Checks who asks against the request (authority, separation of duties, what they saw), then writes the
decision, its ledger event and the job that wakes the case in one transaction. It never resumes a graph
and never trusts a resume value: graphs read the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from audit.events import (
    ApprovalClaimed,
    ApprovalDecided,
    ApprovalOpened,
    ApprovalReleased,
    ApprovalWithdrawn,
    AttemptRefused,
)
from checkpoints.answers import Answer, holder, require_complete, require_editable, require_open, status_after
from checkpoints.cases import SQL as CASES
from checkpoints.database import Connection, Database
from checkpoints.jobs import Jobs
from checkpoints.ledger import Ledger
from checkpoints.queries import load
from domain.approval import ApprovalDecision, ApprovalRequest, ApprovalStatus, InboxItem
from domain.bounds import RELEASE
from domain.clock import Clock
from domain.errors import Conflict, CountersignError, Forbidden, NotFound
from domain.leaving import licence_in
from domain.person import Person
from policies.authority import Action as Deed
from policies.authority import ApprovalRequest as Resource
from policies.authority import Authority, AuthorityRequest
from policies.authority import Person as Principal

SQL = load("approvals")


class Desk:
    """Opens, shows, claims and decides approval requests."""

    def __init__(
        self, database: Database, ledger: Ledger, jobs: Jobs, authority: Authority, clock: Clock
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._jobs = jobs
        self._authority = authority
        self._clock = clock

    async def open(self, connection: Connection, request: ApprovalRequest) -> None:
        """Put a request on the desk, in the caller's (fenced) transaction; once per id.

        ``request.status`` is ``pending``, or ``simulated`` for a what-if copy, which nobody is asked about.
        """
        if request.digest != request.binding:
            raise Conflict("the request's digest does not cover what it asks", approval=request.id)
        body = Jsonb(request.model_dump(mode="json"))
        asked = (request.digest, request.status, list(request.candidate_groups), request.quorum)
        values = (
            request.id,
            request.case_id,
            request.boundary,
            body,
            *asked,
            request.opened_at,
            request.due_at,
        )
        await connection.execute(SQL["insert"], values)
        event = ApprovalOpened(
            approval_id=request.id,
            boundary=request.boundary,
            digest=request.digest,
            candidate_groups=request.candidate_groups,
            quorum=request.quorum,
            due_at=request.due_at.isoformat(),
            row=request.routing.row,
            known=request.routing.known,
        )
        await self._ledger.append(connection, request.case_id, request.id, event)

    async def withdraw(self, connection: Connection, request: ApprovalRequest, reason: str) -> None:
        """Take a pending request off the desk, in the caller's (fenced) transaction; nothing follows from it."""
        if (await connection.execute(SQL["withdraw"], (ApprovalStatus.EXPIRED, request.id))).rowcount:
            event = ApprovalWithdrawn(approval_id=request.id, reason=reason)
            await self._ledger.append(connection, request.case_id, f"{request.id}/withdrawn", event)

    async def get(self, approval_id: str) -> ApprovalRequest:
        """One request as it stands; ``NotFound`` when there is none."""
        row = await self._database.row(SQL["get"], approval_id)
        return _request(row, approval_id)

    async def visible(self, person: Person, approval_id: str) -> ApprovalRequest:
        """The same, for someone who may see it: a candidate, an auditor, or its maker but for compliance's."""
        request = await self.get(approval_id)
        made = person.id == request.maker and request.boundary != "compliance"
        if not (person.groups & {*request.candidate_groups, "auditors"} or made):
            raise NotFound(f"no approval request {approval_id}")
        return request

    async def of_case(self, case_id: str) -> list[ApprovalRequest]:
        """The requests of a case in order."""
        rows = await self._database.rows(SQL["of_case"], case_id)
        return [_request(row, row["id"]) for row in rows]

    async def decisions(self, approval_id: str) -> list[ApprovalDecision]:
        """What people decided on a request, oldest first."""
        rows = await self._database.rows(SQL["decisions"], approval_id)
        return [ApprovalDecision.model_validate(row["decision"]) for row in rows]

    async def inbox(self, person: Person, limit: int = 50) -> list[InboxItem]:
        """What this person's groups may decide, most urgent first, own work left out."""
        rows = await self._database.rows(SQL["inbox"], sorted(person.groups), person.id, limit)
        return [InboxItem.model_validate(row) for row in rows]

    async def claim(self, person: Person, approval_id: str) -> ApprovalRequest:
        """Take a request; ``Conflict`` when somebody else holds it or it is settled."""

        async def take(connection: Connection, request: ApprovalRequest) -> None:
            values = (person.id, self._clock.now(), approval_id, person.id)
            if not (await connection.execute(SQL["claim"], values)).rowcount:
                raise Conflict(f"{approval_id} is {holder(request)}", approval=approval_id)
            await self._append(connection, request, person, ApprovalClaimed(approval_id=approval_id))

        await self._act(person, approval_id, "claim", take)
        return await self.get(approval_id)

    async def release(self, person: Person, approval_id: str) -> ApprovalRequest:
        """Give a request back; ``Conflict`` when this person does not hold it."""

        async def give_back(connection: Connection, request: ApprovalRequest) -> None:
            if not (await connection.execute(SQL["release"], (approval_id, person.id))).rowcount:
                raise Conflict(f"you do not hold {approval_id}", approval=approval_id)
            await self._append(connection, request, person, ApprovalReleased(approval_id=approval_id))

        await self._act(person, approval_id, "claim", give_back)
        return await self.get(approval_id)

    async def decide(self, person: Person, approval_id: str, answer: Answer) -> ApprovalRequest:
        """Record a decision.

        Raises:
            BadInput: no reason, or an override without a reason code.
            Forbidden: no authority, own work, decided before by the same person.
            Conflict: another version of the request was shown, it is settled, or somebody else holds it.
        """
        require_complete(answer)

        async def settle(connection: Connection, request: ApprovalRequest) -> None:
            require_open(request, person, answer)
            require_editable(request, answer)
            decision = ApprovalDecision(
                approval_id=approval_id,
                person=person.id,
                verb=answer.verb,
                reason=answer.reason,
                reason_code=answer.reason_code,
                edits=dict(answer.edits),
                digest=answer.digest,
                at=self._clock.now(),
                country=person.country,
            )
            await self._keep(connection, request, decision, person)

        await self._act(person, approval_id, answer.verb.value, settle)
        return await self.get(approval_id)

    async def _keep(
        self, connection: Connection, request: ApprovalRequest, decision: ApprovalDecision, person: Person
    ) -> None:
        values = (request.id, person.id, Jsonb(decision.model_dump(mode="json")), decision.at)
        await connection.execute(SQL["decide"], values)
        status = status_after(decision, await _decisions(connection, request.id), request.quorum)
        await connection.execute(SQL["settle"], (status, request.id))
        event = ApprovalDecided(
            approval_id=request.id,
            verb=decision.verb,
            reason=decision.reason,
            reason_code=decision.reason_code,
            edits=decision.edits,
            digest=decision.digest,
            settles=status,
        )
        await self._ledger.append(connection, request.case_id, f"{request.id}/{person.id}", event, person.id)
        if status is not ApprovalStatus.PENDING:
            await self._jobs.defer_advance(connection, request.case_id)

    async def _act(
        self,
        person: Person,
        approval_id: str,
        action: str,
        act: Callable[[Connection, ApprovalRequest], Any],
    ) -> None:
        """Check authority and act in one transaction; a refusal is recorded after it was rolled back."""
        await self.visible(person, approval_id)
        try:
            async with self._database.transaction() as connection:
                row = await (await connection.execute(SQL["lock"], (approval_id,))).fetchone()
                request = _request(row, approval_id)
                await self._authorise(connection, person, request, action)
                await act(connection, request)
        except CountersignError as error:
            await self._refused(person, approval_id, action, error)
            raise

    async def _authorise(
        self, connection: Connection, person: Person, request: ApprovalRequest, action: str
    ) -> None:
        case = await (await connection.execute(CASES["get"], (request.case_id,))).fetchone()
        prior = {decision.person for decision in await _decisions(connection, request.id)}
        prior |= set(request.involved)
        if case is not None and request.maker != case["maker"]:
            prior.add(
                case["maker"]
            )  # an edit made somebody else the maker; the first one still may not check
        ruling = self._authority.allowed(_question(person, request, action, frozenset(prior)))
        if not ruling.allowed:
            raise Forbidden(f"you may not {action} {request.id}: {ruling.reason}", approval=request.id)

    async def _refused(self, person: Person, approval_id: str, action: str, error: CountersignError) -> None:
        request = await self.get(approval_id)
        key = f"{approval_id}/{person.id}/{action}/{self._clock.now().isoformat()}"
        event = AttemptRefused(action=action, target=approval_id, reason=error.message)
        await self._ledger.record(request.case_id, key, event, person.id)

    async def _append(
        self,
        connection: Connection,
        request: ApprovalRequest,
        person: Person,
        event: ApprovalClaimed | ApprovalReleased,
    ) -> None:
        key = f"{request.id}/{person.id}/{self._clock.now().isoformat()}"
        await self._ledger.append(connection, request.case_id, key, event, person.id)


def _question(
    person: Person, request: ApprovalRequest, action: str, prior: frozenset[str]
) -> AuthorityRequest:
    granted = [request.limits[group] for group in person.groups if group in request.limits]
    limits = {request.product: max(granted)} if granted else {}
    return AuthorityRequest(
        person=Principal(id=person.id, groups=person.groups, limits=limits),
        action=Deed(action),
        resource=Resource(
            id=request.id,
            boundary=request.boundary,
            product=request.product,
            amount_cents=request.amount_cents,
            risk=request.risk,
            maker=request.maker,
            prior_deciders=prior,
            candidate_groups=frozenset(request.candidate_groups),
            licences=_licences(request),
        ),
    )


def _licences(request: ApprovalRequest) -> frozenset[str]:
    """What a decider must be licensed for, by the release that is asked for; the digest binds its arguments."""
    released = (each for each in request.actions if each.name == RELEASE)
    named = {licence_in(name) for each in released for name in each.args}
    return frozenset(each for each in named if each is not None)


async def _decisions(connection: Connection, approval_id: str) -> list[ApprovalDecision]:
    cursor = await connection.execute(SQL["decisions"], (approval_id,))
    return [ApprovalDecision.model_validate(row["decision"]) for row in await cursor.fetchall()]


def _request(row: DictRow | None, approval_id: str) -> ApprovalRequest:
    if row is None:
        raise NotFound(f"no approval request {approval_id}")
    now = {"status": row["status"], "claimed_by": row["claimed_by"], "due_at": row["due_at"]}
    return ApprovalRequest.model_validate(row["request"] | now | {"candidate_groups": row["groups"]})
