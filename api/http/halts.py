"""The kill switch over HTTP: halt, resume, and what is halted."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from agents.roster import ROSTER
from api.http.access import Visit, Visiting, governed
from api.reasons import about_nobody
from domain.errors import BadInput, Forbidden
from domain.identity import Record
from graphs.services import Services
from policies.authority import Switch
from policies.loader import BOOKS
from tools.catalog import EFFECT_NAMES, TOOLS

router = governed("halts")


class Halt(Record):
    """What is to stop or to go on, and why."""

    target: Annotated[
        str, Field(description="everything, kind:…, case:…, specialist:…, tool:…, model:… or effect:…")
    ]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/halts", summary="What is halted")
async def halts(visiting: Visiting) -> list[dict[str, Any]]:
    """Oldest first, with who halted it and why."""
    await _require(visiting, Switch.SEE, "what is halted")
    return [dict(row) for row in await visiting.services.halts.all()]


@router.post("/halts", summary="Stop a target in every process", status_code=204)
async def halt(body: Halt, visiting: Visiting) -> None:
    """Before the next call of any gateway. 422 for what there is not, 409 when it is halted already."""
    await _require(visiting, Switch.HALT, body.target)
    await _require_known(visiting.services, body.target)
    reason = await about_nobody(visiting.services, body.reason)
    await visiting.services.halts.halt(visiting.person, body.target, reason)


@router.post("/halts/resume", summary="Let a target go on", status_code=204)
async def resume(body: Halt, visiting: Visiting) -> None:
    """By another person than the one who halted it (403); what stood still is woken."""
    await _require(visiting, Switch.RESUME, body.target)
    reason = await about_nobody(visiting.services, body.reason)
    await visiting.services.halts.resume(visiting.person, body.target, reason)


async def _require(visiting: Visit, action: Switch, target: str) -> None:
    """Authority first: who may not is told nothing of what there is, and the attempt is recorded."""
    try:
        visiting.services.halts.require(visiting.person, action, target)
    except Forbidden as error:
        await visiting.refuse(visiting.action, error)


async def _require_known(services: Services, target: str) -> None:
    sort, _, name = target.partition(":")
    if sort == "case" and name:
        await services.cases.get(name)
        return
    known = {
        "everything": [""],
        "kind": [path.stem for path in BOOKS.glob("*.yaml")],
        "specialist": sorted(ROSTER),
        "tool": sorted(TOOLS),
        "effect": sorted(EFFECT_NAMES),
        "model": sorted({str(getattr(each, "model_name", "")) for each in services.crew.models.values()}),
    }
    if name not in known.get(sort, ()):
        choice = ", ".join(known[sort]) if known.get(sort) else "one of " + ", ".join([*known, "case"])
        raise BadInput(f"there is no {target}", field="target", remedy=f"{sort}: {choice or 'none'}")
