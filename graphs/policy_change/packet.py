"""What people read before they sign a change of policy: what turns, whose money and work, what is not shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from checkpoints.proposals import Proposal
from domain.approval import EvidenceLine
from domain.money import dollars
from graphs.policy_change.report import Changed, Report, RestsOn

MOST = 25  # lines of one sort; the report has them all


def exceptions(report: Report, proposal: Proposal) -> tuple[str, ...]:
    """What somebody who signs has to know, worst first."""
    return tuple(_exceptions(report, proposal))


def figures(report: Report) -> tuple[EvidenceLine, ...]:
    """Counts of the report."""
    told = {
        "decided cases compared": f"{report.compared} of {report.cases}",
        "found again under other parameters": f"{report.refound} cases, {report.refound_moved} know something else",
        "not re-found, so not compared": str(len(report.not_refound)),
        "decided otherwise": str(len(report.flipped)),
        "same outcome, other conditions or reasons": str(report.other_terms),
        "same outcome, other people": str(report.other_authority),
        "differences from the live book": str(len(report.changes)),
        "rows whose source is not primary": str(len(report.not_primary)),
    }
    work = {f"work of {each.authority}": f"{each.was} cases → {each.becomes}" for each in report.workload}
    return tuple(
        EvidenceLine(label=label, value=value, source="report") for label, value in (told | work).items()
    )


def _exceptions(report: Report, proposal: Proposal) -> Iterator[str]:
    yield from _most([f"example “{each.name}”: {'; '.join(each.wrong)}" for each in report.failed_examples])
    for each in report.turns:
        yield f"{each.turn}: {each.cases} cases, {dollars(each.amount_cents)}, {each.people} applicants"
    yield from _most([_changed(each) for each in report.changes])
    if not report.compared:
        yield "no decided case shows what it would do"
    yield from (f"not compared: {each.cases} cases ({each.reason})" for each in report.skipped)
    yield from (f"not found out again: what rests on the parameter {each}" for each in report.not_replayed)
    yield from _most([_rests(each) for each in report.resting])
    yield from _most(
        [
            f"not re-found: {each.case} ({', '.join(each.parameters)}): {each.why}"
            for each in report.not_refound
        ]
    )
    yield from _most([f"not tried on decided cases: {each}" for each in report.not_tried])
    yield from (f"no decided case lies on or after {each}" for each in report.not_reached)
    if report.impact.measured:
        for group in report.impact.groups:
            yield (
                f"approved outright in group {group.group}: {group.approved_was} → {group.approved_becomes} "
                f"of {group.cases} ({report.impact.label})"
            )
    if report.not_primary:
        yield (
            f"{proposal.proposed_by} acknowledges {len(report.not_primary)} rows whose source is not primary "
            f"({proposal.not_primary[:12]})"
        )
    yield from _most(
        [f"{each.where}: {each.source or 'no source'} ({each.status})" for each in report.not_primary]
    )


def _changed(change: Changed) -> str:
    return f"{change.direction}: {change.where} {change.what}: {change.before or '—'} → {change.after or '—'}"


def _most(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"… and {len(lines) - MOST} more in the report"


def _rests(each: RestsOn) -> str:
    if not each.read_by:
        return (
            f"parameter {each.parameter}: no specialist and no tool reads it, so no fact shows what it does"
        )
    return f"parameter {each.parameter}: {each.cases} cases rest on it (read by {', '.join(each.read_by)})"
