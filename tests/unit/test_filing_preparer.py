"""What activity makes due with the authorities: more than 10,000, both directions apart, and by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contract import Conclusion, Evidence
from agents.kyc.filing_preparer import SPECIALIST
from domain.errors import InvalidPolicy
from domain.records.activity import ActivityAlert, CashTransaction
from graphs.catalog import VOCABULARY
from policies.loader import shipped
from tests.fakes.context import AS_OF, assignment_for, codes, facts, run_playbook, run_tool, tool_context
from tools.contract import ToolContext
from tools.currency import BelowPattern, Cash, day_totals, patterns_below, reportable
from tools.filings import TOOLS

BOOK = next(each for each in shipped(VOCABULARY) if each.rules.kind == "kyc_onboarding")
RULES = BOOK.on(date(2026, 3, 2)).parameters


def paid(
    cents: int, day: str = "2026-02-20", direction: str = "in", party: str = "party:1"
) -> CashTransaction:
    return CashTransaction.model_validate(
        {
            "kind": "cash_transaction",
            "party": party,
            "booked_on": day,
            "direction": direction,
            "amount_cents": cents,
        }
    )


def alert(cents: int, basis: str = "fraud", party: str | None = "party:1", **more: Any) -> ActivityAlert:
    body = {
        "kind": "activity_alert",
        "reference": "AL-7",
        "party": party,
        "basis": basis,
        "detected_on": "2026-02-20",
        "first_on": "2026-01-05",
        "last_on": "2026-02-10",
        "amount_cents": cents,
        "instrument": "wire",
        "branch": "B-12",
        "observed": "Four wires to a supplier that nobody can find.",
    }
    return ActivityAlert.model_validate(body | more)


def a_case(*records: Any) -> ToolContext:
    return tool_context(*records, parameters=RULES, inputs={"kyc_risk": "low"})


async def reviewed(*records: Any) -> dict[str, Any]:
    return (await run_tool(TOOLS[0], a_case(*records), {})).result


async def prepared(*records: Any) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, a_case(*records))


async def test_case_without_activity_is_clear() -> None:
    concluded = await prepared()
    assert facts(concluded) == {"activity_review": "clear"}
    assert codes(concluded) == concluded.asks == ()


@pytest.mark.parametrize(
    ("amounts", "reports"),
    [((1_000_000,), 0), ((1_000_001,), 1), ((600_000, 400_000), 0), ((600_000, 400_001), 1)],
)
async def test_currency_of_a_business_day_is_reported_above_ten_thousand_and_not_at_it(
    amounts: tuple[int, ...], reports: int
) -> None:
    found = await reviewed(*(paid(each) for each in amounts))
    assert len(found["currency_reports"]) == reports


async def test_cash_in_and_cash_out_days_and_parties_are_never_added() -> None:
    found = await reviewed(
        paid(900_000),
        paid(900_000, direction="out"),
        paid(900_000, "2026-01-05"),
        paid(900_000, party="party:2"),
    )
    assert found["currency_reports"] == []


async def test_currency_report_is_due_in_fifteen_days_and_says_when_it_is_late() -> None:
    (report,) = (await reviewed(paid(1_500_000, "2026-02-14")))["currency_reports"]
    assert (report["due_on"], report["overdue"]) == ("2026-03-01", True)
    assert "OVERDUE" in (await prepared(paid(1_500_000, "2026-02-14"))).flags[0].detail


@pytest.mark.parametrize(
    ("cents", "basis", "party", "rules"),
    [
        (1, "insider_abuse", None, ["insider"]),
        (499_999, "fraud", "party:1", []),
        (500_000, "fraud", "party:1", ["suspect_known"]),
        (2_499_999, "fraud", None, []),
        (2_500_000, "fraud", None, ["no_suspect"]),
        (500_000, "money_laundering", None, ["bsa_or_no_lawful_purpose"]),
    ],
)
async def test_draft_is_made_from_the_amount_of_the_rule_on(
    cents: int, basis: str, party: str | None, rules: list[str]
) -> None:
    found = await reviewed(alert(cents, basis, party))
    assert [each["rules"] for each in found["drafts"]] == ([rules] if rules else [])
    assert found["below_threshold"] == ([] if rules else ["AL-7"])


@pytest.mark.parametrize(("party", "due"), [("party:1", "2026-03-22"), (None, "2026-04-21")])
async def test_draft_is_due_in_thirty_days_and_in_sixty_without_a_suspect(
    party: str | None, due: str
) -> None:
    (draft,) = (await reviewed(alert(3_000_000, party=party)))["drafts"]
    assert draft["due_on"] == due


async def test_draft_answers_who_what_when_where_why_and_how_with_references_only() -> None:
    (draft,) = (await reviewed(alert(3_000_000)))["drafts"]
    assert draft["who"] == "party:1"
    assert draft["what"] == "USD 30,000.00 by wire"
    assert draft["when"] == "2026-01-05 to 2026-02-10"
    assert (draft["where"], draft["why"]) == ("B-12", "fraud")
    assert draft["how"] == "Four wires to a supplier that nobody can find."


async def test_days_that_stay_below_and_together_exceed_make_a_draft_that_asks_for_an_explanation() -> None:
    days = [paid(900_000, f"2026-02-{day}") for day in (10, 12, 13)]
    concluded = await prepared(*days)
    assert facts(concluded) == {"activity_review": "open"}
    assert concluded.asks == ("activity_explained",)
    (held,) = concluded.flags
    assert held.hold
    assert "USD 27,000.00 in currency paid in on 3 business days" in held.detail


@pytest.mark.parametrize(
    "days",
    [
        [(900_000, "10"), (900_000, "12")],  # too few
        [(200_000, "10"), (900_000, "12"), (900_000, "13")],  # one too small to count
        [(900_000, "01"), (900_000, "12"), (900_000, "25")],  # too far apart
        [(1_100_000, "10"), (900_000, "12"), (900_000, "13")],  # one is reported
    ],
)
async def test_other_days_make_no_pattern(days: list[tuple[int, str]]) -> None:
    found = await reviewed(*(paid(cents, f"2026-02-{day}") for cents, day in days))
    assert found["drafts"] == []


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["in", "out"]), st.integers(1, 1_200_000)), max_size=20
    )
)
def test_totals_lose_nothing_and_no_pattern_day_is_reportable(rows: list[tuple[int, str, int]]) -> None:
    cash = [Cash("party:1", date(2026, 2, 1) + timedelta(days=d), w, c) for d, w, c in rows]  # type: ignore[arg-type]
    totals = day_totals(cash)
    bounds = BelowPattern(1_000_000, 300_000, 10, 2)
    assert sum(each.cents for each in totals) == sum(each.cents for each in cash)
    over = {(each.day, each.direction) for each in reportable(totals, bounds.over_cents)}
    for found in patterns_below(totals, bounds):
        assert found.cents > bounds.over_cents
        assert (found.first, found.direction) not in over


async def test_activity_without_rules_of_the_book_is_not_reviewed() -> None:
    with pytest.raises(InvalidPolicy, match="ctr_over_cents"):
        await run_tool(TOOLS[0], replace(a_case(paid(1)), parameters={}), {})


def test_nothing_is_concluded_when_the_tool_was_not_used() -> None:
    concluded = SPECIALIST.conclude(assignment_for(SPECIALIST, a_case()), Evidence(()))
    assert (concluded.figures, codes(concluded)) == ((), ("missing:activity_review",))


def test_activity_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="not in order"):
        alert(1, first_on="2026-02-11")
    assert date(2026, 3, 2) == AS_OF.date()
