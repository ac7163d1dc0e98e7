"""Prices and budgets of model use, as books write them."""

from __future__ import annotations

import pytest

from api.assembly import fallback_model, models
from api.settings import ModelSettings
from domain.errors import InvalidPolicy, Misconfigured
from domain.model_use import PriceRow, price_of
from graphs.catalog import VOCABULARY
from policies.loader import BOOKS, read_book

ROWS = (
    PriceRow(id="routine", tier="routine", prompt=500_000, completion=2_000_000),
    PriceRow(id="any", prompt=9_000_000, completion=9_000_000),
    PriceRow(id="named", model="small-1", prompt=100_000, completion=400_000),
)


@pytest.mark.parametrize(
    ("model", "tier", "row"),
    [("small-1", "routine", "named"), ("other", "routine", "routine"), ("other", "advanced", "any")],
)
def test_price_row_of_the_model_goes_before_the_row_of_its_tier(model: str, tier: str, row: str) -> None:
    found = price_of(ROWS, model, tier)  # type: ignore[arg-type]
    assert found is not None
    assert found.id == row


def test_cost_is_worked_out_apart_for_tokens_in_and_out_and_rounded_up() -> None:
    assert ROWS[0].cost_microusd(1_000, 100) == 700
    assert ROWS[0].cost_microusd(1, 0) == 1


def book_text(prices: str) -> str:
    text = (BOOKS / "loan_amendment.yaml").read_text(encoding="utf-8")
    before, _, after = text.partition("prices:")
    return before + prices + "case_budget:" + after.partition("case_budget:")[2]


def test_pair_of_prices_of_an_older_book_still_prices_every_tier() -> None:
    book = read_book(book_text("prices: {prompt: 2000000, completion: 8000000}\n"), VOCABULARY)
    assert [(row.id, row.prompt) for row in book.rules.prices] == [("P0", 2_000_000)]


def test_book_that_prices_one_tier_only_is_refused() -> None:
    rows = "prices:\n  - {id: P1, tier: routine, prompt: 1, completion: 1}\n"
    with pytest.raises(InvalidPolicy, match="no row for any model of tier standard, advanced"):
        read_book(book_text(rows), VOCABULARY)


def endpoint(**more: str) -> ModelSettings:
    return ModelSettings(base_url="http://127.0.0.1:9/v1", api_key="k1", routine="small-1", **more)  # type: ignore[arg-type]


def test_key_is_not_sent_to_a_fallback_at_another_address() -> None:
    at_home = fallback_model(endpoint(fallback="f"))
    elsewhere = fallback_model(endpoint(fallback="f", fallback_base_url="http://127.0.0.2:9/v1"))
    keys = [each.openai_api_key.get_secret_value() for each in (at_home, elsewhere)]  # type: ignore[union-attr]
    assert keys == ["k1", "none"]


def test_fallback_without_an_endpoint_is_a_misconfiguration() -> None:
    with pytest.raises(Misconfigured, match="COUNTERSIGN_MODEL__BASE_URL"):
        fallback_model(ModelSettings(fallback="f"))


def test_empty_tier_takes_the_first_model_that_is_named() -> None:
    found = models(endpoint())
    assert {tier: each.model_name for tier, each in found.items()} == {  # type: ignore[attr-defined]
        "routine": "small-1",
        "standard": "small-1",
        "advanced": "small-1",
    }
