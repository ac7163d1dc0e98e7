"""At the door: a governed route authenticates first, then reads the body, then asks what the caller may do.

Owns the order of those checks and the record of refused attempts in the ``ops`` stream; neither that nor the
record of reads keeps identity that somebody put into an address. A case that is not
the caller's to see does not exist for them. Never decides an approval: that is the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, NoReturn
from urllib.parse import unquote_plus

from fastapi import APIRouter, Depends, Path, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.types import Message

from api import json_text
from api.http.auth import Authenticator, bearer
from api.http.leaving import left
from api.http.problems import documented
from api.reasons import noted
from audit.events import AttemptRefused
from checkpoints.accesses import note
from checkpoints.ledger import OPS
from domain.approval import ApprovalRequest
from domain.case import Case
from domain.errors import BadInput, CountersignError, Forbidden, NotFound, Unauthenticated
from domain.person import AUDITORS, Person
from graphs.services import Services

NUL = (b"\0", b"\\u0000")  # Postgres keeps neither in a text
BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", description="RS256, ES256 or EdDSA")
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:\-]{1,200}$", examples=["home_loan-0123456789ab"])]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GovernedRoute(APIRoute):
    """Authenticates before the body is read, refuses a large one; its answer passes the output gate."""

    unwanted: tuple[bytes, ...] = NUL  # refused anywhere in a body

    def get_route_handler(self) -> Handler:
        """The route's handler between the door and the output gate."""
        handle = super().get_route_handler()

        async def at_the_door(request: Request) -> Response:
            request.state.person = await authenticated(request, f"{request.method} {self.path_format}")
            request.state.action = f"{request.method} {self.path_format}"
            answer = await left(request, await handle(await _read(request, self.unwanted)))
            if request.method == "GET" and answer.status_code < HTTPStatus.BAD_REQUEST:
                await _shown(request)
            return answer

        return at_the_door


class GovernedFile(GovernedRoute):
    """The same for a file whose reader says itself where it cannot be read, and refuses a NUL too."""

    unwanted = ()


def governed(tag: str, route: type[GovernedRoute] = GovernedRoute) -> APIRouter:
    """A router under ``/v1`` for authenticated callers; more routes of the API start with this."""
    errors = documented(400, 401, 403, 404, 409, 413, 422, 503)
    return APIRouter(
        prefix="/v1", tags=[tag], route_class=route, dependencies=[Security(BEARER)], responses=errors
    )


async def authenticated(request: Request, action: str) -> Person:
    """Who asks; a refused login is recorded once per client, reason and minute."""
    auth: Authenticator = request.app.state.auth
    services: Services = request.app.state.services
    try:
        return await auth.person(bearer(request.headers.get("authorization")))
    except Unauthenticated as error:
        client = request.client.host if request.client else "unknown"
        why = str(error.attributes.get("why", "unknown"))
        event = AttemptRefused(action="login", target=action, reason=error.message)
        await _record(services, f"{client}/{why}", event)
        raise


async def _shown(request: Request) -> None:
    """Put on record that somebody is shown what they asked for, before they are."""
    here: Services = request.app.state.services
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = await noted(here, unquote_plus(asked))
    await note(here.ledger, here.clock, request.state.person, request.state.action, asked)


@dataclass(frozen=True, slots=True)
class Visit:
    """One authenticated request: who asks for what."""

    services: Services
    person: Person
    action: str  # method and route, e.g. ``GET /v1/cases/{case_id}``

    async def member(self, *groups: str) -> None:
        """``Forbidden`` unless the person is in one of the groups."""
        if not self.person.groups & set(groups):
            await self.refuse(self.action, Forbidden(f"this is for {' or '.join(groups)}"))

    async def case(self, case_id: str) -> Case:
        """A case its maker, a candidate of one of its approvals or an auditor may see."""
        case = await self.services.cases.visible(self.person, case_id)
        return case or await self.refuse(case_id, NotFound(f"no case {case_id}"))

    async def own_case(self, case_id: str) -> Case:
        """A case as its maker or an auditor may see it."""
        return await self._own(case_id) or await self.refuse(case_id, NotFound(f"no case {case_id}"))

    async def case_for_records(self, case_id: str) -> Case:
        """A case that takes a record: any for ``record_sources``, their own for advisors."""
        await self.member("record_sources", "advisors")
        case = await self._found(case_id)
        if case is not None and ("record_sources" in self.person.groups or case.maker == self.person.id):
            return case
        return await self.refuse(case_id, NotFound(f"no case {case_id}"))

    async def approval(self, approval_id: str) -> ApprovalRequest:
        """An approval request that the person may see."""
        try:
            return await self.services.desk.visible(self.person, approval_id)
        except NotFound as error:
            return await self.refuse(approval_id, error)

    async def refuse(self, target: str, error: CountersignError) -> NoReturn:
        """Record the attempt, then raise."""
        told = await noted(self.services, target)
        why = await noted(self.services, error.message)
        event = AttemptRefused(action=self.action, target=told, reason=why)
        await _record(self.services, f"{self.person.id}/{self.action}/{told}", event, self.person.id)
        raise error

    async def _found(self, case_id: str) -> Case | None:
        try:
            return await self.services.cases.get(case_id)
        except NotFound:
            return None

    async def _own(self, case_id: str) -> Case | None:
        case = await self._found(case_id)
        mine = case is not None and (case.maker == self.person.id or AUDITORS in self.person.groups)
        return case if mine else None


def visit(request: Request) -> Visit:
    """The dependency of governed routes; ``Unauthenticated`` on a route without the door."""
    person = getattr(request.state, "person", None)
    if not isinstance(person, Person):
        raise Unauthenticated("a bearer token is needed")
    return Visit(request.app.state.services, person, request.state.action)


Visiting = Annotated[Visit, Depends(visit)]


async def _record(services: Services, who: str, event: AttemptRefused, actor: str = "nobody") -> None:
    """Once per minute and key, so that repeating an attempt cannot flood the ledger."""
    minute = services.clock.now().isoformat(timespec="minutes")
    await services.ledger.record(OPS, f"http/{who}/{minute}", event, actor)


class _Read(Request):
    """A request that was read to its end; its JSON is read strictly."""

    async def json(self) -> Any:
        """Its body; what is wrong with it becomes the answer (``problems``)."""
        return json_text.read(await self.body())


async def _read(request: Request, unwanted: tuple[bytes, ...]) -> Request:
    """The same request with its body read: within the limit and without what is unwanted."""
    most: int = request.app.state.most_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise HTTPException(413, f"the body is larger than {most} bytes")
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise HTTPException(413, f"the body is larger than {most} bytes")
        parts.append(chunk)
    body = b"".join(parts)
    if any(mark in body for mark in unwanted):
        raise BadInput("the body holds a NUL character", field="body", remedy="leave it out")

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return _Read(request.scope, again)
