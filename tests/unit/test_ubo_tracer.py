"""Ownership is resolved when every owner at the threshold and one control person are named."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from agents.contract import Conclusion, Evidence
from agents.kyc.ubo_tracer import SPECIALIST
from api.assembly import DEMO_LIST
from domain.errors import InvalidPolicy
from tests.fakes.context import assignment_for, codes, facts, run_playbook, run_tool
from tests.fakes.ownership import COMPANY, LISTED, company_case, holder, owned
from tools.ownership import TOOLS
from tools.screening.ofac_list import SanctionsList

DEMO = SanctionsList.load(DEMO_LIST)
TWO_LAYERS = owned(
    ("h2", "entity:1", 6000), ("h3", "entity:1", 4000), ("h4", "h2", 10_000), ("h1", "h4", 10_000),
    holders=(holder("h1"), holder("h2", "entity"), holder("h3"), holder("h4", "entity")),
    control_person="h3", explanation="The holding was set up for the purchase of the second quarry.",
)  # fmt: skip


async def traced(*records: Any, **more: Any) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, company_case(*records, sanctions=DEMO, **more))


async def structure(*records: Any, **more: Any) -> dict[str, Any]:
    return (await run_tool(TOOLS[0], company_case(*records, sanctions=DEMO, **more), {})).result


async def test_case_without_a_company_has_nothing_to_trace() -> None:
    concluded = await traced(company=None)
    assert facts(concluded) == {"ownership_resolved": True, "blocked_ownership": "clear"}
    assert (concluded.parties, concluded.gaps, concluded.flags) == ((), (), ())


async def test_company_without_an_ownership_record_is_open() -> None:
    concluded = await traced()
    assert facts(concluded) == {}
    assert [gap.needs for gap in concluded.gaps] == ["ownership_record"]


async def test_owners_behind_two_layers_become_parties_with_the_control_person() -> None:
    concluded = await traced(TWO_LAYERS)
    assert facts(concluded) == {"ownership_resolved": True, "blocked_ownership": "clear"}
    assert [(p.reference, p.role, p.reason) for p in concluded.parties] == [
        ("owner:h1", "beneficial_owner", "beneficial owner of entity:1 of 6000 basis points (indirect)"),
        ("owner:h3", "beneficial_owner", "beneficial owner of entity:1 of 4000 basis points (direct)"),
    ]
    assert concluded.asks == ("structure_has_purpose",)


async def test_signer_who_owns_is_not_found_a_second_time() -> None:
    signer = owned(("h1", "entity:1", 10_000), holders=(holder("h1", party="party:1"),), control_person="h1")
    assert (await traced(signer)).parties == ()
    assert (await structure(signer))["control_person"] == "party:1"


async def test_company_without_a_control_person_is_open() -> None:
    record = owned(("h1", "entity:1", 10_000), holders=(holder("h1"),))
    assert [gap.detail for gap in (await traced(record)).gaps] == [
        "no individual is named who controls the company"
    ]


async def test_control_person_without_a_share_is_a_party_too() -> None:
    record = owned(("h1", "entity:1", 10_000), holders=(holder("h1"), holder("h2")), control_person="h2")
    roles = {party.reference: party.role for party in (await traced(record)).parties}
    assert roles == {"owner:h1": "beneficial_owner", "owner:h2": "control_person"}


async def test_trust_stands_for_its_trustee_and_without_one_ownership_is_open() -> None:
    trust, trustee = holder("h1", "trust", trustee="h2"), holder("h2")
    named = owned(("h1", "entity:1", 10_000), holders=(trust, trustee), control_person="h2")
    unnamed = owned(("h1", "entity:1", 10_000), holders=(holder("h1", "trust"), trustee), control_person="h2")
    assert [(p.reference, p.role) for p in (await traced(named)).parties] == [
        ("owner:h2", "beneficial_owner")
    ]
    assert "names no trustee" in (await traced(unnamed)).gaps[0].detail


@pytest.mark.parametrize(
    ("first", "second", "resolved"), [(7600, 0, True), (7500, 0, False), (7400, 200, False)]
)
async def test_rest_that_could_lift_somebody_to_the_threshold_leaves_ownership_open(
    first: int, second: int, resolved: bool
) -> None:
    stakes = [("h1", "entity:1", first), *([("h2", "entity:1", second)] if second else [])]
    record = owned(*stakes, holders=(holder("h1"), holder("h2")), control_person="h1")
    assert (facts(await traced(record)) != {}) is resolved


@pytest.mark.parametrize(("kind", "owners"), [("listed_company", 0), ("nonprofit", 1), ("corporation", 2)])
async def test_prongs_that_apply_depend_on_the_type_of_entity(kind: str, owners: int) -> None:
    record = owned(("h1", "entity:1", 10_000), holders=(holder("h1"), holder("h2")), control_person="h2")
    found = await structure(record, company=COMPANY | {"entity_type": kind})
    assert (len(found["owners"]), found["problems"]) == (owners, [])


async def test_two_listed_minor_owners_block_the_company_together_and_hold_the_case() -> None:
    record = owned(
        ("h1", "entity:1", 2600), ("h2", "entity:1", 2400), ("h3", "entity:1", 5000),
        holders=(
            holder("h1", "entity"), holder("h2", birth_date="1961-02-14", country="CY"), holder("h3"),
        ), control_person="h3",
    )  # fmt: skip
    names = {"tok_h1": "NIGHTJAR DEMO TRADING LLC", "tok_h2": LISTED[0]}
    concluded = await traced(record, names=names)
    flags = {flag.code: flag for flag in concluded.flags}
    assert flags["blocked_ownership"].hold
    assert (
        "blocked by the 50 percent rule: 5000 basis points (owner:h1, owner:h2)"
        in flags["blocked_ownership"].detail
    )


async def test_listed_owner_below_half_holds_the_case_though_the_company_is_not_blocked() -> None:
    record = owned(
        ("h1", "entity:1", 1000), ("h2", "entity:1", 9000),
        holders=(holder("h1", birth_date="1961-02-14", country="CY"), holder("h2")), control_person="h2",
    )  # fmt: skip
    concluded = await traced(record, names={"tok_h1": LISTED[0]})
    assert facts(concluded)["blocked_ownership"] == "clear"
    assert [(flag.code, flag.hold) for flag in concluded.flags] == [("potential_sanctions_match", True)]


async def test_newer_record_replaces_the_older_one_as_a_whole() -> None:
    newer = owned(("h7", "entity:1", 10_000), holders=(holder("h7"),), control_person="h7")
    assert [party.reference for party in (await traced(TWO_LAYERS, newer)).parties] == ["owner:h7"]


async def test_book_without_a_threshold_resolves_nothing() -> None:
    with pytest.raises(InvalidPolicy, match="ubo_threshold_bps"):
        await traced(TWO_LAYERS, ubo_threshold_bps=0)


def test_nothing_is_concluded_when_no_tool_was_used() -> None:
    concluded = SPECIALIST.conclude(assignment_for(SPECIALIST, company_case()), Evidence(()))
    assert codes(concluded) == ("missing:ownership_record",)


@pytest.mark.parametrize(
    ("stakes", "holders", "more", "words"),
    [
        ([("h9", "entity:1", 1)], ["h1"], {}, "stakes row 1: owner h9 is no holder"),
        ([("h1", "h1", 1)], ["h1"], {}, "neither entity:1 nor an entity"),
        ([("h1", "entity:1", 9000), ("h2", "entity:1", 1001)], ["h1", "h2"], {}, "more than 10000"),
        ([], ["h1", "h1"], {}, "same id"),
        ([], ["h1"], {"control_person": "h2"}, "no individual among the holders"),
    ],
)
def test_contradictory_ownership_record_is_refused_with_its_row(
    stakes: list[tuple[str, str, int]], holders: list[str], more: dict[str, str], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        owned(*stakes, holders=tuple(holder(key) for key in holders), **more)
