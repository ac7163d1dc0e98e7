"""The HTTP application: routers, problems and guards put together. To add routes, add one to ``ROUTERS``."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.demo.identities import ensure_demo
from api.http import (
    approvals,
    cases,
    chat,
    conditions,
    dossiers,
    events,
    halts,
    health,
    history,
    memos,
    metrics,
    mismo,
    model_level,
    policy,
    problems,
    proofs,
    quarantine,
    records,
    referrals,
    registers,
    retention,
    search,
    unwindings,
)
from api.http.auth import Authenticator
from api.settings import Settings
from domain.clock import Clock
from domain.errors import Misconfigured
from graphs.services import Services

MOST_BYTES = 20_000_000
ROUTERS: tuple[APIRouter, ...] = (
    cases.router,
    quarantine.router,
    conditions.router,
    records.router,
    registers.router,
    mismo.router,
    approvals.router,
    referrals.router,
    halts.router,
    policy.router,
    model_level.router,
    unwindings.router,
    chat.router,
    events.router,
    history.router,
    proofs.router,
    search.router,
    retention.router,
    dossiers.router,
    memos.router,
    health.router,
    metrics.router,
)


class Guards:
    """Adds the security headers to every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in problems.GUARDS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


def create_app(
    services: Services,
    auth: Authenticator,
    most_bytes: int = MOST_BYTES,
    routers: Sequence[APIRouter] = ROUTERS,
) -> FastAPI:
    """The application over running services.

    Args:
        services: opened by ``api.assembly.running``.
        auth: who turns tokens into people.
        most_bytes: of one request body; more is answered with 413.
        routers: what it serves; governed ones come from ``api.http.access.governed``.
    """
    app = FastAPI(
        title="Countersign",
        summary="Agents propose, policy disposes, people countersign.",
        version="1",
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services, app.state.auth, app.state.most_bytes = services, auth, most_bytes
    problems.install(app)
    app.add_middleware(Guards)
    for router in routers:
        app.include_router(router)
    return app


def authenticator(settings: Settings, clock: Clock) -> Authenticator:
    """The bank's issuer when one is configured, else the demo's own.

    Raises:
        Misconfigured: a database of the bank's own without an issuer; demo people have no place there.
    """
    if settings.auth.issuer:
        return Authenticator.configured(settings.auth, clock)
    if settings.database_url:
        raise Misconfigured(
            "DATABASE_URL is set: set COUNTERSIGN_AUTH__ISSUER too; demo people work without it only"
        )
    return ensure_demo(settings, clock)
