"""Ownership in whole onboardings: aggregate of listed owners, chains, loops, control; what a clearance covers."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from api.demo.stories import Story
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services, install
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.onboarding import LISTED_NAME, NOT_THE_LISTED, alone, company, ownership
from tests.fakes.people import COMPLIANCE, SECOND_COMPLIANCE
from tools.screening.ofac_list import SanctionsList

DEMO_LIST = Path(__file__).resolve().parents[2] / "tools" / "screening" / "demo_list"
QUIET = ("Ellis DEMO MARLOWE", "1979-02-14")  # on no list
SIGNER = {
    "id": "h6",
    "kind": "individual",
    "name": "ROWAN DEMO ASHDOWN",
    "birth_date": "1984-05-20",
    "party": "party:1",
}
CHIEFTAIN = {"id": "h1", "kind": "individual", "name": "WREN DEMO THORNBURY", "birth_date": "1969-11-30"}
UPPER = {"id": "h2", "kind": "entity", "name": "DEMO UPPER HOLDING INC"}
MIDDLE = {"id": "h4", "kind": "entity", "name": "DEMO MIDDLE HOLDING INC"}


def owned(today: date, holders: tuple[dict[str, Any], ...], *stakes: tuple[str, str, int]) -> Story:
    """Demo Quarry LLC with this structure; its first holder controls it."""
    story = company(today, owner=QUIET)
    structure = ownership(today, QUIET) | {
        "holders": list(holders),
        "stakes": [{"owner": owner, "owned": of, "share_bps": share} for owner, of, share in stakes],
        "control_person": holders[0]["id"],
    }
    kept = tuple(each for each in story.records if each["kind"] != "ownership_record")
    return replace(story, records=(*kept, structure))


async def cleared(services: Services, story: Story, key: str = "key") -> str:
    """A case whose match two officers cleared."""
    request = await pending(services, await opened(services, story, key))
    await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    await advance(services, request.case_id)
    return request.case_id


async def test_listed_owners_who_reach_half_together_end_in_a_countersigned_exit(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    anatoly = {"id": "h7", "kind": "individual", "name": LISTED_NAME, "birth_date": "1961-02-14"}
    milena = {"id": "h8", "kind": "individual", "name": "Milena OSTROVNAYA DEMO", "birth_date": "1975-03-01"}
    group = {"id": "h9", "kind": "entity", "name": "QUILLFEATHER DEMO HOLDINGS S.A.", "country": "PA"}
    stakes = [(each, "entity:1", 2_000) for each in ("h7", "h8", "h9")]
    story = owned(today, (SIGNER, anatoly, milena, group), *stakes, ("h6", "entity:1", 4_000))
    request = await pending(services, await opened(services, story))
    assert request.boundary == "compliance"
    assert any(
        "entity:1 is blocked by the 50 percent rule: 6000 basis points (owner:h7, owner:h8, owner:h9)" in line
        for line in request.packet.exceptions
    )
    await decide(services, COMPLIANCE, request, Verb.REJECT)
    await advance(services, request.case_id)
    leaving = await pending(services, request.case_id)
    assert (leaving.candidate_groups, leaving.quorum) == (("compliance",), 2)
    for officer in (COMPLIANCE, SECOND_COMPLIANCE):
        await decide(services, officer, leaving)
    await advance(services, request.case_id)
    assert (await services.cases.get(request.case_id)).outcome == "declined"


async def test_listed_owner_behind_a_loop_of_holdings_blocks_the_company(
    services: Services, clock: SetClock
) -> None:
    anatoly = CHIEFTAIN | {"name": LISTED_NAME, "birth_date": "1961-02-14"}
    stakes = (("h1", "h2", 6_000), ("h4", "h2", 4_000), ("h2", "h4", 10_000), ("h4", "entity:1", 10_000))
    story = owned(clock.now().date(), (SIGNER, anatoly, UPPER, MIDDLE), *stakes)
    request = await pending(services, await opened(services, story))
    assert request.boundary == "compliance"
    assert any(
        "blocked by the 50 percent rule: 10000 basis points" in each for each in request.packet.exceptions
    )


async def test_owner_behind_a_loop_is_identified_and_the_loop_is_left_to_a_person(
    services: Services, clock: SetClock
) -> None:
    stakes = (("h1", "h2", 6_000), ("h4", "h2", 4_000), ("h2", "h4", 10_000), ("h4", "entity:1", 10_000))
    story = owned(clock.now().date(), (SIGNER, CHIEFTAIN, UPPER, MIDDLE), *stakes)
    case_id = await opened(services, story)
    (found,) = await bodies(services, case_id, "party_found")
    assert (found["reference"], found["reason"]) == (
        "owner:h1",
        "beneficial owner of entity:1 of 10000 basis points (indirect)",
    )
    packet = (await pending(services, case_id)).packet
    assert any("holdings lead back to where they began" in line for line in packet.exceptions)
    assert any("lawful business purpose" in line for line in packet.missing)


async def test_control_person_without_a_share_gets_kyc_like_an_owner(
    services: Services, clock: SetClock
) -> None:
    manager = {"id": "h5", "kind": "individual", "name": QUIET[0], "birth_date": QUIET[1]}
    story = owned(clock.now().date(), (manager, SIGNER), ("h6", "entity:1", 10_000))
    case_id = await opened(services, story)
    (found,) = await bodies(services, case_id, "party_found")
    assert (found["reference"], found["role"]) == ("owner:h5", "control_person")
    looked = [each["specialists"] for each in await bodies(services, case_id, "assignment_opened")]
    assert [sorted(each) for each in looked] == [
        ["document_verifier", "sanctions_screener", "ubo_tracer"],
        ["document_verifier", "filing_preparer", "risk_rater", "sanctions_screener"],
    ]
    another = replace(story, records=tuple(each for each in story.records if each.get("party") != "owner:h5"))
    waiting = await opened(services, another, "without a document")
    assert (await services.cases.get(waiting)).status == "waiting_event"


async def test_cleared_owner_who_is_found_in_a_later_case_is_not_held_again(
    services: Services, clock: SetClock
) -> None:
    first = await cleared(services, company(clock.now().date()))
    again = await pending(services, await opened(services, company(clock.now().date()), "again"))
    assert again.boundary == "offer"
    assert any(f"cleared before by {first}.compliance.1" in line for line in again.packet.exceptions)


async def test_hit_comes_back_when_its_own_entry_changed_and_not_when_another_did(
    services: Services, clock: SetClock, tmp_path: Path
) -> None:
    story = alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED)
    await cleared(services, story)
    other = on_list(services, tmp_path / "other", "9900003,", "Invented entry", "Altered entry")
    assert (await pending(other, await opened(other, story, "other"))).boundary == "offer"
    own = on_list(services, tmp_path / "own", "9900002,", "alt. DOB 1962", "alt. DOB 1963")
    back = await pending(own, await opened(own, story, "own"))
    assert back.boundary == "compliance"
    assert any("9900002" in line for line in back.packet.exceptions)


def on_list(services: Services, folder: Path, entry: str, old: str, new: str) -> Services:
    """The services with another vintage of the list: one entry reads otherwise."""
    shutil.copytree(DEMO_LIST, folder)
    file = folder / "sdn.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert any(line.startswith(entry) and old in line for line in lines)
    changed = [line.replace(old, new) if line.startswith(entry) else line for line in lines]
    file.write_text("".join(changed), encoding="utf-8")
    lists = {**services.lists, "sanctions": SanctionsList.load(folder)}
    equipped = replace(services, lists=lists)
    install(equipped)
    return equipped
