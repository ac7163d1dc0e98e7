"""The HTTP application as a caller sees it, without a socket."""

from __future__ import annotations

from typing import Any

import httpx
from fastapi import FastAPI

from api.demo.identities import demo_token
from api.settings import Settings

MOST = 60_000  # bytes of one body


class Front:
    """Asks as one of the demo people, or as nobody."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def ask(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        """One request."""
        headers = dict(more.pop("headers", {}))
        if who:
            headers["authorization"] = f"Bearer {demo_token(self.settings, who)}"
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, headers=headers, **more)

    async def open(self, body: Any, key: str | None = "key-1", who: str = "advisor") -> httpx.Response:
        """Submit a case."""
        headers = {"idempotency-key": key} if key else {}
        return await self.ask(who, "POST", "/v1/cases", json=body, headers=headers)


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    """Whether the answer is this RFC 9457 problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    return bool({"type", "title", "detail", "remedy"} <= body.keys())
