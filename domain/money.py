"""Money, rates and ratios as exact numbers; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
BASIS_POINTS = Decimal(10_000)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in one currency, held in whole minor units.

    Args:
        cents: minor units (US cents).
        currency: ISO 4217 code.
    """

    cents: int
    currency: str = "USD"

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "USD") -> Money:
        """From major units, rounded half up to the cent; ``ValueError`` when not a number."""
        try:
            value = Decimal(amount)
        except InvalidOperation as error:
            raise ValueError(f"not an amount of money: {amount!r}") from error
        if not value.is_finite():
            raise ValueError(f"not an amount of money: {amount!r}")
        return cls(int((value / CENT).quantize(Decimal(1), ROUND_HALF_UP)), currency)

    @property
    def amount(self) -> Decimal:
        """Major units with two places."""
        return (Decimal(self.cents) * CENT).quantize(CENT)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.cents + other.cents, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.cents - other.cents, self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.2f}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")


def basis_points(part: Decimal | int, whole: Decimal | int) -> int:
    """``part / whole`` in basis points, rounded half even; ``ValueError`` when ``whole`` is not positive."""
    if whole <= 0:
        raise ValueError("a ratio needs a positive denominator")
    return int((Decimal(part) * BASIS_POINTS / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_EVEN))


def percent(bps: int) -> str:
    """Basis points as a percentage with two places, e.g. ``4312`` → ``43.12 %``."""
    return f"{Decimal(bps) / 100:.2f} %"


def times(bps: int) -> str:
    """Basis points of one as a multiple with two places, half even, e.g. ``12450`` → ``1.24x``."""
    return f"{(Decimal(bps) / BASIS_POINTS).quantize(CENT, ROUND_HALF_EVEN)}x"


def dollars(cents: int) -> str:
    """Cents as dollars for people, e.g. ``USD 1,306.66``."""
    return str(Money(cents))


def in_words(figure: str) -> str:
    """A figure's name as people read it: without its unit, which its value shows (``ltv_bps``: "ltv")."""
    return figure.removesuffix("_cents").removesuffix("_bps").replace("_", " ")
