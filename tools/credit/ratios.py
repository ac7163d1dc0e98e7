"""Credit ratios with their formula and inputs, so that a person can follow each one with a pencil.

Owns which accounts a ratio is made of and its rounding; a formula's text is made from the same terms as its
value. Never says whether a ratio is good (rows of the book do). Every ratio is in basis points of one (1.25x is
12,500), from exact integers, rounded once, half to even. A denominator that is not above zero gives no ratio,
and neither does a value beyond a hundred thousand.

Source: OCC Comptroller's Handbook, Rating Credit Risk (April 2001); Altman, "Predicting financial distress of
companies" (July 2000) for Z'' of non-manufacturers, without the constant 3.25 for emerging markets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.identity import Record
from tools.credit.spread import PRIOR, Amount, Spread, Year

SERVICE_ASKED = "proposed_debt_service"  # of one year, on the loan that is asked for
LOAN_ASKED = "proposed_loan"  # its amount
ONE = 10_000  # basis points
MOST = 10**9  # basis points, a hundred thousand times: beyond it a ratio says nothing


@dataclass(frozen=True, slots=True)
class Term:
    """One account in a sum: its sign and its code (``prior:`` for the year before)."""

    sign: int
    account: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One ratio: numerator over denominator, both sums of accounts."""

    code: str
    label: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    higher_is_better: bool = True

    @property
    def text(self) -> str:
        """The formula as people write it."""
        return f"({_written(self.numerator)}) / ({_written(self.denominator)})"

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account that it needs, in order."""
        return tuple(term.account for term in (*self.numerator, *self.denominator))


class Ratio(Record):
    """One ratio of one fiscal year; ``value_bps`` is empty when it cannot be formed, and ``reason`` says why."""

    code: str
    label: str
    period_end: str
    formula: str
    inputs: tuple[Amount, ...]
    value_bps: int | None
    higher_is_better: bool
    reason: str = ""


def terms(text: str) -> tuple[Term, ...]:
    """``ebit + depreciation_amortization - income_tax`` as terms."""
    words = text.split()
    signs = [1, *(1 if word == "+" else -1 for word in words[1::2])]
    return tuple(Term(sign, account) for sign, account in zip(signs, words[::2], strict=True))


def _formula(code: str, label: str, over: str, under: str, *, higher_is_better: bool = True) -> Formula:
    return Formula(code, label, terms(over), terms(under), higher_is_better)


EBITDA = "ebit + depreciation_amortization"
CASH_AVAILABLE = f"{EBITDA} - income_tax - capital_expenditure - distributions"
DEBT = "short_term_debt + current_maturities + long_term_debt"
SERVICE = f"interest_expense + {PRIOR}current_maturities"
FORMULAS: tuple[Formula, ...] = (
    _formula("current", "Current ratio", "current_assets", "current_liabilities"),
    _formula("quick", "Quick ratio", "current_assets - inventory", "current_liabilities"),
    _formula(
        "leverage",
        "Liabilities to tangible net worth",
        "total_liabilities",
        "equity - goodwill - intangibles",
        higher_is_better=False,
    ),
    _formula("debt_to_ebitda", "Funded debt to EBITDA", DEBT, EBITDA, higher_is_better=False),
    _formula("interest_cover", "EBIT interest cover", "ebit", "interest_expense"),
    _formula("ebitda_margin", "EBITDA margin", EBITDA, "revenue"),
    _formula("dscr_ebitda", "EBITDA to debt service paid", EBITDA, "interest_expense + debt_repaid"),
    _formula(
        "dscr_after_tax_capex",
        "EBITDA less tax and capital expenditure to debt service paid",
        f"{EBITDA} - income_tax - capital_expenditure",
        "interest_expense + debt_repaid",
    ),
    _formula("dscr", "Debt service coverage, existing debt", CASH_AVAILABLE, SERVICE),
)
PRO_FORMA: tuple[Formula, ...] = (
    _formula(
        "dscr_pro_forma",
        "Debt service coverage with the loan asked for",
        CASH_AVAILABLE,
        f"{SERVICE} + {SERVICE_ASKED}",
    ),
    _formula(
        "leverage_pro_forma",
        "Liabilities with the loan asked for to tangible net worth",
        f"total_liabilities + {LOAN_ASKED}",
        "equity - goodwill - intangibles",
        higher_is_better=False,
    ),
    _formula(
        "debt_to_ebitda_pro_forma",
        "Funded debt with the loan asked for to EBITDA",
        f"{DEBT} + {LOAN_ASKED}",
        EBITDA,
        higher_is_better=False,
    ),
)
BY_CODE: dict[str, Formula] = {formula.code: formula for formula in (*FORMULAS, *PRO_FORMA)}
ALTMAN = "altman_z2"
ALTMAN_TEXT = (
    "6.56 x (current_assets - current_liabilities) / total_assets + 3.26 x retained_earnings / total_assets"
    " + 6.72 x ebit / total_assets + 1.05 x equity / total_liabilities"
)
_ALTMAN = (
    (Fraction(656, 100), "current_assets - current_liabilities", "total_assets"),
    (Fraction(326, 100), "retained_earnings", "total_assets"),
    (Fraction(672, 100), "ebit", "total_assets"),
    (Fraction(105, 100), "equity", "total_liabilities"),
)


def ratios(spread: Spread, year: Year, proposed: tuple[Amount, ...] = ()) -> tuple[Ratio, ...]:
    """Every ratio of one year; with what the loan asked for adds (``proposed``), the pro-forma ones too."""
    known = inputs(spread, year, proposed)
    wanted = (*FORMULAS, *PRO_FORMA) if proposed else FORMULAS
    return (*(ratio(each, year.period_end, known) for each in wanted), altman(year.period_end, known))


def inputs(spread: Spread, year: Year, proposed: tuple[Amount, ...] = ()) -> dict[str, Amount]:
    """Accounts of the year by code, of the year before under ``prior:``, and what the loan asked for adds."""
    before = spread.before(year)
    named = {f"{PRIOR}{each.account}": each for each in before.amounts} if before is not None else {}
    known = {each.account: each for each in (*year.amounts, *proposed)}
    return known | {name: each.model_copy(update={"account": name}) for name, each in named.items()}


def ratio(formula: Formula, period_end: str, known: Mapping[str, Amount]) -> Ratio:
    """Numerator / denominator in basis points, half to even; none when an input is unknown or below it is not > 0."""
    lacking = [account for account in formula.accounts if account not in known]
    value, reason = None, f"not known: {', '.join(lacking)}" if lacking else ""
    if not lacking:
        under = total(formula.denominator, known)
        if under > 0:
            value = bounded(Fraction(total(formula.numerator, known), under))
            reason = "" if value is not None else "it is beyond what a ratio can say"
        else:
            reason = f"{_written(formula.denominator)} is not above zero"
    return Ratio(
        code=formula.code,
        label=formula.label,
        period_end=period_end,
        formula=formula.text,
        inputs=tuple(known[account] for account in formula.accounts if account in known),
        value_bps=value,
        higher_is_better=formula.higher_is_better,
        reason=reason,
    )


def altman(period_end: str, known: Mapping[str, Amount]) -> Ratio:
    """Altman Z'' = 6.56 X1 + 3.26 X2 + 6.72 X3 + 1.05 X4, times 10,000, half to even (2.3688 is 23,688)."""
    accounts = tuple(
        dict.fromkeys(term.account for _, over, under in _ALTMAN for term in terms(f"{over} + {under}"))
    )
    lacking = [account for account in accounts if account not in known]
    value, reason = None, f"not known: {', '.join(lacking)}" if lacking else ""
    if not lacking and all(known[each].cents > 0 for each in ("total_assets", "total_liabilities")):
        value = bounded(sum(weight * part for weight, part in altman_parts(known)))
        reason = "" if value is not None else "it is beyond what a ratio can say"
    elif not lacking:
        reason = "total_assets or total_liabilities is not above zero"
    return Ratio(
        code=ALTMAN,
        label="Altman Z''",
        period_end=period_end,
        formula=ALTMAN_TEXT,
        inputs=tuple(known[account] for account in accounts if account in known),
        value_bps=value,
        higher_is_better=True,
        reason=reason,
    )


def altman_parts(known: Mapping[str, Amount]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Weight and value of X1 to X4, exact."""
    return tuple(
        (weight, Fraction(total(terms(over), known), total(terms(under), known)))
        for weight, over, under in _ALTMAN
    )


def total(terms: Iterable[Term], known: Mapping[str, Amount]) -> int:
    """A sum of accounts, cents."""
    return sum(term.sign * known[term.account].cents for term in terms)


def bounded(value: Fraction | int) -> int | None:
    """Basis points, or nothing beyond ``MOST``."""
    found = bps(value)
    return found if abs(found) <= MOST else None


def bps(value: Fraction | int) -> int:
    """Times 10,000, rounded half to even."""
    exact = Fraction(value) * ONE
    return round(exact)


def _written(terms: tuple[Term, ...]) -> str:
    first, *rest = terms
    return first.account + "".join(f" {'+' if term.sign > 0 else '-'} {term.account}" for term in rest)
