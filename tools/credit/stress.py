"""What higher rates and lower earnings do to debt service coverage, and how much of either it can bear.

Owns the arithmetic of a shock. Holds no scenario (rows of the book) and never says what is enough. Stated
simplifications, each on the careful side: tax, capital expenditure and distributions stay as they were, and
existing debt reprices in the share that the book says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from domain.identity import Record
from tools.credit.ratios import BY_CODE, DEBT, EBITDA, ONE, bounded, terms, total
from tools.credit.spread import Amount


class Scenario(Record):
    """One row of ``credit_stress``."""

    scenario: str
    rate_up_bps: Annotated[int, Field(ge=0, le=10_000)] = 0
    ebitda_down_bps: Annotated[int, Field(ge=0, le=10_000)] = 0


class Exposure(Record):
    """Debt that reprices when rates rise, cents."""

    existing_cents: int  # of funded debt on the balance sheet, the floating share
    proposed_cents: int  # of the loan asked for; 0 at a fixed rate


class Stressed(Record):
    """Coverage with the loan asked for, under one scenario."""

    scenario: str
    rate_up_bps: int
    ebitda_down_bps: int
    ebitda_cents: int
    extra_interest_cents: int
    dscr_bps: int | None  # empty when there is no debt service
    debt_to_ebitda_bps: int | None  # empty when EBITDA is not above zero; with the loan asked for


class Breakeven(Record):
    """How far EBITDA may fall until coverage is at the floor; negative: it is below it already."""

    floor_bps: int
    decline_bps: int | None  # of EBITDA, rounded towards zero decline; empty without EBITDA above zero
    ebitda_needed_cents: int  # at the floor, rounded up


def stressed(
    scenarios: Iterable[Scenario], known: Mapping[str, Amount], exposure: Exposure, loan_cents: int
) -> tuple[Stressed, ...]:
    """Each scenario by itself.

    Formula: coverage = (cash available - EBITDA x decline) / (debt service + repricing debt x rise), with cash
    available and debt service as in ``dscr_pro_forma``. EBITDA, interest: cents, half to even; ratios: basis
    points, from the exact figures, half to even.
    """
    return tuple(_stressed(each, known, exposure, loan_cents) for each in scenarios)


def breakeven(known: Mapping[str, Amount], floor_bps: int) -> Breakeven:
    """EBITDA decline at which coverage equals the floor, rates unchanged.

    Formula: (cash available - floor x debt service) / EBITDA; basis points, rounded down, so that at the
    stated decline coverage is not below the floor.
    """
    formula = BY_CODE["dscr_pro_forma"]
    cash, service = total(formula.numerator, known), total(formula.denominator, known)
    ebitda = total(terms(EBITDA), known)
    spare = Fraction(cash) - Fraction(floor_bps, ONE) * service
    return Breakeven(
        floor_bps=floor_bps,
        decline_bps=(spare * ONE / ebitda).__floor__() if ebitda > 0 else None,
        ebitda_needed_cents=(Fraction(ebitda) - spare).__ceil__(),
    )


def _stressed(
    scenario: Scenario, known: Mapping[str, Amount], exposure: Exposure, loan_cents: int
) -> Stressed:
    formula = BY_CODE["dscr_pro_forma"]
    ebitda = total(terms(EBITDA), known)
    lost = Fraction(max(ebitda, 0) * scenario.ebitda_down_bps, ONE)
    repricing = exposure.existing_cents + exposure.proposed_cents
    extra = Fraction(repricing * scenario.rate_up_bps, ONE)
    service = total(formula.denominator, known) + extra
    left = ebitda - lost
    debt = total(terms(DEBT), known) + loan_cents
    return Stressed(
        scenario=scenario.scenario,
        rate_up_bps=scenario.rate_up_bps,
        ebitda_down_bps=scenario.ebitda_down_bps,
        ebitda_cents=round(left),
        extra_interest_cents=round(extra),
        dscr_bps=bounded((total(formula.numerator, known) - lost) / service) if service > 0 else None,
        debt_to_ebitda_bps=bounded(debt / left) if left > 0 else None,
    )
