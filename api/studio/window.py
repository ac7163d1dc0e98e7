"""The live mode's side of the dev server's protocol: read a case, wake it, decide what it asks. Nothing else.

A thread is a case. A run never carries state: it either wakes the case (its input says no more than which
case) or carries a person's answer to the desk. Runners move the case under its lease; what they do is
streamed. Whatever has no route here is refused and recorded.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request, Security
from fastapi.responses import StreamingResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from api import chatting
from api.http import problems
from api.http.access import BEARER, GovernedRoute, Id, Visit, Visiting
from api.studio import shapes
from api.studio.answers import Shown, accept_run, carry_out
from api.studio.lifespan import front
from api.studio.reading import History, history, snapshot, visible_cases
from api.studio.watching import Part, busy, until_at_rest
from domain.case import Case
from domain.errors import Forbidden, NotFound

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
PATHS = """
    threads state history copy runs stream wait batch cancel crons search count store items namespaces
    a2a mcp assistants latest versions prune join checkpoint commands events docs metrics deploy
    internal debug thread truncate ui sandbox cases openapi.json
"""
WORDS = frozenset(PATHS.split()) | {""}  # kept in the record of an attempt; the rest may be anybody's text
NAME = re.compile(r"[A-Za-z0-9_.:\-]{1,200}")
JsonObject = Annotated[dict[str, Any], Body()]
router = APIRouter(route_class=GovernedRoute, dependencies=[Security(BEARER)])
shown = Shown()


@router.post("/threads")
async def open_thread(body: JsonObject, visiting: Visiting) -> dict[str, Any]:
    """A thread exists when its case does; without an id, a chat thread of whoever asks is opened."""
    if body.keys() <= {"if_exists", "metadata"}:
        await visiting.member(*await chatting.listed(visiting.services))
        return await _thread(visiting, await chatting.open_thread(visiting.services, visiting.person))
    named = str(body.get("thread_id"))
    if not body.keys() <= {"thread_id", "if_exists", "metadata"} or not NAME.fullmatch(named):
        why = "a thread is a case: send its id as thread_id, and nothing else"
        await visiting.refuse("request", Forbidden(why))
    return await _thread(visiting, await visiting.case(named))


@router.post("/threads/search")
async def search(body: JsonObject, visiting: Visiting) -> list[dict[str, Any]]:
    """The cases one may see, newest first; of the filters, status and paging count."""
    limit, offset = int(body.get("limit") or 10), int(body.get("offset") or 0)
    found = [shapes.thread(case) for case in await visible_cases(visiting)]
    chosen = [each for each in found if body.get("status") in (None, each["status"])]
    return chosen[offset : offset + min(limit, 100)]


@router.get("/threads/{case_id}")
async def read_thread(case_id: Id, visiting: Visiting) -> dict[str, Any]:
    """A case with what it asks now."""
    return await _thread(visiting, await visiting.case(case_id))


@router.get("/threads/{case_id}/state")
async def read_state(case_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Where a case stands."""
    case = await visiting.case(case_id)
    found = await snapshot(visiting.services, case)
    shown.to(visiting.person, case_id, found)
    return shapes.state(found)


