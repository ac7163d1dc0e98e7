"""The evidence packet: what an approver reads and signs. Exceptions first, then figures with their sources."""

from __future__ import annotations

from collections.abc import Iterable

from domain.approval import EvidenceLine, EvidencePacket
from domain.finding import Severity
from domain.money import dollars, in_words, percent
from graphs.supervisor.account import account, shown
from graphs.supervisor.actions import unpriced, unsaid
from graphs.supervisor.dissent import Dissent
from graphs.supervisor.exceptions import let_pass
from graphs.supervisor.known import Standing, decision, disagreements, findings, open_gaps
from graphs.supervisor.state import CaseState


def evidence(here: Standing, state: CaseState, attestation: str) -> EvidencePacket:
    """The packet of a decision; pure over case, book and state, so a re-run binds the same digest."""
    concluded = decision(state)
    return EvidencePacket(
        asked=asked(here, state),
        exceptions=(*_kept_away(here, state), *_exceptions(here, state)),
        figures=figures(state),
        judgements=tuple(_judgements(state)),
        policy_rows=policy_rows(here, state),
        missing=tuple(
            [gap.detail for gap in open_gaps(state)]
            + [f"not known: {name}" for name in concluded.unknown]
            + [f"an offer cannot be made without: {each}" for each in _unoffered(here, state)]
            + [f"an adverse action notice cannot be written without: {each}" for each in unsaid(here, state)]
        ),
        attestation=attestation,
        degraded=any(finding.degraded for finding in findings(state).values()),
        account=account(here, state, concluded),
        dissent=tuple(_disagreed(each) for each in disagreements(here.book, state)),
    )


def _unoffered(here: Standing, state: CaseState) -> tuple[str, ...]:
    return () if decision(state).outcome.value == "decline" else unpriced(here, state)


def asked(here: Standing, state: CaseState) -> str:
    """One sentence: what is to be countersigned."""
    concluded = decision(state)
    amount = dollars(here.case.amount_cents)
    what = f"{here.book.rules.title}: {here.case.product.replace('_', ' ')}, {amount}"
    match concluded.outcome.value:
        case "decline":
            return (
                f"{what}. Policy declines: {'; '.join(concluded.principal_reasons)}. Countersign the decline."
            )
        case "approve":
            return f"{what}. Policy approves{_under(concluded.conditions)}. Countersign the offer."
        case _:
            return f"{what}. Policy refers this to you{_under(concluded.conditions)}. Approve or reject the offer."


def _disagreed(dissent: Dissent) -> str:
    """Every position with its source, and how it was settled."""
    said = " against ".join(
        f"{shown(each.value, each.unit)} ({each.specialist}, {each.source})" for each in dissent.positions
    )
    return f"{dissent.fact.replace('_', ' ')}: {said}: {dissent.settled_by or 'open, for a person to settle'}"


def _under(conditions: tuple[str, ...]) -> str:
    return f" under conditions: {'; '.join(conditions)}" if conditions else ""


def _kept_away(here: Standing, state: CaseState) -> Iterable[str]:
    for each in state.get("quarantined", ()):
        yield (
            f"{each['place']}: tries to steer its reader ({each['rule']}, {each['by']}); agents worked without that "
            f"passage. It can be read with `countersign quarantine {here.case.id}`"
        )


def _exceptions(here: Standing, state: CaseState) -> Iterable[str]:
    found = [(flag.severity, job, flag) for job, each in findings(state).items() for flag in each.flags]
    for severity in (Severity.SERIOUS, Severity.WARNING):
        yield from (f"{job}: {flag.detail}" for level, job, flag in found if level is severity)
    for job, finding in findings(state).items():
        if finding.degraded:
            yield f"{job}: the model failed; the playbook did this work, judgements are missing"
    for each in let_pass(here.book, state):
        yield f"of low risk, and let pass by the book: {each}"
    for job, level in sorted(state.get("autonomy", {}).items()):
        yield f"{job}: in this workflow it stands at {level} (countersign model levels)"


def figures(state: CaseState) -> tuple[EvidenceLine, ...]:
    """Every known fact as people read it, by name, with its source; a flag named like a fact explains it."""
    said = {flag.code: flag.detail for finding in findings(state).values() for flag in finding.flags}
    return tuple(
        EvidenceLine(
            label=in_words(name),
            value=shown(known["value"], known["unit"]) + (f": {said[name]}" if name in said else ""),
            source=known["source"],
        )
        for name, known in sorted(state.get("facts", {}).items())
    )


def _judgements(state: CaseState) -> Iterable[str]:
    for job, finding in findings(state).items():
        for each in finding.judgements:
            sure = percent(each.confidence_bps)
            review = f"; the judge: {each.review}" if each.review else ""
            because = f"because “{each.quote}”; against it: {each.counter}"
            yield f"{job}: {each.question} {each.answer} ({sure}), {because}{review}"


def policy_rows(here: Standing, state: CaseState) -> tuple[str, ...]:
    """The rows of the decision table that answered, with outcome and citation."""
    return tuple(_rows(here, state))


def _rows(here: Standing, state: CaseState) -> Iterable[str]:
    rows = {row.id: row for row in here.book.decision.rows}
    for row_id in decision(state).rows_hit:
        row = rows.get(row_id)
        if row is not None:
            source = f" ({row.source}, {row.source_status})" if row.source else ""
            yield f"{row_id}: {row.outputs['outcome']}{source}"
