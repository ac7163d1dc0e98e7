"""What one answered model call used and cost: tokens as the endpoint counted them, money by the book's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.utils import count_tokens_approximately

from domain.assignment import Mandate
from domain.model_use import PriceRow, price_of


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens in and out; ``estimated`` when the endpoint did not count them."""

    tokens_in: int
    tokens_out: int
    estimated: bool = False

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.tokens_in + self.tokens_out


def usage_of(asked: Sequence[BaseMessage], answered: Sequence[BaseMessage]) -> Usage:
    """The endpoint's count, or about four characters a token: an uncounted call would pass every budget."""
    reported = [
        each.usage_metadata for each in answered if isinstance(each, AIMessage) and each.usage_metadata
    ]
    tokens_in = sum(each["input_tokens"] for each in reported)
    if tokens_in > 0:  # no prompt is empty: nought means that nobody counted
        return Usage(tokens_in, sum(each["output_tokens"] for each in reported))
    return Usage(count_tokens_approximately(asked), count_tokens_approximately(answered), estimated=True)


def recorded_usage(recorded: dict[str, Any]) -> Usage:
    """The usage that stands beside a recorded answer; records from before it did hold the endpoint's count."""
    if "usage" in recorded:
        return Usage(**recorded["usage"])
    counted = [message["data"].get("usage_metadata") or {} for message in recorded["messages"]]
    return Usage(
        sum(each.get("input_tokens", 0) for each in counted),
        sum(each.get("output_tokens", 0) for each in counted),
    )


def price_row(mandate: Mandate, model: str) -> PriceRow:
    """The row of the book that prices this model; the mandate's own pair of prices where no row does."""
    own = PriceRow(id="mandate", prompt=mandate.price_in, completion=mandate.price_out)
    return price_of(mandate.prices, model, mandate.tier) or own
