"""A case goes out as one archive that is verified without us; only auditors take it, and it is recorded."""

from __future__ import annotations

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.exporting import export
from api.http.app import create_app
from api.settings import Settings
from audit import verify
from checkpoints.ledger import OPS
from domain.clock import SetClock
from domain.errors import Conflict
from domain.person import Person
from graphs.services import Services
from tests.fakes.casework import advance, bodies, decide, key_destroyed, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import UNDERWRITER

AUDITOR = Person("auditor-1", groups=frozenset({"auditors"}))


async def closed(services: Services, clock: SetClock) -> str:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    return case_id


async def test_archive_of_a_case_is_verified_without_us_and_with_its_key_destroyed(
    services: Services, clock: SetClock
) -> None:
    case_id, key = await closed(services, clock), str(services.anchors.key)
    case = await services.cases.get(case_id)
    first = await export(services, AUDITOR, case)
    await key_destroyed(services, case_id)
    again = await export(services, AUDITOR, case)
    assert verify.verify(first.content, key).startswith(f"{case_id}: ")
    assert first.content == again.content
    assert [body["case"] for body in await bodies(services, OPS, "record_exported")] == [case_id] * 1


async def test_export_names_nobody_and_holds_what_was_decided(services: Services, clock: SetClock) -> None:
    case_id = await closed(services, clock)
    content = (await export(services, AUDITOR, await services.cases.get(case_id))).content
    names = [value for _, value in (await services.vault.values(case_id)).values() if len(value) > 5]
    assert [name for name in names if name.encode() in content] == []
    assert b"underwriter-1" in verify.unpack(content)["dossier.md"]


async def test_record_that_does_not_verify_is_not_exported(services: Services, clock: SetClock) -> None:
    case_id = await closed(services, clock)
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.effects set receipt = 'forged'")
    with pytest.raises(Conflict, match=r"effect/.* not as event"):
        await export(services, AUDITOR, await services.cases.get(case_id))


async def test_only_auditors_take_the_record_away(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = await closed(services, clock)
    assert is_problem(await front.ask("advisor", "GET", f"/v1/cases/{case_id}/export"), 403, "forbidden")
    taken = await front.ask("auditor", "GET", f"/v1/cases/{case_id}/export")
    key = (await front.ask("auditor", "GET", "/v1/record/key")).json()["key"]
    assert verify.verify(taken.content, key).startswith(case_id)
    everything = (await front.ask("auditor", "GET", "/v1/record/verification")).json()
    assert (everything["verified"], everything["flaws"], everything["streams"] >= 1) == (True, [], True)
