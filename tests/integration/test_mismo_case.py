"""A MISMO 3.4 message with its records: from the file of a loan-origination system to the packet of an approver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.http.app import create_app
from api.settings import Settings
from checkpoints.ledger import OPS
from domain.approval import EvidencePacket
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, pending
from tests.fakes.front import Front, is_problem

FIXTURES = Path(__file__).parents[1] / "fixtures"
MESSAGE = (FIXTURES / "mismo_demo.xml").read_bytes()
RECORDS: list[dict[str, Any]] = json.loads((FIXTURES / "mismo_demo_records.json").read_text("utf-8"))


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock)), settings)


async def sent(front: Front, content: bytes, **headers: str) -> Any:
    """The message handed in by an advisor."""
    given = {"content-type": "application/xml", "idempotency-key": "mismo-1"} | headers
    return await front.ask("advisor", "POST", "/v1/mismo", content=content, headers=given)


async def at_its_boundary(front: Front, services: Services) -> tuple[str, EvidencePacket]:
    """The case with all its records, moved until somebody is asked."""
    case_id = (await sent(front, MESSAGE)).json()["id"]
    for number, record in enumerate(RECORDS):
        body = {"event_id": f"feed-{number}", "record": record}
        answer = await front.ask("record-feed", "POST", f"/v1/cases/{case_id}/records", json=body)
        assert answer.status_code == 201, answer.text
    await advance(services, case_id)
    return case_id, (await pending(services, case_id)).packet


async def test_the_packet_shows_figures_of_income_collateral_and_market(
    front: Front, services: Services
) -> None:
    _, packet = await at_its_boundary(front, services)
    figures = {line.label: line.value for line in packet.figures}
    shown = {
        "monthly income": "USD 7,400.00",  # base pay and three quarters of the rent
        "rental income": "USD 900.00",
        "variable income": "USD 0.00",
        "income shortfall": "7.50 %",
        "employment gap days": "61",
        "employment history": "documented",
        "appraised value": "USD 385,000.00",  # the lower of two that disagree
        "valuation confidence": "weak",
        "ltv": "77.92 %",
        "cltv": "78.96 %",  # with the open tax lien
        "property type": "condominium",
        "title status": "encumbered",
    }
    assert {label: figures.get(label) for label in shown} == shown
    assert figures["county concentration"].startswith("above_limit")


async def test_the_packet_shows_every_contradiction_and_what_does_not_count(
    front: Front, services: Services
) -> None:
    _, packet = await at_its_boundary(front, services)
    told = "\n".join(packet.exceptions)
    assert "overtime of party:1 has too short a history on record; it does not count" in told
    assert "from 2025-04-01 to 2025-05-31: 61 days (2 months)" in told
    assert "appraisal of 2026-02-27: USD 385,000.00 and avm by demo-avm" in told
    assert "open liens of record (tax) of USD 4,000.00" in told
    assert "31.00 % of the bank's mortgages stand in county 19153, limit 25.00 %" in told
    assert "the price is USD 15,000.00 above the valuation" in told


async def test_the_approver_is_asked_under_the_conditions_of_the_book(
    front: Front, services: Services
) -> None:
    _, packet = await at_its_boundary(front, services)
    for condition in (
        "Receipt of rent documented before documents",
        "Gap in employment explained in writing before documents",
        "Condominium project reviewed before funding",
        "Second valuation before documents",
        "Liens of record released or subordinated before funding",
        "Concentration in the county accepted by credit risk before documents",
    ):
        assert condition in packet.asked
    assert any("no letter explains" in line for line in packet.missing)


async def test_neither_case_nor_ledger_holds_a_name_a_number_or_an_employer(
    front: Front, services: Services
) -> None:
    case_id, packet = await at_its_boundary(front, services)
    seen = (await front.ask("advisor", "GET", f"/v1/cases/{case_id}")).text + packet.model_dump_json()
    seen += "".join(str(entry.body) for entry in await services.ledger.entries(case_id))
    for value in ("WINTERBOURNE", "900-00-0021", "Example Terrace", "FOUNDRY", "Foundry", "MILLS"):
        assert value not in seen


async def test_the_same_message_again_opens_no_second_case(front: Front) -> None:
    first, again = await sent(front, MESSAGE), await sent(front, MESSAGE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


async def test_a_message_that_cannot_be_taken_names_file_path_and_remedy_and_keeps_nothing(
    front: Front,
) -> None:
    broken = MESSAGE.replace(b"<FIPSCountyCode>153</FIPSCountyCode>", b"")
    answer = await sent(front, broken, **{"x-file-name": "loan 7.xml"})
    assert is_problem(answer, 422, "bad_input")
    assert answer.json()["file"] == "loan 7.xml"
    assert answer.json()["field"].endswith("FIPS_INFORMATION/FIPSCountyCode")
    assert answer.json()["remedy"]
    assert (await front.ask("advisor", "GET", "/v1/cases")).json() == []


async def test_a_message_with_a_document_type_is_refused_at_the_door(front: Front) -> None:
    hostile = b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]><MESSAGE>&x;</MESSAGE>'
    answer = await sent(front, hostile)
    assert is_problem(answer, 422, "bad_input")
    assert "DOCTYPE" in answer.json()["remedy"]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
async def test_only_xml_is_taken_there(front: Front, kind: str) -> None:
    assert is_problem(await sent(front, MESSAGE, **{"content-type": kind}), 415, "unsupported_media_type")


async def test_only_advisors_hand_in_a_message_and_the_attempt_is_recorded(
    front: Front, services: Services
) -> None:
    headers = {"content-type": "application/xml", "idempotency-key": "mismo-1"}
    answer = await front.ask("underwriter-1", "POST", "/v1/mismo", content=MESSAGE, headers=headers)
    assert is_problem(answer, 403, "forbidden")
    refused = [entry for entry in await services.ledger.entries(OPS) if entry.kind == "attempt_refused"]
    assert refused[-1].body["action"] == "POST /v1/mismo"
