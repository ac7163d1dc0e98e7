"""``countersign demo`` as a process on a machine of its own: no network, no key, no database given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.command_line import Said, countersign, own_database

Case = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    with own_database(folder):
        yield folder


@pytest.fixture(scope="module")
def ran(home: Path) -> Said:
    return countersign(home, "demo", "--json")


@pytest.fixture(scope="module")
def cases(ran: Said) -> list[Case]:
    assert ran.code == 0, ran.err
    told: list[Case] = json.loads(ran.out)["cases"]
    return told


def test_four_applications_end_as_policy_and_people_decided(cases: list[Case]) -> None:
    assert [(each["kind"], each["outcome"], each["status"]) for each in cases] == [
        ("home_loan", "approved", "closed"),
        ("home_loan", "approved", "closed"),
        ("home_loan", "declined", "closed"),
        ("loan_amendment", "approved", "closed"),
    ]


def test_new_customers_are_known_before_credit_and_mortgage_begin(cases: list[Case]) -> None:
    at_once = ["kyc", "credit", "mortgage"]  # KYC of the known customer is activity alone
    assert [each["plan"][0] for each in cases] == [at_once, ["kyc"], ["kyc"], ["credit"]]


def test_every_loan_decision_is_countersigned_on_one_digest_by_as_many_as_it_takes(cases: list[Case]) -> None:
    assert [len({one["by"] for one in each["approvals"]}) for each in cases] == [1, 2, 1, 0]
    assert all(len({one["digest"] for one in each["approvals"]}) <= 1 for each in cases)
    assert {one["by"] for each in cases for one in each["approvals"]}.isdisjoint({"demo-advisor"})


def test_small_amendment_runs_on_standing_authority_alone(cases: list[Case]) -> None:
    (used,) = cases[3]["standing_authority"]
    assert (used["amount_cents"], cases[3]["approvals"]) == (3500, [])
    assert [each["standing_authority"] for each in cases[:3]] == [[], [], []]


def test_every_effect_has_a_receipt_and_was_read_back(cases: list[Case]) -> None:
    effects = [[effect["kind"] for effect in each["effects"]] for each in cases]
    booked = ["book_offer", "decision_notice", "register_entry"]
    assert effects == [booked, booked, booked[1:], ["amend_loan", "decision_notice"]]
    assert all(effect["receipt"] and effect["read_back"] for each in cases for effect in each["effects"])


def test_decline_notice_states_the_reason_really_used(cases: list[Case]) -> None:
    notice, entry = cases[2]["effects"]
    assert notice["read_back"]["body"]["principal_reasons"] == ["Excessive obligations in relation to income"]
    assert entry["read_back"]["entry"]["denial_1"] == "1"  # debt-to-income ratio


def test_letter_is_left_to_people_and_no_model_was_called(cases: list[Case]) -> None:
    assert cases[1]["gaps"] == ["judgement:letter_explains_income"]
    assert all(each["model_calls"] == 0 and each["produced_by"] == ["playbook"] for each in cases)


def test_every_ledger_verifies(cases: list[Case]) -> None:
    assert all(each["ledger"]["verified"] and each["ledger"]["events"] > 10 for each in cases)


def test_nothing_but_the_object_is_printed_and_every_process_stopped_by_itself(ran: Said, home: Path) -> None:
    assert (ran.code, ran.err) == (0, "")
    assert "runner_stopped" in (home / "runner.log").read_text()
    assert (home / "api.log").read_text() == ""


def test_demo_runs_again_on_the_same_machine_and_tells_its_story(ran: Said, home: Path) -> None:
    assert ran.code == 0
    again = countersign(home, "demo")
    assert again.code == 0, again.err
    assert "4 cases, 4 ledgers verified" in again.out
    assert "the maker of a request cannot check it" in " ".join(again.out.split())
    assert "make up" in again.out[-800:]
