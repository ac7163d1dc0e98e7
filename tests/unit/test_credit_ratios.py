"""Ratios, trends and stress of an invented company, worked out by hand beside the code."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.money import times
from tests.fakes.companies import FY2025, WEAK2025, YEARS, csv
from tools.credit.covenants import CovenantRow, breaches, propose
from tools.credit.ratios import BY_CODE, LOAN_ASKED, SERVICE_ASKED, Ratio, inputs, ratio, ratios
from tools.credit.spread import Amount, Document, Spread, spread
from tools.credit.statement import parse_statement
from tools.credit.stress import Exposure, Scenario, breakeven, stressed
from tools.credit.trends import TrendRow, overall, trends

LOAN = (
    Amount(account=SERVICE_ASKED, cents=24_000_000, source="loan"),
    Amount(account=LOAN_ASKED, cents=100_000_000, source="loan"),
)


def company(latest: dict[str, int] | None = None) -> Spread:
    years = YEARS | ({"2025-12-31": latest} if latest else {})
    return spread([Document("d", "audited", date(2026, 2, 20), parse_statement(csv(years), "csv", "d.csv"))])


def of(spreaded: Spread) -> dict[str, Ratio]:
    assert spreaded.latest is not None
    return {each.code: each for each in ratios(spreaded, spreaded.latest, LOAN)}


def known(spreaded: Spread) -> dict[str, Amount]:
    assert spreaded.latest is not None
    return inputs(spreaded, spreaded.latest, LOAN)


def test_every_ratio_is_what_a_pencil_gives() -> None:
    assert {code: each.value_bps for code, each in of(company()).items()} == {
        "current": 20_000,  # 4,200 / 2,100
        "quick": 12_857,  # 2,700 / 2,100
        "leverage": 10_213,  # 4,800 / 4,700
        "debt_to_ebitda": 14_318,  # 3,150 / 2,200
        "interest_cover": 94_444,  # 1,700 / 180
        "ebitda_margin": 1_571,  # 2,200 / 14,000
        "dscr_ebitda": 43_137,  # 2,200 / 510
        "dscr_after_tax_capex": 28_431,  # 1,450 / 510
        "dscr": 24_528,  # 1,300 / 530
        "dscr_pro_forma": 16_883,  # 1,300 / 770
        "leverage_pro_forma": 12_340,  # 5,800 / 4,700
        "debt_to_ebitda_pro_forma": 18_864,  # 4,150 / 2,200
        "altman_z2": 49_289,  # 6.56 x 0.21 + 3.26 x 0.39 + 6.72 x 0.17 + 1.05 x 5,200/4,800
    }


def test_formula_and_inputs_are_shown_with_their_sources() -> None:
    quick = of(company())["quick"]
    assert quick.formula == "(current_assets - inventory) / (current_liabilities)"
    assert [(each.account, each.cents, each.source) for each in quick.inputs][1] == (
        "inventory",
        150_000_000,
        "d: line 28",
    )


def test_debt_service_rests_on_what_fell_due_a_year_ago() -> None:
    dscr = of(company())["dscr"]
    assert [each.account for each in dscr.inputs][-1] == "prior:current_maturities"


def test_leverage_on_no_tangible_net_worth_is_no_figure_but_a_reason() -> None:
    sunk = FY2025 | {"equity": 400_000, "total_liabilities": 9_600_000, "goodwill": 600_000}
    leverage = of(company(sunk))["leverage"]
    assert leverage.value_bps is None
    assert leverage.reason == "equity - goodwill - intangibles is not above zero"


def test_ratio_that_a_slip_of_scale_makes_absurd_is_none() -> None:
    one_cent = {"interest_expense": Amount(account="interest_expense", cents=1, source="t")}
    found = ratio(BY_CODE["interest_cover"], "2025-12-31", known(company()) | one_cent)
    assert (found.value_bps, found.reason) == (None, "it is beyond what a ratio can say")


def test_first_year_has_no_coverage_because_nobody_knows_what_fell_due() -> None:
    spreaded = company()
    first = {each.code: each for each in ratios(spreaded, spreaded.years[0])}
    assert first["dscr"].reason == "not known: prior:current_maturities"


@given(st.integers(1, 10**13), st.integers(10**9, 10**13))
def test_ratio_is_within_half_a_basis_point_of_the_exact_one(over: int, under: int) -> None:
    spreaded = company()
    assert spreaded.latest is not None
    changed = known(spreaded) | {
        "current_assets": Amount(account="current_assets", cents=over, source="t"),
        "current_liabilities": Amount(account="current_liabilities", cents=under, source="t"),
    }
    from_code = next(each for each in ratios(spreaded, spreaded.latest) if each.code == "current")
    year = spreaded.latest.model_copy(update={"amounts": tuple(changed.values())})
    value = next(each for each in ratios(Spread(years=(year,)), year) if each.code == "current").value_bps
    assert from_code.value_bps == 20_000
    assert value is not None
    assert abs(Fraction(over, under) * 10_000 - value) <= Fraction(1, 2)


def test_higher_rates_and_lower_earnings_meet_in_one_coverage() -> None:
    rows = (
        Scenario(scenario="rates +200 bp", rate_up_bps=200),
        Scenario(scenario="EBITDA -20 %", ebitda_down_bps=2_000),
    )
    exposure = Exposure(existing_cents=315_000_000, proposed_cents=100_000_000)
    rates, earnings = stressed(rows, known(company()), exposure, 100_000_000)
    assert (rates.extra_interest_cents, rates.dscr_bps) == (8_300_000, 15_240)  # 1,300 / 853
    assert (earnings.ebitda_cents, earnings.dscr_bps) == (176_000_000, 11_169)  # 860 / 770
    assert earnings.debt_to_ebitda_bps == 23_580  # 4,150 / 1,760


def test_breakeven_is_the_decline_at_which_coverage_is_at_the_floor() -> None:
    found = breakeven(known(company()), 10_000)
    assert (found.decline_bps, found.ebitda_needed_cents) == (2_409, 167_000_000)  # (1,300 - 770) / 2,200
    at_it = Scenario(scenario="breakeven", ebitda_down_bps=found.decline_bps or 0)
    (just,) = stressed([at_it], known(company()), Exposure(existing_cents=0, proposed_cents=0), 0)
    assert just.dscr_bps is not None
    assert 10_000 <= just.dscr_bps <= 10_002


def test_company_that_is_below_the_floor_has_a_negative_breakeven() -> None:
    decline = breakeven(known(company(WEAK2025)), 10_000).decline_bps
    assert decline is not None
    assert decline < 0


def test_worst_trend_wins_and_leverage_that_rises_is_a_decline() -> None:
    rows = (TrendRow(ratio="current", tolerance_bps=400), TrendRow(ratio="leverage", tolerance_bps=100))
    risen = company(FY2025 | {"goodwill": 1_300_000})
    by_year = [ratios(risen, year) for year in risen.years]
    found = trends(rows, by_year)
    assert [each.direction for each in found] == ["improving", "declining"]
    assert overall(found) == "declining"
    assert overall(()) is None


def test_movement_within_the_tolerance_is_none() -> None:
    spreaded = company()
    by_year = [ratios(spreaded, year) for year in spreaded.years]
    (found,) = trends([TrendRow(ratio="current", tolerance_bps=500)], by_year)
    assert (found.change_bps, found.direction) == (500, "stable")


MIN_DSCR = CovenantRow(
    covenant="Minimum coverage",
    ratio="dscr",
    kind="minimum",
    policy_bps=12_000,
    headroom_bps=1_500,
    tested="yearly",
)


def test_covenant_is_the_tighter_of_policy_and_headroom() -> None:
    (tight,) = propose([MIN_DSCR], {"now": {"dscr": 16_000}}, "now")
    (loose,) = propose([MIN_DSCR], {"now": {"dscr": 13_000}}, "now")
    assert (tight.level_bps, tight.basis) == (13_600, "the current figure with 15.00 % headroom")
    assert (loose.level_bps, loose.basis) == (12_000, "the policy bound")


def test_breaches_are_counted_now_and_under_stress_and_the_unknown_is_one() -> None:
    figures: dict[str, dict[str, int | None]] = {
        "now": {"dscr": 13_000},
        "a": {"dscr": 11_000},
        "b": {"dscr": 9_000},
    }
    assert breaches(propose([MIN_DSCR], figures, "now"), "now") == (0, 1)
    assert breaches(propose([MIN_DSCR], {"now": {"dscr": None}}, "now"), "now") == (1, 0)


def test_ratio_for_people_has_two_places() -> None:
    assert (times(12_345), times(-550)) == ("1.23x", "-0.06x")
