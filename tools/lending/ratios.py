"""Debt-to-income and loan-to-value ratios, and the housing payment they rest on.

Owns PITIA, front and back DTI, LTV and CLTV. Never holds a maximum and never decides
whether a ratio is acceptable. All ratios: basis points, rounded half even.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from domain.money import basis_points
from tools.lending import not_negative, positive


@dataclass(frozen=True, slots=True)
class HousingPayment:
    """Monthly cost of the subject property, every field in cents a month, none negative.

    Args:
        principal_and_interest: of the first lien (``payment.monthly_payment``).
        property_tax: real estate tax, a twelfth of the yearly bill.
        hazard_insurance: homeowner's and flood insurance.
        mortgage_insurance: monthly mortgage insurance.
        association_dues: owners' association dues and assessments.
        subordinate_liens: payments on other liens on the property.

    Raises:
        BadInput: when a component is negative.
    """

    principal_and_interest: int
    property_tax: int = 0
    hazard_insurance: int = 0
    mortgage_insurance: int = 0
    association_dues: int = 0
    subordinate_liens: int = 0

    def __post_init__(self) -> None:
        for component in fields(self):
            not_negative(getattr(self, component.name), component.name)


def pitia(housing: HousingPayment) -> int:
    """Principal, interest, taxes, insurance and association dues: the sum, cents a month.

    Source: Fannie Mae Selling Guide B3-6-03 (monthly housing expense); 12 CFR
    1026.43(c)(2)(iii)-(v).
    """
    return sum(int(getattr(housing, component.name)) for component in fields(housing))


def front_dti_bps(housing: HousingPayment, monthly_income_cents: int) -> int:
    """Housing payment / qualifying monthly income, basis points, half even.

    Raises:
        BadInput: when the income is not above zero.
    """
    positive(monthly_income_cents, "monthly_income_cents")
    return basis_points(pitia(housing), monthly_income_cents)


def back_dti_bps(housing: HousingPayment, other_debts_cents: int, monthly_income_cents: int) -> int:
    """(Housing payment + other monthly debts) / qualifying monthly income, basis points, half even.

    Source: Fannie Mae Selling Guide B3-6-02 (05/04/2022); 12 CFR 1026.43(c)(7).

    Raises:
        BadInput: when the debts are negative or the income is not above zero.
    """
    not_negative(other_debts_cents, "other_debts_cents")
    positive(monthly_income_cents, "monthly_income_cents")
    return basis_points(pitia(housing) + other_debts_cents, monthly_income_cents)


def property_value(appraised_cents: int, price_cents: int | None = None) -> int:
    """Value for LTV, cents: the lower of appraisal and price on a purchase, else the appraisal.

    Source: Fannie Mae Selling Guide B2-1.2-01.

    Raises:
        BadInput: when either is not above zero.
    """
    positive(appraised_cents, "appraised_cents")
    if price_cents is None:
        return appraised_cents
    positive(price_cents, "price_cents")
    return min(appraised_cents, price_cents)


def ltv_bps(loan_cents: int, value_cents: int) -> int:
    """First-lien amount / property value, basis points, half even.

    Raises:
        BadInput: when either is not above zero.
    """
    positive(loan_cents, "loan_cents")
    positive(value_cents, "value_cents")
    return basis_points(loan_cents, value_cents)


def cltv_bps(loan_cents: int, subordinate_cents: Sequence[int], value_cents: int) -> int:
    """(First lien + all subordinate liens) / property value, basis points, half even.

    Raises:
        BadInput: when a lien is negative, or loan or value is not above zero.
    """
    for lien in subordinate_cents:
        not_negative(lien, "subordinate_cents")
    positive(loan_cents, "loan_cents")
    return ltv_bps(loan_cents + sum(subordinate_cents), value_cents)
