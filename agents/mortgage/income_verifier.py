"""Income verifier: qualifying monthly income from source records, beside what was stated.

Owns how income is summed over parties and which judgements a case raises. Never takes a stated amount for
income, never averages a contradiction away, never judges an explanation and never decides whether income
is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from agents.mortgage import limit
from agents.mortgage.employment_findings import employment_figures, employment_flags
from agents.mortgage.income_conflicts import conflicts
from agents.mortgage.income_sources import PARTY_TOOLS, Earner, Income, earner, lacking
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap
from domain.money import basis_points, percent
from tools.gateway import ToolAnswer

EXPLAINED_BY_LETTER = {  # judgement -> flags that it is about, and what stays open without a letter
    "letter_explains_income": (
        "income",
        {
            "declining_income",
            "declining_variable_pay",
            "income_contradicted",
            "income_sources_disagree",
            "year_to_date_below_pay",
            "employer_contradicted",
            "not_employed_now",
        },
    ),
    "employment_gap_explained": ("employment", {"employment_gap"}),
}


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Every kind of record of every party, then the letter."""
    for party in assignment.parties:
        for tool in PARTY_TOOLS:
            await call(tool, {"party": party})
    await call("letter_of_explanation", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Income, its basis, its shortfall and the employments behind it once every party's records are in.

    Formula: income is the sum over parties of base pay, variable pay that counts, business and rent; a loss
    reduces it; shortfall is (stated - documented) / stated, 0 when documented is not below stated, 10,000
    when nothing or a loss is documented. Units: cents a month, basis points. Rounding: half even.

    Raises:
        InvalidPolicy: when the book lacks a tolerance or limit that a record is measured by.
    """
    found = [earner(reference, evidence) for reference in assignment.parties]
    parties = [party for party in found if party is not None]
    gaps = [gap for party in parties for gap in lacking(party)]
    if len(parties) < len(found):
        gaps.append(missing("pay_stub", "the records of a party were not all read"))
    flags = tuple(raised for party in parties for raised in _flags(party, assignment))
    incomes = [income for party in parties for income in party.incomes]
    if gaps or not incomes:
        gaps = gaps or [missing("pay_stub", "no party has documented income")]
        return _explained(Conclusion("Income is not established.", flags=flags, gaps=tuple(gaps)), evidence)
    return _explained(_established(parties, incomes, flags, assignment), evidence)


def _established(
    parties: Sequence[Earner], incomes: Sequence[Income], flags: tuple[Flag, ...], assignment: Assignment
) -> Conclusion:
    stated = sum(party.stated_cents for party in parties)
    documented = sum(income.monthly_cents for income in incomes)
    shortfall, source = _shortfall_bps(stated, documented), incomes[0].source
    contradicted = _contradicted(shortfall, limit(assignment, "income_tolerance_bps"), source)
    variable = sum(party.variable_cents for party in parties)
    return Conclusion(
        "Income is established from source records.",
        figures=(
            figure("monthly_income_cents", documented, "cents", source),
            figure("income_basis", _basis(incomes), "code", source),
            figure("income_shortfall_bps", shortfall, "bps", source),
            *_parts(parties, variable),
            *employment_figures(parties, assignment),
        ),
        flags=flags + contradicted,
        asks=("variable_income_continues",) if variable else (),
    )


def _parts(parties: Sequence[Earner], variable: int) -> Iterator[Figure]:
    """Variable pay and rent that count, each with the record of the party that has most of it."""
    most = max(parties, key=lambda party: party.variable_cents)
    yield figure("variable_income_cents", variable, "cents", most.history)
    rents = {party.reference: int(party.rent.result["monthly_income_cents"] or 0) for party in parties}
    most = max(parties, key=lambda party: abs(rents[party.reference]))
    yield figure("rental_income_cents", sum(rents.values()), "cents", most.rent)


def _flags(party: Earner, assignment: Assignment) -> tuple[Flag, ...]:
    return (*conflicts(party, assignment), *employment_flags(party, assignment))


def _shortfall_bps(stated_cents: int, documented_cents: int) -> int:
    below = stated_cents - max(0, documented_cents)
    return basis_points(below, stated_cents) if below > 0 else 0


def _contradicted(shortfall: int, tolerance: int, source: ToolAnswer) -> tuple[Flag, ...]:
    if shortfall <= tolerance:
        return ()
    detail = f"documented income is {percent(shortfall)} below stated"
    return (flag("income_contradicted", detail, source),)


def _basis(incomes: Sequence[Income]) -> str:
    bases = {income.basis for income in incomes}
    return bases.pop() if len(bases) == 1 else "mixed"


def _explained(conclusion: Conclusion, evidence: Evidence) -> Conclusion:
    """Flags that ask for a reason have the letter judged; without a letter they are gaps for a person."""
    letter = evidence.first("letter_of_explanation")
    has_letter = letter is not None and letter.result["found"]
    for judgement, (about, codes) in EXPLAINED_BY_LETTER.items():
        open_points = [raised.detail for raised in conclusion.flags if raised.code in codes]
        if not open_points:
            continue
        if has_letter:
            conclusion = replace(conclusion, asks=(*conclusion.asks, judgement))
        else:
            detail = "no letter explains: " + "; ".join(open_points)
            unexplained = Gap(code=f"unexplained:{about}", detail=detail, needs="person")
            conclusion = replace(conclusion, gaps=(*conclusion.gaps, unexplained))
    return conclusion


SPECIALIST = Specialist(
    job="income_verifier",
    worker="mortgage",
    provides=(
        "monthly_income_cents",
        "income_basis",
        "income_shortfall_bps",
        "variable_income_cents",
        "rental_income_cents",
        "employment_gap_days",
        "employment_history",
    ),
    needs=(),
    tools=(*PARTY_TOOLS, "letter_of_explanation"),
    required=(*PARTY_TOOLS, "letter_of_explanation"),
    records=(
        "pay_stub",
        "wage_statement",
        "employment_record",
        "tax_return",
        "lease",
        "rental_schedule",
    ),
    gather=gather,
    conclude=conclude,
    limits=("income_tolerance_bps", "pay_tolerance_bps", "new_job_days", "employment_gap_limit_days"),
    raises=("income_contradicted", "declining_income", "unexplained:income"),
)
