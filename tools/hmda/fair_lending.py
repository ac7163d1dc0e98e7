"""Fair-lending monitoring of a register. Owns the adverse impact ratio; its result never enters a decision.

The only module that is handed ``Demographics``. The ratio is a monitoring metric. It is no legal test: from
2026-07-21 Regulation B knows no effects test (CFPB final rule 2026-07804, Federal Register of 2026-04-22),
and the four-fifths line is borrowed from employment guidance (29 CFR 1607.4(D), by analogy; its text was not
checked). The Fair Housing Act and state law are separate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from domain.errors import BadInput
from domain.money import basis_points

from .register import Demographics, LoanRow

LABEL = "monitoring metric, not a legal test and not an input to any decision"
APPROVED = ("1", "2")  # originated; approved, not accepted
DECIDED = (*APPROVED, "3")  # and denied; without preapprovals (7, 8): taken up, they are under 1
MALE, FEMALE = "1", "2"
FOUR_FIFTHS = 8_000  # basis points
Z_95 = Decimal("1.959964")  # two-sided 95 % point of the normal distribution
EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Group:
    """How one group of applicants fared."""

    code: str  # of the group, as filed; or its name
    decided: int  # applications approved or denied
    approved: int  # of these, approved


@dataclass(frozen=True, slots=True)
class AdverseImpact:
    """Approval rate of one group over that of another, for monitoring."""

    group: Group
    reference: Group
    ratio_bps: int | None  # group over reference, half even; None when the reference has no approvals
    interval_bps: tuple[int, int] | None  # 95 % interval of the ratio; None when a group has no approvals
    below_four_fifths: bool  # the lower of the two rates is under 80 % of the higher one
    label: str = LABEL


def adverse_impact_by_sex(loans: Iterable[LoanRow], people: Iterable[Demographics]) -> AdverseImpact | None:
    """Approval rate of female over that of male applicants; ``None`` when a group has no decided application.

    Counted are rows with action 1, 2 (approved) or 3 (denied) and an applicant sex of 1 or 2; other answers
    are left out.

    Raises:
        BadInput: a loan row has no demographic fields to go with it.
    """
    by_row = {person.row: person for person in people}
    decided = (loan for loan in loans if loan.action_taken in DECIDED)
    outcomes = [(_person_of(loan, by_row)["app_sex"], loan.action_taken) for loan in decided]
    return adverse_impact(_group(FEMALE, outcomes), _group(MALE, outcomes))


def adverse_impact(group: Group, reference: Group) -> AdverseImpact | None:
    """Adverse impact ratio (a/n) / (b/m) with its 95 % interval; ``None`` when n or m is zero.

    The interval is exp(ln(ratio) +- 1.959964 * sqrt(1/a - 1/n + 1/b - 1/m)) (Katz, log method): a and b are
    approvals, n and m decided applications. It needs approvals in both groups and is wide for small counts.
    The four-fifths line compares the lower with the higher of both rates, exactly, before any rounding.
    """
    if not group.decided or not reference.decided:
        return None
    ours, theirs = group.approved * reference.decided, reference.approved * group.decided
    return AdverseImpact(
        group=group,
        reference=reference,
        ratio_bps=basis_points(ours, theirs) if theirs else None,
        interval_bps=_interval(group, reference) if ours and theirs else None,
        below_four_fifths=min(ours, theirs) * 10_000 < FOUR_FIFTHS * max(ours, theirs),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two groups of one attribute of the first applicant, side by side."""

    attribute: str
    group: Group
    reference: Group
    impact: AdverseImpact | None  # nothing when one of them has no decided application
    in_neither: int  # decided applications: another group, or nothing was provided


ASIAN = dict.fromkeys(("2", "21", "22", "23", "24", "25", "26", "27"), "Asian")
ISLANDER = dict.fromkeys(("4", "41", "42", "43", "44"), "Native Hawaiian or other Pacific Islander")
HISPANIC = dict.fromkeys(("1", "11", "12", "13", "14"), "Hispanic or Latino")
GROUPS: dict[str, tuple[str, dict[str, str]]] = {  # attribute -> field, code as filed -> group
    "sex": ("app_sex", {MALE: "male", FEMALE: "female"}),
    "race": ("app_race_1", {"1": "American Indian or Alaska Native", "3": "Black or African American", "5": "White"}
             | ASIAN | ISLANDER),
    "ethnicity": ("app_eth_1", {"2": "not Hispanic or Latino"} | HISPANIC),
}  # fmt: skip
REFERENCE = {"sex": "male", "race": "White", "ethnicity": "not Hispanic or Latino", "age": "under 62"}
ELDERLY = 62  # 12 CFR 1002.2(o)
UNKNOWN_AGE = 8_888  # and 9999: as filed where there is none


def monitored(loans: Iterable[LoanRow], people: Iterable[Demographics]) -> tuple[Comparison, ...]:
    """Each group against its reference: sex, race, ethnicity and age (62 and older, 12 CFR 1002.2(o)).

    Counted are rows with action 1, 2 (approved) or 3 (denied). Raises as ``adverse_impact_by_sex`` does.
    """
    by_row = {person.row: person for person in people}
    decided = [
        (_person_of(loan, by_row), loan.action_taken) for loan in loans if loan.action_taken in DECIDED
    ]
    found = []
    for attribute, reference in REFERENCE.items():
        grouped = [(_group_of(attribute, person), action) for person, action in decided]
        others = dict.fromkeys([*_named(attribute), *filter(None, (name for name, _ in grouped))])
        for name in (each for each in others if each != reference):
            ours, theirs = _group(name, grouped), _group(reference, grouped)
            in_neither = len(decided) - ours.decided - theirs.decided
            found.append(Comparison(attribute, ours, theirs, adverse_impact(ours, theirs), in_neither))
    return tuple(found)


def _interval(group: Group, reference: Group) -> tuple[int, int]:
    a, n, b, m = (Decimal(v) for v in (group.approved, group.decided, reference.approved, reference.decided))
    variance = sum((EXACT.divide(Decimal(1), a), -EXACT.divide(Decimal(1), n),
                    EXACT.divide(Decimal(1), b), -EXACT.divide(Decimal(1), m)), Decimal(0))  # fmt: skip
    reach = Z_95 * EXACT.sqrt(max(variance, Decimal(0)))
    middle = EXACT.ln(EXACT.divide(a * m, n * b))
    low, high = (basis_points(EXACT.exp(middle + side * reach), 1) for side in (-1, 1))
    return low, high


def _group(code: str, outcomes: list[tuple[str, str]]) -> Group:
    actions = [action for sex, action in outcomes if sex == code]
    return Group(code, len(actions), sum(action in APPROVED for action in actions))


def _named(attribute: str) -> Iterable[str]:
    return GROUPS[attribute][1].values() if attribute in GROUPS else ("62 or older",)


def _group_of(attribute: str, person: Demographics) -> str:
    """The group as filed; empty for every other answer."""
    if attribute in GROUPS:
        field, names = GROUPS[attribute]
        return names.get(person[field], "")
    age = int(person["app_age"]) if person["app_age"].isdigit() else UNKNOWN_AGE
    if age >= UNKNOWN_AGE:
        return ""
    return "62 or older" if age >= ELDERLY else "under 62"


def _person_of(loan: LoanRow, people: dict[int, Demographics]) -> Demographics:
    if loan.row not in people:
        raise BadInput("This row has no demographic fields to go with it.", row=loan.row, field="app_sex",
                       remedy="Read loans and demographics from the same file.")  # fmt: skip
    return people[loan.row]
