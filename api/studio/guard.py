"""The door in front of every route of the dev server, its own core routes included.

Sandbox: everything may be played with, but nothing may leave the machine or wipe the server, and chat messages are
tokenised before the core sees them. Live: deny by
default. Health and drawings pass through to the core; every other request, known or not, is answered by
``api/studio/window.py``, so that no core route which reads, writes or runs a thread is ever reached.
"""

from __future__ import annotations

import re
from typing import Literal

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http import problems
from api.studio.lifespan import front, serving
from api.studio.playing import tokenised
from api.studio.window import window
from domain.errors import Forbidden

OPEN = re.compile(  # what the core answers in live mode, after its own authentication (health has none)
    r"GET /(ok|info)?"
    r"|POST /assistants/(search|count)"
    r"|GET /assistants/[A-Za-z0-9_-]+(/(graph|schemas|subgraphs))?"
)
CLOSED = re.compile(r"/+(deploy|internal)(/.*)?")  # uploads the code to a cloud; wipes the server
Way = Literal["core", "window", "nowhere"]


class Guard:
    """Outermost middleware of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._core = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send each request where it belongs."""
        match "core" if scope["type"] == "lifespan" else _way(scope):
            case "core":
                await self._core(*await _typed(scope, receive), send)
            case "window":
                await window(scope, receive, send)
            case "nowhere":
                detail = "deploying and wiping are not for this server"
                await problems.problem(403, Forbidden.code, detail)(scope, receive, send)


async def _typed(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """In the sandbox, where messages reach the core, they are tokenised first."""
    if scope["type"] == "lifespan" or front().services.mode != "sandbox":
        return scope, receive
    return await tokenised(front(), scope, receive)


def _way(scope: Scope) -> Way:
    if front().services.mode != "sandbox":
        asked = f"{scope.get('method', scope['type'])} {scope['path']}"
        return "core" if OPEN.fullmatch(asked) and not scope.get("root_path") else "window"
    return "nowhere" if CLOSED.fullmatch(scope["path"]) else "core"


async def sandbox_cases(_: Request) -> Response:
    """What to put into Studio's form: the input of each story's case."""
    return JSONResponse({name: {"case_id": case_id} for name, case_id in front().stories.items()})


app = Starlette(
    routes=[Route("/sandbox/cases", sandbox_cases)], middleware=[Middleware(Guard)], lifespan=serving
)
