"""What compliance is asked, and what follows from its answer: facts, and clearances that later cases remember.

Owns opening the seal for the compliance packet and nothing else opens one. Never clears anything that the
decision did not cover: remembered is exactly the hit, for exactly the person, under exactly this entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit.events import MatchesCleared
from checkpoints.clearances import Clearances
from checkpoints.journal import read_calls
from domain.approval import ApprovalRequest, EvidencePacket
from domain.clearance import Clearance
from domain.finding import Finding, Flag
from domain.money import in_words
from graphs.lease import lease_for
from graphs.sealing import SEALED, opened
from graphs.services import services
from graphs.supervisor.known import Standing, fact, facts, findings, held
from graphs.supervisor.state import CaseState, KnownFact
from policies.hand import HandRow

SANCTIONS_FLAGS = frozenset({"potential_sanctions_match", "blocked_ownership"})
ASKED_SANCTIONS = "Potential sanctions match: approve to clear it as a false positive, reject to confirm it."
ASKED_ACTIVITY = (
    "Activity of the customer: approve when what has to be filed is dealt with and the relationship may go on, "
    "reject to end it."
)
LIST = "sanctions"


async def compliance_packet(
    here: Standing, state: CaseState, attests: str, failed: Sequence[HandRow] = ()
) -> EvidencePacket:
    """What holds the case and what was judged of it, sealed findings opened; for compliance alone.

    With what ``failed`` and is to be done by hand. The same state gives the same packet.
    """
    flags, found, due = held(state), findings(state).values(), {row.specialist for row in failed}
    sealed = [await opened(here.case.id, each) for each in found if _is_sealed(each)]
    open_ones = [each for each in found if not _is_sealed(each)]
    concerned = [*(each for each in open_ones if each.held or each.specialist in due), *sealed]
    shown = [flag.detail for flag in flags if flag.code != SEALED]
    shown += [flag.detail for finding in sealed for flag in finding.flags]
    shown += [_not_done(row, facts(state)) for row in failed]
    return EvidencePacket(
        asked=" ".join((*_asked(flags, failed), *(row.asks for row in failed))),
        exceptions=tuple(shown) or ("the screening status is a potential match",),
        figures=(),
        judgements=tuple(
            f"{each.question} {each.answer}, because “{each.quote}”; against it: {each.counter}"
            for finding in concerned
            for each in finding.judgements
        ),
        policy_rows=tuple(_holding_rows(here, state)),
        missing=tuple(gap.detail for finding in concerned for gap in finding.gaps),
        attestation=attests,
    )


def by_hand_facts(state: CaseState, failed: Sequence[HandRow], approval_id: str) -> dict[str, KnownFact]:
    """What people found out themselves where work had failed; what is known already stays as it is."""
    known = facts(state)
    return {
        name: fact(value, "flag" if isinstance(value, bool) else "code", approval_id)
        for row in failed
        for name, value in row.settles.items()
        if name not in known
    }


def cleared_facts(state: CaseState, approval_id: str, failed: Sequence[HandRow] = ()) -> dict[str, KnownFact]:
    """The facts that an approval of what was held settles, with the approval as their source."""
    codes, known = {flag.code for flag in held(state)}, facts(state)
    clear = fact("clear", "code", approval_id)
    settled: dict[str, KnownFact] = {}
    if codes & SANCTIONS_FLAGS or not (codes or failed):
        settled["sanctions_status"] = clear
    if codes & SANCTIONS_FLAGS and "blocked_ownership" in known:
        settled["blocked_ownership"] = clear
    if SEALED in codes and "activity_review" in known:
        settled["activity_review"] = clear
    return settled


async def remember(here: Standing, state: CaseState, request: ApprovalRequest) -> None:
    """Write what was cleared beside its event, in one transaction. May run again: nothing is kept twice.

    Never for a what-if copy or in the sandbox: nobody of compliance decided there.
    """
    if here.case.simulation or services().mode == "sandbox":
        return
    cleared = tuple(await _cleared(here.case.id, held(state), request))
    if not cleared:
        return
    entries = tuple(sorted({f"{each.entry_number}@{each.entry_version[:12]}" for each in cleared}))
    event = MatchesCleared(approval_id=request.id, list_name=LIST, entries=entries)
    async with services().database.transaction(await lease_for(here.case.id)) as connection:
        await Clearances.remember(connection, here.case.id, cleared)
        await services().ledger.append(connection, here.case.id, f"{request.id}/cleared", event)


async def _cleared(case_id: str, flags: Iterable[Flag], request: ApprovalRequest) -> Iterable[Clearance]:
    """The hits that the held flags rest on, read from the journal entries that they name."""
    sources = {flag.source for flag in flags if flag.code in SANCTIONS_FLAGS}
    if not sources:
        return ()
    decided_at = max(each.at for each in await services().desk.decisions(request.id))
    calls = await read_calls(services().database, services().vault, case_id)
    answers = [call["response"] for call in calls if call["entry"] in sources and call["response"]]
    return [
        Clearance(
            subject=hit["subject"],
            list_name=LIST,
            entry_number=match["entry_number"],
            entry_version=match["entry_version"],
            approval_id=request.id,
            cleared_at=decided_at,
        )
        for answer in answers
        for hit in answer.get("hits", [answer])
        if hit.get("subject")
        for match in hit["potential_matches"]
    ]


def _not_done(row: HandRow, known: Mapping[str, object]) -> str:
    lacking = ", ".join(in_words(name) for name in row.settles if name not in known)
    return f"{in_words(row.specialist)} failed: nobody knows {lacking}"


def _asked(flags: Iterable[Flag], failed: Sequence[HandRow]) -> Iterable[str]:
    codes = {flag.code for flag in flags}
    if codes - {SEALED} or not (codes or failed):
        yield ASKED_SANCTIONS
    if SEALED in codes:
        yield ASKED_ACTIVITY


def _is_sealed(finding: Finding) -> bool:
    return any(flag.code == SEALED for flag in finding.flags)


def _holding_rows(here: Standing, state: CaseState) -> Iterable[str]:
    rows: dict[str, Any] = {row.id: row.outputs for row in here.book.decision.rows}
    for row in here.book.decision.evaluate(facts(state)).rows_hit:
        if rows[row].get("outcome") == "hold":
            yield f"{row}: hold"
