"""Moments of a case over HTTP: list, show, fork, replay, migrate. Reading never changes the original."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from api.http.access import Id, Visiting, governed
from api.reasons import kept_in
from domain.case import Case
from domain.finding import Fact
from domain.identity import Record
from domain.person import AUDITORS
from graphs.time_machine import (
    Instead,
    compare,
    fork,
    history,
    migrate,
    preview,
    read_record,
    replay,
    show,
)

router = governed("time travel")
Number = Annotated[int, Path(ge=1, le=100_000)]


Version = Annotated[int, Path(ge=1, le=10_000)]
Role = Annotated[str, Query(max_length=100, description="a group, or maker: what its people saw then")]
MIGRATES = ("sre",)


class Why(Record):
    """Why a case is migrated."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class WhatIf(Record):
    """From which moment, with what changed: facts, the book, the model, what people decide at a boundary."""

    at: Annotated[int, Field(ge=1, le=100_000)]
    changes: Annotated[dict[str, Fact], Field(alias="set", max_length=20, default_factory=dict)]
    policy: Annotated[str | None, Field(max_length=200)] = None
    model: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    decide: Annotated[dict[str, str], Field(max_length=3, default_factory=dict)]


@router.get("/cases/{case_id}/moments", summary="List the moments of a case")
async def moments(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """Oldest first, in plain words."""
    await visiting.case(case_id)
    return [asdict(moment) for moment in await history(visiting.services, case_id)]


@router.get("/cases/{case_id}/moments/{number}", summary="Show what was known at a moment")
async def moment(case_id: Id, number: Number, visiting: Visiting, role: Role = "") -> dict[str, Any]:
    """Facts with sources, findings, gaps, decision and what was waited for; as a role saw it, for auditors."""
    await visiting.case(case_id)
    if role:
        await visiting.member(AUDITORS)
    return await show(visiting.services, case_id, number, role)


@router.post("/cases/{case_id}/forks", summary="Fork a what-if copy", status_code=201)
async def fork_case(case_id: Id, body: WhatIf, visiting: Visiting) -> Case:
    """A simulation of its own: the original never moves, nobody is asked, effects are impossible."""
    await visiting.case(case_id)
    instead = Instead(body.policy, body.model, body.decide)
    return await fork(visiting.services, visiting.person, case_id, body.at, body.changes, instead)


@router.get("/cases/{case_id}/comparisons/{copy_id}", summary="A case and its what-if copy side by side")
async def comparison(case_id: Id, copy_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Findings, facts, route, outcome and money of both, and the names of what differs."""
    await visiting.case(case_id)
    await visiting.case(copy_id)
    return asdict(await compare(visiting.services, case_id, copy_id))


@router.get("/cases/{case_id}/replay", summary="Replay a case from its record")
async def replay_case(case_id: Id, visiting: Visiting) -> dict[str, Any]:
    """For auditors. Carried out again in memory: no model or tool is asked, no effect performed, nothing written."""
    await visiting.member(AUDITORS)
    await visiting.case(case_id)
    return (await replay(await read_record(visiting.services, case_id))).told()


@router.get("/cases/{case_id}/migrations/{version}", summary="Preview a migration of a case")
async def preview_migration(case_id: Id, version: Version, visiting: Visiting) -> dict[str, Any]:
    """What would change if the case went on by another version of its workflow; nothing does yet."""
    await visiting.member(*MIGRATES, AUDITORS)
    return asdict(await preview(visiting.services, case_id, version))


@router.post(
    "/cases/{case_id}/migrations/{version}", summary="Migrate a case to another version of its workflow"
)
async def migrate_case(case_id: Id, version: Version, body: Why, visiting: Visiting) -> dict[str, Any]:
    """409 where the case has ended or stands before a step that the other version does not have."""
    await visiting.member(*MIGRATES)
    reason = await kept_in(visiting.services, case_id, body.reason)
    return asdict(await migrate(visiting.services, visiting.person, case_id, version, reason))
