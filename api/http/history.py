"""Moments of a case over HTTP: list, show, fork, replay. Reading never changes the original."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from api.http.access import Id, Visiting, governed
from domain.case import Case
from domain.finding import Fact
from domain.identity import Record
from domain.person import AUDITORS
from graphs.time_machine import fork, history, read_record, replay, show

router = governed("time travel")
Number = Annotated[int, Path(ge=1, le=100_000)]


class WhatIf(Record):
    """From which moment, with which facts changed."""

    at: Annotated[int, Field(ge=1, le=100_000)]
    changes: Annotated[dict[str, Fact], Field(alias="set", max_length=20)]


@router.get("/cases/{case_id}/moments", summary="List the moments of a case")
async def moments(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """Oldest first, in plain words."""
    await visiting.case(case_id)
    return [asdict(moment) for moment in await history(visiting.services, case_id)]


@router.get("/cases/{case_id}/moments/{number}", summary="Show what was known at a moment")
async def moment(case_id: Id, number: Number, visiting: Visiting) -> dict[str, Any]:
    """Facts with sources, findings, gaps, decision and what was waited for."""
    await visiting.case(case_id)
    return await show(visiting.services, case_id, number)


@router.post("/cases/{case_id}/forks", summary="Fork a what-if copy", status_code=201)
async def fork_case(case_id: Id, body: WhatIf, visiting: Visiting) -> Case:
    """A simulation of its own: the original never moves, nobody is asked, effects are impossible."""
    await visiting.case(case_id)
    return await fork(visiting.services, visiting.person, case_id, body.at, body.changes)


@router.get("/cases/{case_id}/replay", summary="Replay a case from its record")
async def replay_case(case_id: Id, visiting: Visiting) -> dict[str, Any]:
    """For auditors. Carried out again in memory: no model or tool is asked, no effect performed, nothing written."""
    await visiting.member(AUDITORS)
    await visiting.case(case_id)
    return (await replay(await read_record(visiting.services, case_id))).told()