@router.get("/threads/{case_id}/state/{checkpoint_id}")
async def read_past_state(case_id: Id, checkpoint_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Where a case stood."""
    case = await visiting.case(case_id)
    return shapes.state(await snapshot(visiting.services, case, checkpoint_id))


@router.post("/threads/{case_id}/history")
async def read_history(case_id: Id, body: History, visiting: Visiting) -> list[dict[str, Any]]:
    """Where a case stood, newest first."""
    case = await visiting.case(case_id)
    return [shapes.state(each) for each in await history(visiting.services, case, body)]


@router.post("/threads/{case_id}/runs/wait")
async def run_and_wait(case_id: Id, body: JsonObject, visiting: Visiting) -> dict[str, Any]:
    """Wake or decide, and answer when the case rests again."""
    parts = await _run(visiting, case_id, body)
    async for _ in parts:
        pass
    found = await snapshot(visiting.services, await visiting.case(case_id))
    shown.to(visiting.person, case_id, found)
    return shapes.outcome(found)


@router.post("/threads/{case_id}/runs/stream")
async def run_and_stream(case_id: Id, body: JsonObject, visiting: Visiting) -> StreamingResponse:
    """Wake or decide, and tell what the runner does until the case rests again."""
    parts = await _run(visiting, case_id, body)
    return StreamingResponse(_events(visiting, case_id, body, parts), media_type="text/event-stream")


@router.post("/threads/{case_id}/runs")
async def run_in_background(case_id: Id, body: JsonObject, visiting: Visiting) -> dict[str, Any]:
    """Wake or decide, by the same guard and the same desk; a runner moves the case while nobody listens."""
    case = await visiting.case(case_id)
    run = await accept_run(visiting, case, body)
    await carry_out(visiting, case, run, shown)
    return shapes.run(case, moving=True)


@router.get("/threads/{case_id}/runs")
async def list_runs(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """The one run of a case: its advance, whoever asked for it."""
    return [await _advance(visiting, await visiting.case(case_id))]


@router.get("/threads/{case_id}/runs/{run_id}")
async def read_run(case_id: Id, run_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Whether the case moves or rests."""
    case = await visiting.case(case_id)
    if run_id != shapes.run_of(case.id):
        raise NotFound("there is no such run of this case", remedy=f"its run is {shapes.run_of(case.id)}")
    return await _advance(visiting, case)


@router.get("/threads/{case_id}/runs/{run_id}/join")
async def join_run(case_id: Id, run_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Answer when the case rests."""
    await read_run(case_id, run_id, visiting)
    watchers = front().watchers
    queue = watchers.open(case_id)
    try:
        async for _ in until_at_rest(visiting.services, case_id, queue):
            pass
    finally:
        watchers.close(case_id, queue)
    found = await snapshot(visiting.services, await visiting.case(case_id))
    shown.to(visiting.person, case_id, found)
    return shapes.outcome(found)


async def _advance(visiting: Visit, case: Case) -> dict[str, Any]:
    return shapes.run(case, moving=await busy(visiting.services, case.id))


async def _thread(visiting: Visit, case: Case) -> dict[str, Any]:
    found = await snapshot(visiting.services, case)
    shown.to(visiting.person, case.id, found)
    return shapes.thread(case, found)


async def _run(visiting: Visit, case_id: str, body: dict[str, Any]) -> AsyncIterator[Part]:
    """Do what is asked, listening before it begins; a refusal is raised before anything is streamed."""
    case = await visiting.case(case_id)
    run = await accept_run(visiting, case, body)
    watchers = front().watchers
    queue = watchers.open(case_id)
    try:
        await carry_out(visiting, case, run, shown)
    except BaseException:
        watchers.close(case_id, queue)
        raise

    async def parts() -> AsyncIterator[Part]:
        try:
            async for part in until_at_rest(visiting.services, case_id, queue):
                yield part
        finally:
            watchers.close(case_id, queue)

    return parts()


async def _events(
    visiting: Visit, case_id: str, body: dict[str, Any], parts: AsyncIterator[Part]
) -> AsyncIterator[bytes]:
    """What was asked for of the parts, then where the case stands."""
    asked = body.get("stream_mode") or ["values"]
    modes = {asked} if isinstance(asked, str) else set(asked)
    yield shapes.told("metadata", {"run_id": shapes.run_of(case_id), "attempt": 1})
    async for part in parts:
        if part.mode in modes and (body.get("stream_subgraphs") or not part.namespace):
            yield shapes.event(part)
    found = await snapshot(visiting.services, await visiting.case(case_id))
    shown.to(visiting.person, case_id, found)
    yield shapes.told("values", shapes.outcome(found))


@router.api_route("/{path:path}", methods=METHODS)
async def refuse(path: str, request: Request, visiting: Visiting) -> None:
    """Everything else: the attempt is recorded in words that hold nothing of what was sent."""
    target = "/".join(part if part in WORDS else "{id}" for part in path.split("/"))
    attempt = Visit(visiting.services, visiting.person, f"dev-server {request.method}")
    await attempt.refuse(target, Forbidden("live mode reads cases, wakes them and takes decisions; not this"))


def create_window() -> FastAPI:
    """The application; services and keys are the running front's."""
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    problems.install(made)
    made.include_router(router)
    made.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"]
    )
    return made


_made = create_window()


async def window(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request over the services that are open now."""
    here = front()
    _made.state.services, _made.state.auth = here.services, here.auth
    _made.state.most_bytes = here.settings.most_bytes
    await _made(scope, receive, send)
