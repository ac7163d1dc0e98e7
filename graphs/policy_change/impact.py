"""Approval rates by group under both books: the change in adverse impact, for monitoring.

Owns the counts. No case of ours holds sex, ethnicity or race (12 CFR 1002.5(b)): whoever monitors fair lending hands
in which case belongs to which group, that is used here and kept nowhere, and nothing of it reaches a decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from domain.decision import Outcome
from domain.identity import Record
from graphs.policy_change.redeciding import Compared
from tools.hmda.fair_lending import LABEL, Group, adverse_impact

NOT_MEASURED = (
    "not measured: no case holds sex, ethnicity or race; hand in the groups of the cases (--monitoring)"
)


class GroupImpact(Record):
    """How one group would fare, beside the reference."""

    group: str
    cases: int
    approved_was: int  # cases that policy approves outright
    approved_becomes: int
    ratio_was_bps: int | None  # its rate over that of the reference; none where the reference has no approval
    ratio_becomes_bps: int | None
    below_four_fifths_was: bool
    below_four_fifths_becomes: bool


class Impact(Record):
    """The change in adverse impact."""

    measured: bool
    label: str
    reference: str = ""  # the group with the most cases
    without_group: int = 0  # cases that are in no group
    groups: tuple[GroupImpact, ...] = ()


def impact(compared: Iterable[Compared], groups: Mapping[str, str]) -> Impact:
    """Rates of outright approval by group over those of the largest group; see ``adverse_impact`` for the ratio."""
    every = list(compared)
    grouped = [each for each in every if each.case in groups]
    if not grouped:
        return Impact(measured=False, label=NOT_MEASURED)
    sizes = Counter(groups[each.case] for each in grouped)
    reference = min(sizes, key=lambda name: (-sizes[name], name))
    was = Counter(groups[each.case] for each in grouped if each.was is Outcome.APPROVE)
    becomes = Counter(groups[each.case] for each in grouped if each.becomes is Outcome.APPROVE)
    return Impact(
        measured=True,
        label=LABEL,
        reference=reference,
        without_group=len(every) - len(grouped),
        groups=tuple(
            _of(name, reference, sizes, (was, becomes)) for name in sorted(sizes) if name != reference
        ),
    )


def _of(
    name: str, reference: str, sizes: Mapping[str, int], approved: tuple[Counter[str], Counter[str]]
) -> GroupImpact:
    was, becomes = (
        adverse_impact(
            Group(name, sizes[name], counts[name]), Group(reference, sizes[reference], counts[reference])
        )
        for counts in approved
    )
    return GroupImpact(
        group=name,
        cases=sizes[name],
        approved_was=approved[0][name],
        approved_becomes=approved[1][name],
        ratio_was_bps=was.ratio_bps if was else None,
        ratio_becomes_bps=becomes.ratio_bps if becomes else None,
        below_four_fifths_was=bool(was and was.below_four_fifths),
        below_four_fifths_becomes=bool(becomes and becomes.below_four_fifths),
    )
