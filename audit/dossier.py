"""The dossier of a case as Markdown: what was asked, decided, by whom, on what, under which rules, and what followed.

Owns the words. Reads nothing by itself and adds no fact: every line stands in a request, a decision, an effect,
a notice or the ledger. The same case file gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.chain import Entry, Verification
from domain.approval import Action, ApprovalDecision, ApprovalRequest, EvidencePacket
from domain.case import Case
from domain.money import dollars

REFUSALS = ("call_refused", "plan_refused", "attempt_refused", "hand_off_rejected", "effect_refused")
SHOWN = 12  # characters of a digest in prose; the whole one stands in the ledger


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything that a dossier is made of.

    Args:
        case: the case itself.
        title: of its book.
        entries: its ledger, in order.
        requests: what people were asked, oldest first; only those the reader may see.
        decisions: what they said, oldest first.
        effects: rows of the outbox (``effect``, ``status``, ``receipt``, ``authority``).
        notices: rows of notices (``notice``, ``due_on``).
        verification: of the ledger's chain.
    """

    case: Case
    title: str
    entries: Sequence[Entry]
    requests: Sequence[ApprovalRequest]
    decisions: Sequence[ApprovalDecision]
    effects: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]
    verification: Verification


def dossier(file: CaseFile) -> str:
    """The whole dossier; parts about which there is nothing to say are left out."""
    parts = (
        _asked(file),
        _section("What policy concluded", _concluded(file.entries)),
        _section("Who decided", _decided(file)),
        *(_evidence(request) for request in file.requests),
        _section("What became of the conditions", _conditions(file.entries)),
        _section("What was done", _done(file)),
        _section("What was refused on the way", _refused(file.entries)),
        _section("What is missing", _missing(file.entries)),
        _timeline(file.entries),
        _proof(file),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _asked(file: CaseFile) -> str:
    case = file.case
    lines = (
        f"# Dossier of case {case.id}",
        f"**{file.title}**: {_words(case.product)}, {dollars(case.amount_cents)}, application of "
        f"{case.application_date.isoformat()}, entered by {case.maker} on {case.opened_at.date().isoformat()}.",
        f"Outcome: **{case.outcome or 'open'}** ({_words(case.status.value)}). Policy: `{case.policy_version}`.",
        *(["This is a what-if copy: nothing of it happened."] if case.simulation else []),
    )
    return "\n\n".join(lines)


def _concluded(entries: Iterable[Entry]) -> Iterable[str]:
    for body in (entry.body for entry in entries if entry.kind == "decision_reached"):
        rows = ", ".join(body["rows_hit"]) or "none"
        yield f"**{_words(body['outcome'])}** by rows {rows} of `{body['policy_version']}`"
        yield from (f"principal reason: {each}" for each in body["principal_reasons"])
        yield from (f"condition: {each}" for each in body["conditions"])
        yield from [body["paragraph"]] if body.get("paragraph") else []


def _decided(file: CaseFile) -> Iterable[str]:
    boundaries = {request.id: request.boundary for request in file.requests}
    for each in file.decisions:
        code = f", code {each.reason_code}" if each.reason_code else ""
        where = _words(boundaries.get(each.approval_id, each.approval_id))
        yield (
            f"{each.at.isoformat(timespec='seconds')}: **{each.person}** at the boundary *{where}*: "
            f"{_words(each.verb.value)}{code}: “{each.reason}” (bound to `{each.digest[:SHOWN]}`)"
        )
    for entry in file.entries:
        if entry.kind == "standing_authority_used":
            sampled = ", drawn for later review" if entry.body["sampled_for_review"] else ""
            yield f"{entry.at}: standing authority {entry.body['boundary']}{sampled}"


def _conditions(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        body = entry.body
        if entry.kind == "condition_met":
            yield f"{entry.at}: *{_words(body['condition'])}* met by {body['met_by']}"
        elif entry.kind == "condition_waived":
            code = f"code {body['reason_code']}"
            yield f"{entry.at}: *{_words(body['condition'])}* **waived** on {body['approval_id']}, {code}"
        elif entry.kind == "conditions_expired":
            yield f"{entry.at}: not met in time: {', '.join(_words(each) for each in body['conditions'])}"


def _evidence(request: ApprovalRequest) -> str:
    packet = request.packet
    parts = [
        f"## Evidence at the boundary *{_words(request.boundary)}* ({request.status.value})",
        packet.asked,
    ]
    parts += [_listed(title, lines) for title, lines in _lists(packet) if lines]
    if packet.figures:
        rows = "\n".join(f"| {each.label} | {each.value} | `{each.source}` |" for each in packet.figures)
        parts.append(f"| figure | value | source |\n|---|---|---|\n{rows}")
    parts += [_listed("Approving leads to", _actions(request.actions))] if request.actions else []
    parts += [_listed("Rejecting leads to", _actions(request.on_reject))] if request.on_reject else []
    parts += [_listed("An override leads to", _actions(request.on_override))] if request.on_override else []
    return "\n\n".join([*parts, f"*Approving attests:* {packet.attestation}"])


def _lists(packet: EvidencePacket) -> Iterable[tuple[str, Sequence[str]]]:
    return (
        ("Exceptions", packet.exceptions),
        ("Judgements", packet.judgements),
        ("Policy rows", packet.policy_rows),
        ("Not known", packet.missing),
    )


def _actions(actions: Iterable[Action]) -> list[str]:
    marks = ((each, "; cannot be undone" if each.irreversible else "") for each in actions)
    return [f"{_words(each.name)}{'; adverse' if each.adverse else ''}{mark}" for each, mark in marks]


def _done(file: CaseFile) -> Iterable[str]:
    for each in file.effects:
        receipt = f", receipt `{each['receipt']}`" if each["receipt"] else ""
        yield f"{_words(each['effect'])}: {each['status']}{receipt}, on {each['authority']}"
    for each in file.notices:
        yield f"notice: {_words(each['notice'])}, due {each['due_on']}"


def _refused(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        if entry.kind in REFUSALS:
            why = entry.body.get("reason") or "; ".join(entry.body.get("violations", ()))
            yield f"{_words(entry.kind)}: {why}"


def _missing(entries: Iterable[Entry]) -> Iterable[str]:
    return (each for entry in entries if entry.kind == "case_referred" for each in entry.body["missing"])


def _timeline(entries: Iterable[Entry]) -> str:
    rows = "\n".join(
        f"| {each.seq} | {each.at[:19]} | {each.actor} | {_words(each.kind)} |" for each in entries
    )
    return f"## Timeline\n\n| event | at (UTC) | by | what |\n|---|---|---|---|\n{rows}"


def _proof(file: CaseFile) -> str:
    checked = file.verification
    if not checked.verified:
        return f"## Proof\n\n**The ledger does not verify**: event {checked.first_bad}: {checked.reason}."
    head = file.entries[-1].hash if file.entries else ""
    return f"## Proof\n\n{checked.events} events, every link of the hash chain recomputed; head `{head}`."


def _section(title: str, lines: Iterable[str]) -> str:
    listed = list(lines)
    return f"## {title}\n\n" + "\n".join(f"- {line}" for line in listed) if listed else ""


def _listed(title: str, lines: Iterable[str]) -> str:
    return f"**{title}**\n\n" + "\n".join(f"- {line}" for line in lines)


def _words(name: str) -> str:
    return name.replace("_", " ")
