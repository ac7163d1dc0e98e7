"""Income verifier: qualifying monthly income from source records, beside what was stated.

Owns which records each kind of employment needs and how income is summed over parties. Never takes a
stated amount for income, never judges an explanation and never decides whether income is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from agents.mortgage import limit
from domain.assignment import Assignment
from domain.finding import Flag, Gap
from domain.money import basis_points, percent
from tools.gateway import ToolAnswer


@dataclass(frozen=True, slots=True)
class _Party:
    """What the tools said of one party."""

    reference: str
    stubs: ToolAnswer | None
    returns: ToolAnswer | None

    @property
    def answers(self) -> tuple[ToolAnswer, ...]:
        return tuple(answer for answer in (self.stubs, self.returns) if answer)

    @property
    def stated_cents(self) -> int:
        return int(self.answers[0].result["stated_monthly_income_cents"]) if self.answers else 0

    @property
    def employment(self) -> str:
        return str(self.answers[0].result["employment"]) if self.answers else ""

    @property
    def documented(self) -> tuple[tuple[str, int, ToolAnswer], ...]:
        """Each documented income: basis, cents a month, source."""
        bases = ("retired" if self.employment == "retired" else "salary", "self_employed")
        pairs = zip(bases, (self.stubs, self.returns), strict=True)
        return tuple(
            (basis, int(answer.result["monthly_income_cents"]), answer)
            for basis, answer in pairs
            if answer and answer.result["monthly_income_cents"] is not None
        )


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Both kinds of record of every party, then the letter."""
    for party in assignment.parties:
        await call("pay_stubs", {"party": party})
        await call("tax_returns", {"party": party})
    await call("letter_of_explanation", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Income, its basis and its shortfall once every party's records are in; until then gaps.

    Formula: income is the sum over parties, a business loss reduces it; shortfall is
    (stated - documented) / stated, 0 when documented is not below stated, 10,000 when nothing or a loss
    is documented. Units: cents a month, basis points. Rounding: half even.

    Raises:
        InvalidPolicy: when the book gives no ``income_tolerance_bps``.
    """
    parties = [_party(reference, evidence) for reference in assignment.parties]
    declining = tuple(raised for party in parties for raised in _declining(party))
    gaps = tuple(gap for party in parties for gap in _gaps(party))
    incomes = [income for party in parties for income in party.documented]
    if gaps or not incomes:
        gaps = gaps or (missing("pay_stub", "no party has documented income"),)
        return _explained(Conclusion("Income is not established.", flags=declining, gaps=gaps), evidence)
    stated, documented = sum(party.stated_cents for party in parties), sum(cents for _, cents, _ in incomes)
    shortfall = _shortfall_bps(stated, documented)
    source = incomes[0][2]
    contradicted = _contradicted(shortfall, limit(assignment, "income_tolerance_bps"), source)
    established = Conclusion(
        "Income is established from source records.",
        figures=(
            figure("monthly_income_cents", documented, "cents", source),
            figure("income_basis", _basis([basis for basis, _, _ in incomes]), "code", source),
            figure("income_shortfall_bps", shortfall, "bps", source),
        ),
        flags=declining + contradicted,
    )
    return _explained(established, evidence)


def _party(reference: str, evidence: Evidence) -> _Party:
    found = [
        {answer.result["party"]: answer for answer in evidence.of(tool)}.get(reference)
        for tool in ("pay_stubs", "tax_returns")
    ]
    return _Party(reference, found[0], found[1])


def _gaps(party: _Party) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    if not _pay_is_settled(party):
        gaps.append(missing("pay_stub", f"no pay stub or pension statement of {party.reference}"))
    if not _business_is_settled(party):
        gaps.append(missing("tax_return", f"no two consecutive tax years of {party.reference}"))
    return tuple(gaps)


def _pay_is_settled(party: _Party) -> bool:
    """Who is self-employed or states no income needs no pay records."""
    if party.stubs is None:
        return False
    return party.stubs.result["found"] or party.employment == "self_employed" or party.stated_cents == 0


def _business_is_settled(party: _Party) -> bool:
    """One return alone is never enough, whoever filed it: a loss would reduce other income."""
    if party.returns is None:
        return False
    if party.returns.result["found"] or party.employment == "self_employed":
        return party.returns.result["monthly_income_cents"] is not None
    return True


def _declining(party: _Party) -> tuple[Flag, ...]:
    if party.returns is None or not party.returns.result["declining"]:
        return ()
    detail = f"self-employment income of {party.reference} fell; the later year alone counts"
    return (flag("declining_income", detail, party.returns),)


def _shortfall_bps(stated_cents: int, documented_cents: int) -> int:
    below = stated_cents - max(0, documented_cents)
    return basis_points(below, stated_cents) if below > 0 else 0


def _contradicted(shortfall: int, tolerance: int, source: ToolAnswer) -> tuple[Flag, ...]:
    if shortfall <= tolerance:
        return ()
    detail = f"documented income is {percent(shortfall)} below stated"
    return (flag("income_contradicted", detail, source),)


def _basis(bases: Sequence[str]) -> str:
    return bases[0] if len(set(bases)) == 1 else "mixed"


def _explained(conclusion: Conclusion, evidence: Evidence) -> Conclusion:
    """A flag asks for the letter to be judged; without a letter it is a gap for a person."""
    if not conclusion.flags:
        return conclusion
    letter = evidence.first("letter_of_explanation")
    if letter is not None and letter.result["found"]:
        return replace(conclusion, asks=("letter_explains_income",))
    detail = "no letter explains: " + "; ".join(raised.detail for raised in conclusion.flags)
    unexplained = Gap(code="unexplained:income", detail=detail, needs="person")
    return replace(conclusion, gaps=(*conclusion.gaps, unexplained))


SPECIALIST = Specialist(
    job="income_verifier",
    worker="mortgage",
    provides=("monthly_income_cents", "income_basis", "income_shortfall_bps"),
    needs=(),
    tools=("pay_stubs", "tax_returns", "letter_of_explanation"),
    required=("pay_stubs", "tax_returns", "letter_of_explanation"),
    records=("pay_stub", "tax_return"),
    gather=gather,
    conclude=conclude,
)
