"""Who the dev server's own routes serve. Live: our tokens, and drawings only. Sandbox: whoever is local.

The second lock behind ``api/studio/guard.py``; it never lets anything touch a thread, a run or the store in
live mode, because those are answered by our own routes.
"""

from __future__ import annotations

from typing import Any

from langgraph_sdk import Auth

from api.http.auth import bearer
from api.studio.lifespan import front
from domain.errors import CountersignError

auth = Auth()
DRAWINGS = {("assistants", "read"), ("assistants", "search")}


@auth.authenticate
async def authenticate(authorization: str | None) -> Auth.types.MinimalUserDict:
    """The person behind a token; in the sandbox everyone is its player."""
    here = front()
    if here.services.mode == "sandbox":
        return {"identity": "sandbox", "display_name": "Sandbox", "is_authenticated": True}
    try:
        person = await here.auth.person(bearer(authorization))
    except CountersignError as error:
        raise Auth.exceptions.HTTPException(status_code=401, detail=error.message) from error
    return {"identity": person.id, "display_name": person.name, "is_authenticated": True}


@auth.on
async def authorise(ctx: Auth.types.AuthContext, value: Any) -> bool:
    """Deny by default."""
    return front().services.mode == "sandbox" or (ctx.resource, ctx.action) in DRAWINGS
