"""Decision notices: due day, factors really used, equal credit opportunity, written once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.approval import Action
from domain.effect import EffectOrder
from domain.errors import Refused
from tools.notices import SQL, DecisionNotice

NOW = "2026-03-20T09:00:00+00:00"
BASE: dict[str, int | str | bool] = {
    "notice": "adverse_action", "application_date": "2026-03-02",
    "creditor": "Demo Bank, 1 Demo Street, Demo City",
    "borrowers": "tok_application_borrowers_0_name;tok_application_borrowers_1_name",
    "agency": "the Demo Agency, 2 Demo Street, Demo City",
    "reasons": "Excessive obligations in relation to income; Bankruptcy",
}  # fmt: skip
REASON = "The appraisal does not support the price."


class Found:
    def __init__(self, row: dict[str, Any] | None = None, rowcount: int = 0) -> None:
        self._row, self.rowcount = row, rowcount

    async def fetchone(self) -> dict[str, Any] | None:
        return self._row


class Notices:
    """Stands for the connection: the table of notices, and rejections by approval and case."""

    def __init__(self, rejections: dict[tuple[str, str], dict[str, Any]] | None = None) -> None:
        self.rows: list[dict[str, Any]] = []
        self._rejections = rejections or {}

    async def execute(self, query: str, values: tuple[Any, ...]) -> Found:
        if query == SQL["rejection"]:
            decision = self._rejections.get((values[0], values[1]))
            return Found({"decision": decision} if decision else None)
        if query == SQL["by_key"]:
            return Found(next((row for row in self.rows if row["key"] == values[0]), None))
        assert query == SQL["insert"]
        case_id, notice, key, due_on, body, _ = values
        if any((row["case_id"], row["notice"]) == (case_id, notice) for row in self.rows):
            return Found()
        row = {"case_id": case_id, "notice": notice, "key": key}
        self.rows.append(row | {"due_on": due_on.isoformat(), "body": json.loads(body)})
        return Found(rowcount=1)


def rejection(code: str | None = None) -> Notices:
    decision = {
        "approval_id": "case-7/offer/1", "person": "demo-underwriter", "verb": "reject", "reason": REASON,
        "reason_code": code, "digest": "d", "at": NOW,
    }  # fmt: skip
    return Notices({("case-7/offer/1", "case-7"): decision})


async def write(into: Any, now: str = NOW, key: str = "key-1", case: str = "case-7", **args: Any) -> str:
    adverse = bool(args.pop("adverse", True))
    action = Action(name="decision_notice", args=BASE | args, adverse=adverse)
    order = EffectOrder(case_id=case, step="notify", action=action, key=key)
    return await DecisionNotice().perform_in(into, order, now)


async def body(into: Notices, **args: Any) -> dict[str, Any]:
    await write(into, **args)
    return dict(into.rows[0]["body"])


async def test_adverse_action_is_due_thirty_days_after_the_application() -> None:
    notices = Notices()
    assert await write(notices) == "case-7/adverse_action"
    assert notices.rows[0]["due_on"] == "2026-04-01"
    assert notices.rows[0]["body"]["late"] is False


async def test_notice_after_its_due_day_is_still_written_and_marked_late() -> None:
    assert (await body(Notices(), now="2026-04-01T23:59:00+00:00"))["late"] is False
    assert (await body(Notices(), now="2026-04-02T00:00:00+00:00"))["late"] is True


async def test_adverse_action_gives_the_reasons_used_and_the_equal_credit_notice() -> None:
    said = await body(Notices())
    assert said["principal_reasons"] == ["Excessive obligations in relation to income", "Bankruptcy"]
    assert said["statement"] == "We are unable to grant your application of 2026-03-02."
    assert said["equal_credit_notice"].startswith("The Federal Equal Credit Opportunity Act prohibits")
    assert said["equal_credit_notice"].endswith("is the Demo Agency, 2 Demo Street, Demo City.")


async def test_every_borrower_is_addressed_by_token() -> None:
    assert (await body(Notices()))["addressed_to"] == str(BASE["borrowers"]).split(";")


@pytest.mark.parametrize("reasons", ["", " ; ", "a;b;c;d;e"])
async def test_adverse_action_without_reasons_or_with_five_is_refused(reasons: str) -> None:
    with pytest.raises(Refused, match="1 to 4 principal reasons"):
        await write(Notices(), reasons=reasons)


async def test_reason_given_twice_counts_once() -> None:
    assert (await body(Notices(), reasons="a;b;c;d;a"))["principal_reasons"] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("reason", ["Our internal standards", "Failed to achieve a qualifying score"])
async def test_internal_standards_and_scores_are_no_specific_reason(reason: str) -> None:
    with pytest.raises(Refused, match="no specific reason"):
        await write(Notices(), reasons=reason)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(None, REASON), ("unlisted", REASON), ("collateral", "Value or type of collateral not sufficient")],
)
async def test_rejection_by_a_person_gives_that_persons_reason_alone(code: str | None, reason: str) -> None:
    wordings = "collateral=Value or type of collateral not sufficient; bankruptcy=Bankruptcy"
    said = await body(rejection(code), reasons_from="case-7/offer/1", wordings=wordings)
    assert said["principal_reasons"] == [reason]
    assert said["reasons_source"] == "approval:case-7/offer/1"


@pytest.mark.parametrize(("approval", "case"), [("case-7/offer/2", "case-7"), ("case-7/offer/1", "case-8")])
async def test_reason_of_another_approval_or_case_is_refused(approval: str, case: str) -> None:
    with pytest.raises(Refused, match="nobody rejected"):
        await write(rejection(), reasons_from=approval, case=case)


async def test_adverse_notice_in_an_action_that_is_not_marked_adverse_is_refused() -> None:
    with pytest.raises(Refused, match="marked adverse"):
        await write(Notices(), adverse=False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("notice", "denial"), ("application_date", "soon"), ("creditor", ""), ("borrowers", "Jane Demo"),
     ("agency", "")],
)  # fmt: skip
async def test_incomplete_notice_is_refused_and_a_real_name_is_not_repeated(field: str, value: str) -> None:
    wrong: dict[str, Any] = {field: value}
    with pytest.raises(Refused, match=field) as refusal:
        await write(Notices(), **wrong)
    assert "Jane" not in str(refusal.value)


AGENCY = "Demo Credit Bureau, 2 Demo Street, 1-800-555-0199"
REPORT: dict[str, Any] = {
    "reporting_agencies": AGENCY, "credit_score": 655, "credit_score_party": "party:1",
    "credit_score_on": "2026-03-01", "credit_score_from": 300, "credit_score_to": 850,
    "credit_score_factors": "Debts are high; Short history; Number of inquiries on the consumer report",
}  # fmt: skip


async def test_consumer_report_used_is_told_with_its_agency_and_the_applicants_rights() -> None:
    told = (await body(Notices(), **REPORT))["consumer_report"]
    assert told["agencies"] == [AGENCY]
    assert "did not make this decision" in told["statement"]
    assert "free copy" in told["rights"]
    assert "60 days" in told["rights"]
    assert "dispute" in told["rights"]


async def test_score_used_is_told_with_its_day_range_and_key_factors() -> None:
    told = (await body(Notices(), **REPORT))["consumer_report"]["score"]
    assert (told["score"], told["of"], told["created_on"]) == (655, "party:1", "2026-03-01")
    assert told["range"] == [300, 850]
    assert told["key_factors"] == REPORT["credit_score_factors"].split("; ")


async def test_report_without_a_score_is_told_without_one() -> None:
    assert "score" not in (await body(Notices(), reporting_agencies=AGENCY))["consumer_report"]


async def test_without_a_consumer_report_nothing_is_said_of_one() -> None:
    assert "consumer_report" not in await body(Notices())


@pytest.mark.parametrize(
    "left_out", [name for name in REPORT if name not in ("credit_score", "credit_score_party")]
)
async def test_half_told_score_is_refused_and_nothing_is_written(left_out: str) -> None:
    notices, told = Notices(), {name: value for name, value in REPORT.items() if name != left_out}
    with pytest.raises(Refused, match="credit score"):
        await write(notices, **told)
    assert notices.rows == []


async def test_six_key_factors_are_refused() -> None:
    with pytest.raises(Refused, match="5 if inquiries is one"):
        await write(Notices(), **(REPORT | {"credit_score_factors": "a;b;c;d;e;f"}))


@pytest.mark.parametrize("notice", ["approval", "amendment_confirmation"])
async def test_favourable_notice_needs_no_reasons_and_gives_none(notice: str) -> None:
    said = await body(Notices(), notice=notice, reasons="", agency="", adverse=False)
    assert said.keys() == {"statement", "creditor", "addressed_to", "application_date", "late"}


@pytest.mark.parametrize(
    ("notice", "days", "due"), [("reversal", 20, "2026-04-05"), ("adverse_action", 30, "2026-04-15")]
)
async def test_what_was_done_to_an_existing_account_is_told_within_days_of_that(
    notice: str, days: int, due: str
) -> None:
    notices = Notices()
    said = await body(notices, notice=notice, action_date="2026-03-16", within_days=days)
    assert notices.rows[0]["due_on"] == due
    assert said["statement"].startswith("We have reversed on 2026-03-16")


async def test_same_order_writes_one_notice_and_another_order_is_refused() -> None:
    notices = Notices()
    assert [await write(notices) for _ in range(2)] == ["case-7/adverse_action"] * 2
    with pytest.raises(Refused, match="another order"):
        await write(notices, key="key-2")
    assert len(notices.rows) == 1
