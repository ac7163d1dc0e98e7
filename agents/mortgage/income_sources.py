"""What each applicant documents: the tool answers of one party, the incomes in them and what is still missing.

Owns which records each kind of employment needs. Never sums over parties and never judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agents.contract import Evidence, missing
from domain.finding import Gap
from tools.gateway import ToolAnswer

PARTY_TOOLS = ("pay_stubs", "wage_statements", "employment_history", "tax_returns", "rental_income")


@dataclass(frozen=True, slots=True)
class Income:
    """One documented income: its basis, cents a month and the answer it came from."""

    basis: str
    monthly_cents: int
    source: ToolAnswer


@dataclass(frozen=True, slots=True)
class Earner:
    """One party with everything the tools said of it."""

    reference: str
    stubs: ToolAnswer
    wages: ToolAnswer
    history: ToolAnswer
    returns: ToolAnswer
    rent: ToolAnswer

    @property
    def stated_cents(self) -> int:
        """What the application states, cents a month."""
        return int(self.stubs.result["stated_monthly_income_cents"])

    @property
    def employment(self) -> str:
        """As stated: employed, self_employed or retired."""
        return str(self.stubs.result["employment"])

    @property
    def salaried(self) -> bool:
        """Whether pay by an employer counts for this party."""
        return self.employment == "employed" and (self.stated_cents > 0 or bool(self.stubs.result["found"]))

    @property
    def base_cents(self) -> int:
        """Base pay of the latest stub, cents a month; 0 without one."""
        return int(self.stubs.result["monthly_income_cents"] or 0)

    @property
    def variable_cents(self) -> int:
        """Variable pay that counts beside base pay, cents a month."""
        if not self.stubs.result["found"]:
            return 0
        return sum(int(each["monthly_income_cents"]) for each in self.history.result["variable_pay"])

    @property
    def incomes(self) -> tuple[Income, ...]:
        """Every documented income; rent and business may be negative."""
        return tuple(self._incomes())

    def _incomes(self) -> Iterator[Income]:
        if self.stubs.result["monthly_income_cents"] is not None:
            basis = "retired" if self.employment == "retired" else "salary"
            yield Income(basis, self.base_cents, self.stubs)
        if self.variable_cents:
            yield Income("salary", self.variable_cents, self.history)
        for basis, answer in (("self_employed", self.returns), ("rental", self.rent)):
            if answer.result["monthly_income_cents"] is not None:
                yield Income(basis, int(answer.result["monthly_income_cents"]), answer)


def earner(reference: str, evidence: Evidence) -> Earner | None:
    """The party, once every tool was asked about it."""
    said = [
        {answer.args.get("party"): answer for answer in evidence.of(tool)}.get(reference)
        for tool in PARTY_TOOLS
    ]
    answers = [answer for answer in said if answer is not None]
    return Earner(reference, *answers) if len(answers) == len(PARTY_TOOLS) else None


def lacking(party: Earner) -> tuple[Gap, ...]:
    """What is missing before this party's income can be established."""
    gaps: list[Gap] = []
    if not _pay_is_settled(party):
        gaps.append(missing("pay_stub", f"no pay stub or pension statement of {party.reference}"))
    if not _business_is_settled(party):
        gaps.append(missing("tax_return", f"no two consecutive tax years of {party.reference}"))
    return tuple(gaps)


def _pay_is_settled(party: Earner) -> bool:
    """Who is self-employed, states no income or lives on rent needs no pay records."""
    lives_on_rent = party.employment == "retired" and party.rent.result["monthly_income_cents"] is not None
    excused = party.employment == "self_employed" or party.stated_cents == 0 or lives_on_rent
    return bool(party.stubs.result["found"]) or excused


def _business_is_settled(party: Earner) -> bool:
    """One return alone is never enough, whoever filed it: a loss would reduce other income."""
    if party.returns.result["found"] or party.employment == "self_employed":
        return party.returns.result["monthly_income_cents"] is not None
    return True
