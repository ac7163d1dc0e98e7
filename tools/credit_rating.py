"""The company's risk rating, expected loss and covenants by the rows of the book.

Owns which figures the scorecard and the covenants look at. Holds no points, probability or bound (rows of the
book) and never decides what a grade means for the case.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from domain.finding import Fact
from domain.identity import Record
from domain.money import times
from tools.book_rows import only, rows
from tools.contract import NoArguments, Tool, ToolContext
from tools.credit.covenants import Covenant, CovenantRow, breaches, propose
from tools.credit.rating import (
    ExpectedLoss,
    ExposureRow,
    FloorRow,
    GradeRow,
    LossRow,
    Rating,
    ScoreRow,
    Values,
    expected_loss,
    rate,
)
from tools.credit_ratios import (
    RATIOS_OF_THE_BOOK,
    STRESS_OF_THE_BOOK,
    TERMS,
    credit_ratios,
    credit_stress,
)
from tools.statements import RECORDS

FROM_BUREAU = ("credit_score", "delinquencies_24m")
RATIOS = (
    "dscr_pro_forma",
    "leverage_pro_forma",
    "debt_to_ebitda_pro_forma",
    "interest_cover",
    "current",
    "altman_z2",
)
NOW = "as reported"


class CreditRating(Record):
    """Rating and expected loss, or what is lacking for them."""

    rated: bool
    lacks: str = ""
    rating: Rating | None = None
    expected_loss: ExpectedLoss | None = None


class CovenantSheet(Record):
    """Proposed covenants with their tests, or what is lacking for them."""

    proposed: bool
    lacks: str = ""
    covenants: tuple[Covenant, ...] = ()
    breaches: int | None = None  # on current figures
    breaches_stressed: int | None = None  # under at least one scenario
    terms: str = ""  # the covenants in one line, as the offer carries them


_SCORE = TypeAdapter(tuple[ScoreRow, ...])
_GRADES = TypeAdapter(tuple[GradeRow, ...])
_GRADE_FLOORS = TypeAdapter(tuple[FloorRow, ...])
_LGD = TypeAdapter(tuple[LossRow, ...])
_EAD = TypeAdapter(tuple[ExposureRow, ...])
_COVENANTS = TypeAdapter(tuple[CovenantRow, ...])


async def rate_credit(_: NoArguments, context: ToolContext) -> CreditRating:
    """Grade by the rows of ``credit_score``, ``credit_grades`` and ``credit_grade_floors``, and expected loss.

    A ratio that cannot be formed earns no points; the guarantors' bureau figures must be
    known. Expected loss is by ``credit_lgd`` and ``credit_ead``.

    Raises:
        InvalidPolicy: when rows of the book are missing, cannot be read or are not monotonic.
    """
    sheet = await credit_ratios(NoArguments(), context)
    unknown = [name for name in FROM_BUREAU if name not in context.inputs]
    if not sheet.found or unknown:
        return CreditRating(rated=False, lacks=sheet.lacks or f"not known: {', '.join(unknown)}")
    values: Values = {
        **{code: sheet.value(code) for code in RATIOS},
        **{name: _count(context.inputs[name]) for name in FROM_BUREAU},
        "trend": sheet.trend,
    }
    rating = rate(
        rows(context.parameters, "credit_score", _SCORE),
        rows(context.parameters, "credit_grades", _GRADES),
        rows(context.parameters, "credit_grade_floors", _GRADE_FLOORS),
        values,
    )
    asked = context.application
    loss = [
        row for row in rows(context.parameters, "credit_lgd", _LGD) if row.collateral == asked["collateral"]
    ]
    drawn = [row for row in rows(context.parameters, "credit_ead", _EAD) if row.product == asked["product"]]
    return CreditRating(
        rated=True,
        rating=rating,
        expected_loss=expected_loss(
            rating,
            only(loss, "credit_lgd", asked["collateral"]),
            only(drawn, "credit_ead", asked["product"]),
            asked["loan_amount_cents"],
        ),
    )


async def propose_covenants(_: NoArguments, context: ToolContext) -> CovenantSheet:
    """Covenants of ``credit_covenants``, tested as reported and under each scenario of ``credit_stress``.

    A scenario moves coverage and debt to EBITDA; covenants on other ratios are tested on current figures alone.

    Raises:
        InvalidPolicy: when rows of the book are missing or cannot be read.
    """
    sheet = await credit_ratios(NoArguments(), context)
    stress = await credit_stress(NoArguments(), context)
    if not sheet.found or not stress.found:
        return CovenantSheet(proposed=False, lacks=sheet.lacks or stress.lacks)
    figures = {NOW: {code: sheet.value(code) for code in RATIOS}} | {
        each.scenario: {
            "dscr_pro_forma": each.dscr_bps,
            "debt_to_ebitda_pro_forma": each.debt_to_ebitda_bps,
        }
        for each in stress.scenarios
    }
    covenants = propose(rows(context.parameters, "credit_covenants", _COVENANTS), figures, NOW)
    now, later = breaches(covenants, NOW)
    return CovenantSheet(
        proposed=True,
        covenants=covenants,
        breaches=now,
        breaches_stressed=later,
        terms="; ".join(_term(each) for each in covenants),
    )


def _term(covenant: Covenant) -> str:
    sign = "at least" if covenant.kind == "minimum" else "at most"
    return f"{covenant.covenant} {sign} {times(covenant.level_bps)}, tested {covenant.tested}"


def _count(value: Fact) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


RATING_OF_THE_BOOK = RATIOS_OF_THE_BOOK | {
    "credit_ead",
    "credit_grade_floors",
    "credit_grades",
    "credit_lgd",
    "credit_score",
}
"""Parameters that the rating reads."""

TOOLS: tuple[Tool, ...] = (
    Tool(
        "rate_credit",
        "The 1-10 risk rating by the scorecard with its rows, the regulatory grade, and PD x LGD x EAD.",
        NoArguments,
        CreditRating,
        rate_credit,
        RECORDS,
        (*FROM_BUREAU, *TERMS),
        identity=True,
        parameters=RATING_OF_THE_BOOK,
    ),
    Tool(
        "propose_covenants",
        "Financial covenants by the book, tested against current and stressed figures.",
        NoArguments,
        CovenantSheet,
        propose_covenants,
        RECORDS,
        TERMS,
        identity=True,
        parameters=RATIOS_OF_THE_BOOK | STRESS_OF_THE_BOOK | {"credit_covenants"},
    ),
)
