"""The dossier of a case: what was asked, why, decided by whom, on what, under which rules, and what followed.

Owns the words. Reads nothing by itself and adds no fact: every line stands in a request, a decision, an effect,
a notice, the pinned book or the ledger. The same case file gives the same document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit.case_file import CaseFile
from audit.chain import Entry
from audit.whys import whys
from domain.approval import Action, ApprovalRequest, EvidencePacket
from domain.case import Case
from domain.document import Block, Document, Line, Paragraph, Points, Section, Table, Text, plain, words
from domain.money import dollars

ABOUT = (
    "guardrail",
    "tool",
    "specialist",
    "worker",
    "effect",
    "boundary",
    "condition",
)  # what an event is about
REFUSALS = ("call_refused", "plan_refused", "attempt_refused", "hand_off_rejected", "effect_refused")
SHOWN = 12  # characters of a digest in prose; the whole one stands in the ledger


def dossier(file: CaseFile) -> Document:
    """The whole dossier; parts about which there is nothing to say are left out."""
    case = file.case
    parts = (
        _listed("What policy concluded", _concluded(file.entries)),
        _answered("Why", whys(file)),
        _listed("Who decided", _decided(file)),
        *(_evidence(request) for request in file.requests),
        _listed("What became of the conditions", _conditions(file.entries)),
        _listed("What was done", _done(file)),
        _listed("How it was unwound", _unwound(file.entries)),
        _listed("What was refused on the way", _refused(file.entries)),
        _listed("What is missing", _missing(file.entries)),
        _timeline(file.entries),
        _proof(file),
    )
    return Document(
        title=f"Dossier of case {case.id}",
        facts=_facts(file),
        verdict=_verdict(case),
        sections=tuple(part for part in parts if part.blocks),
        dated=case.opened_at.date().isoformat(),
    )


def _facts(file: CaseFile) -> tuple[tuple[str, Text], ...]:
    case = file.case
    return (
        ("Case", Text(case.id)),
        ("Book", Text(f"{file.title}, {case.policy_version}")),
        ("Asked for", Text(f"{words(case.product)}, {dollars(case.amount_cents)}")),
        ("Application of", Text(case.application_date.isoformat())),
        ("Entered by", Text(f"{case.maker} on {case.opened_at.date().isoformat()}")),
    )


def _verdict(case: Case) -> Line:
    copy = " This is a what-if copy: nothing of it happened." if case.simulation else ""
    return (
        Text("Outcome: "),
        Text(case.outcome or "open", strong=True),
        Text(f" ({words(case.status.value)}).{copy}"),
    )


def _concluded(entries: Iterable[Entry]) -> Iterable[Line]:
    for body in (entry.body for entry in entries if entry.kind == "decision_reached"):
        rows = ", ".join(body["rows_hit"]) or "none"
        rests = Text(f" by rows {rows} of {body['policy_version']}")
        yield (Text(words(body["outcome"]), strong=True), rests)
        yield from (plain(f"principal reason: {each}") for each in body["principal_reasons"])
        yield from (plain(f"condition: {each}") for each in body["conditions"])
        yield from [plain(body["account"])] if body.get("account") else []


def _decided(file: CaseFile) -> Iterable[Line]:
    boundaries = {request.id: request.boundary for request in file.requests}
    for each in file.decisions:
        code = f", code {each.reason_code}" if each.reason_code else ""
        where = words(boundaries.get(each.approval_id, each.approval_id))
        said = f" at the boundary “{where}”: {words(each.verb.value)}{code}: “{each.reason}” "
        bound = f"(bound to {each.digest[:SHOWN]})"
        at = f"{each.at.isoformat(timespec='seconds')}: "
        yield (Text(at), Text(each.person, strong=True), Text(said), Text(bound))
    for entry in file.entries:
        if entry.kind == "standing_authority_used":
            sampled = ", drawn for later review" if entry.body["sampled_for_review"] else ""
            yield plain(f"{entry.at}: standing authority {entry.body['boundary']}{sampled}")


def _conditions(entries: Iterable[Entry]) -> Iterable[Line]:
    for entry in entries:
        body = entry.body
        if entry.kind == "condition_met":
            yield plain(f"{entry.at}: “{words(body['condition'])}” met by {body['met_by']}")
        elif entry.kind == "condition_waived":
            code = f" on {body['approval_id']}, code {body['reason_code']}"
            what = Text(f"{entry.at}: “{words(body['condition'])}” ")
            yield (what, Text("waived", strong=True), Text(code))
        elif entry.kind == "conditions_expired":
            late = ", ".join(words(each) for each in body["conditions"])
            yield plain(f"{entry.at}: not met in time: {late}")


def _evidence(request: ApprovalRequest) -> Section:
    packet = request.packet
    blocks: list[Block] = [Paragraph(plain(packet.asked))]
    for title, lines in (*_lists(packet), *_consequences(request)):
        blocks += [Paragraph((Text(title, strong=True),)), Points(tuple(map(plain, lines)))] if lines else []
    if packet.figures:
        rows = tuple((Text(each.label), Text(each.value), Text(each.source)) for each in packet.figures)
        blocks.append(Table(("figure", "value", "source"), rows, numbers_from=9, widths=(3, 4, 5)))
    blocks.append(Paragraph((Text("Approving attests: ", strong=True), Text(packet.attestation))))
    title = f"Evidence at the boundary “{words(request.boundary)}” ({request.status.value})"
    return Section(title, tuple(blocks))


def _lists(packet: EvidencePacket) -> Iterable[tuple[str, Sequence[str]]]:
    return (
        ("Exceptions", packet.exceptions),
        ("Judgements", packet.judgements),
        ("Policy rows", packet.policy_rows),
        ("Not known", packet.missing),
    )


def _consequences(request: ApprovalRequest) -> Iterable[tuple[str, Sequence[str]]]:
    """What each answer leads to: the alternatives that were open."""
    return (
        ("Approving leads to", _actions(request.actions)),
        ("Rejecting leads to", _actions(request.on_reject)),
        ("An override leads to", _actions(request.on_override)),
    )


def _actions(actions: Iterable[Action]) -> list[str]:
    marks = ((each, "; cannot be undone" if each.irreversible else "") for each in actions)
    return [f"{words(each.name)}{'; adverse' if each.adverse else ''}{mark}" for each, mark in marks]


def _done(file: CaseFile) -> Iterable[Line]:
    for each in file.effects:
        receipt = f", receipt {each['receipt']}" if each["receipt"] else ""
        yield plain(f"{words(each['effect'])}: {each['status']}{receipt}, on {each['authority']}")
    for each in file.notices:
        yield plain(f"notice: {words(each['notice'])}, due {each['due_on']}")


def _unwound(entries: Iterable[Entry]) -> Iterable[Line]:
    for entry in entries:
        told = _unwinding(entry.kind, entry.body)
        if told:
            yield plain(f"{entry.at}: {told}")


def _unwinding(kind: str, body: Mapping[str, Any]) -> str:
    match kind:
        case "unwinding_planned":
            stays = [words(each["effect"]) for each in body["steps"] if each["fate"] in ("stays", "unknown")]
            return f"this case unwinds {body['unwinds']}; what stays: {', '.join(stays) or 'nothing'}"
        case "case_stopped":
            return f"this case was stopped before its end by {body['unwinding']}"
        case "unwinding_started":
            return f"{body['unwinding']} began to unwind this case"
        case "effect_compensated":
            by = f"{words(body['compensation'])} {body['compensation_receipt']}"
            return f"{words(body['effect'])} {body['receipt']} was taken back by {by}"
        case "unwinding_ended":
            left = ", ".join(words(each) for each in body["left"]) or "nothing"
            return f"{body['unwinding']} ended as {words(body['outcome'])}; left to a person: {left}"
        case _:
            return ""


def _refused(entries: Iterable[Entry]) -> Iterable[Line]:
    for entry in entries:
        if entry.kind in REFUSALS:
            why = entry.body.get("reason") or "; ".join(entry.body.get("violations", ()))
            yield plain(f"{words(entry.kind)}: {why}")


def _missing(entries: Iterable[Entry]) -> Iterable[Line]:
    return (
        plain(each) for entry in entries if entry.kind == "case_referred" for each in entry.body["missing"]
    )


def _timeline(entries: Iterable[Entry]) -> Section:
    rows = tuple(
        (Text(str(each.seq)), Text(each.at[:19]), Text(each.actor), Text(_told(each))) for each in entries
    )
    table = Table(("event", "at (UTC)", "by", "what"), rows, numbers_from=9, widths=(1, 3, 3, 5))
    return Section("Timeline", (table,))


def _told(entry: Entry) -> str:
    about = [words(str(entry.body[name])) for name in ABOUT if entry.body.get(name)]
    return f"{words(entry.kind)}: {', '.join(about)}" if about else words(entry.kind)


def _proof(file: CaseFile) -> Section:
    checked = file.verification
    if checked.verified:
        head = file.entries[-1].hash if file.entries else ""
        told = plain(f"{checked.events} events, every link of the hash chain recomputed; head {head}.")
    else:
        where = f": event {checked.first_bad}: {checked.reason}."
        told = (Text("The ledger does not verify", strong=True), Text(where))
    return Section("Proof", (Paragraph(told),))


def _listed(title: str, lines: Iterable[Line]) -> Section:
    listed = tuple(lines)
    return Section(title, (Points(listed),) if listed else ())


def _answered(title: str, answers: Iterable[tuple[str, tuple[str, ...]]]) -> Section:
    """Each question set apart, its answers below it."""
    blocks: list[Block] = []
    for question, lines in answers:
        blocks += [Paragraph((Text(question, strong=True),)), Points(tuple(map(plain, lines)))]
    return Section(title, tuple(blocks))
