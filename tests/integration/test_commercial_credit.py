"""Commercial credit from filing to countersigned offer, by playbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checkpoints.answers import Answer
from domain.approval import ApprovalRequest
from domain.case import CaseStatus
from domain.decision import Verb
from domain.errors import BadInput
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, deliver, opened, pending
from tests.fakes.companies import (
    FY2024,
    FY2025,
    WEAK2025,
    commentary,
    csv,
    filing,
    instance,
    statement,
    story,
)
from tests.fakes.people import OFFICER, SECOND_SENIOR_OFFICER, SENIOR_OFFICER

SMALL = {"loan_amount_cents": 500_000_00}
WEAK = instance({"2024-12-31": FY2024, "2025-12-31": WEAK2025})
REAL = (
    Path(__file__).resolve().parents[2].parent
    / "shared"
    / "data"
    / "credit"
    / "xbrl"
    / "aapl-20230930_htm.xml"
)


def value(request: ApprovalRequest, label: str) -> str:
    return next(each.value for each in request.packet.figures if each.label == label)


async def test_sound_company_is_countersigned_by_one_officer_and_booked_with_its_covenants(
    services: Services, bank: RunningBank
) -> None:
    case_id = await opened(services, story(**SMALL))
    request = await pending(services, case_id)
    assert (request.boundary, request.quorum, request.packet.missing) == ("offer", 1, ())
    assert (value(request, "dscr"), value(request, "risk grade")) == ("2.00x", "2")
    await decide(services, OFFICER, request)
    await advance(services, case_id)
    effects = {each["effect"]: each["read_back"] for each in await services.outbox.of_case(case_id)}
    booked = effects["book_offer"]
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert (booked["rate_bps"], booked["term_months"]) == (765, 60)
    assert booked["covenants"].startswith("Debt service coverage at least 1.50x, tested quarterly; ")


async def test_company_that_cannot_carry_the_loan_is_declined_and_told_in_its_own_name(
    services: Services, bank: RunningBank
) -> None:
    case_id = await opened(services, story(filing(WEAK), late=1))
    request = await pending(services, case_id)
    assert (request.candidate_groups, request.quorum) == (("senior_credit_officers", "chief_credit"), 2)
    await decide(services, SENIOR_OFFICER, request)
    await decide(services, SECOND_SENIOR_OFFICER, request)
    await advance(services, case_id)
    (notice,) = await services.outbox.of_case(case_id)
    body = notice["read_back"]["body"]
    assert (
        body["principal_reasons"][0] == "Cash flow of the business does not cover the debt service asked for"
    )
    assert body["addressed_to"] == ["tok_application_company_name"]
    assert "reasonable time" in body["timing"]  # 12 CFR 1002.9(a)(3)(ii): revenue above a million
    assert "credit_score" not in str(body)  # the guarantor's report is not the company's to read
    assert bank.counts()["loans_booked"] == 0


async def test_missing_filing_is_awaited_and_the_case_goes_on_when_it_comes(services: Services) -> None:
    case_id = await opened(services, story(commentary(), **SMALL))
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    assert await deliver(services, case_id, filing(), "filing-1")
    await advance(services, case_id)
    assert (await pending(services, case_id)).boundary == "offer"


async def test_one_year_alone_is_not_enough_and_the_year_before_is_awaited(services: Services) -> None:
    case_id = await opened(services, story(filing(instance({"2025-12-31": FY2025})), **SMALL))
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    before = statement(csv({"2024-12-31": FY2024}), prepared="reviewed")
    assert await deliver(services, case_id, before, "statement-1")
    await advance(services, case_id)
    assert value(await pending(services, case_id), "statement years") == "2"


async def test_commentary_that_nobody_judged_is_a_gap_for_two_officers(services: Services) -> None:
    case_id = await opened(services, story(filing(), commentary(), **SMALL))
    request = await pending(services, case_id)
    assert request.quorum == 2
    assert [line for line in request.packet.missing if "commentary fit the statements" in line]


async def test_sources_that_disagree_are_both_shown_and_the_weaker_one_counts(services: Services) -> None:
    case_id = await opened(services, story(late=2, **SMALL))
    request = await pending(services, case_id)
    (line,) = [each for each in request.packet.exceptions if "against statements" in each]
    assert "bureau: weak: lowest guarantor score 745, 2 late payments" in line
    assert "statements: sound: grade 2" in line
    assert line.endswith("Reconciled: the weaker view counts.")
    assert value(request, "risk grade") == "5"


async def test_large_difference_between_two_statements_is_escalated(services: Services) -> None:
    other = statement(csv({"2025-12-31": FY2025 | {"ebit": 1_200_000}}))
    case_id = await opened(services, story(filing(), other, **SMALL))
    request = await pending(services, case_id)
    assert "N1: refer" in request.packet.policy_rows
    (line,) = [each for each in request.packet.exceptions if "against" in each]
    assert "USD 1,700,000.00" in line
    assert "USD 1,200,000.00" in line
    assert line.endswith("Escalated: a person decides.")


async def test_filing_of_another_company_is_not_taken_for_the_applicants(services: Services) -> None:
    text = instance().replace("90-0000417", "90-0000999")
    request = await pending(services, await opened(services, story(filing(text), **SMALL)))
    assert "Q3: refer" in request.packet.policy_rows
    assert [line for line in request.packet.exceptions if "another tax number than the applicant's" in line]


async def test_edited_amount_is_rated_and_judged_as_a_new_action(services: Services) -> None:
    case_id = await opened(services, story(**SMALL))
    request = await pending(services, case_id)
    edit = Answer(Verb.EDIT, "less is enough", request.digest, None, {"principal_cents": 300_000_00})
    await services.desk.decide(OFFICER, request.id, edit)
    await advance(services, case_id)
    again = await pending(services, case_id)
    assert again.actions[0].args["principal_cents"] == 300_000_00
    assert value(again, "dscr") == "2.16x"
    assert value(again, "expected loss") == "USD 36.00"


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (filing("<xbrl"), r"file bridgeworks-10k\.xml, row 1: not XML"),
        (
            statement("period_end,account,amount\n2025-12-31,cash,1.00\n"),
            r"file bridgeworks\.csv, row 2, field account",
        ),
        (filing(filed_on="2027-01-01"), "field filed_on: 2027-01-01 lies in the future"),
    ],
)
async def test_document_that_cannot_be_read_is_refused_at_the_door_and_nothing_is_kept(
    services: Services, record: dict[str, str], says: str
) -> None:
    case_id = await opened(services, story(commentary(), **SMALL))
    held = len(await services.vault.values(case_id))
    with pytest.raises(BadInput, match=says):
        await deliver(services, case_id, record, "bad")
    assert len(await services.vault.values(case_id)) == held


async def test_document_lies_in_the_vault_and_neither_in_the_record_nor_in_a_checkpoint(
    services: Services,
) -> None:
    case_id = await opened(services, story(**SMALL))
    (row,) = await services.records.of_kind((case_id,), "financial_filing", services.clock.now())
    assert row["document"].startswith("tok_record_")
    stored = await services.database.rows(
        "select blob::text from checkpoint_blobs where thread_id = %s", case_id
    )
    assert stored
    assert not [
        each for each in stored if b"us-gaap".hex() in each["blob"] or "us-gaap:Assets" in each["blob"]
    ]


@pytest.mark.skipif(not REAL.exists(), reason="the real filing is not on this machine")
async def test_real_filing_goes_from_record_to_ratios(services: Services) -> None:
    text = REAL.read_text(encoding="utf-8")
    real = filing(text, file=REAL.name, filed_on=date(2023, 11, 3).isoformat())
    request = await pending(services, await opened(services, story(real, **SMALL)))
    assert (value(request, "current ratio"), value(request, "altman z")) == ("0.99x", "2.37x")
    assert "Q2: refer" in request.packet.policy_rows  # the statements are older than 18 months
