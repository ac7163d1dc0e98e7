"""Reconciliation: what the stores of one case say of each other, and what the system of record says of them. Pure.

Each rule compares two of them and names what neither explains, with a remedy. Never changes anything and never
guesses: what cannot be asked is said to be unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.chain import Entry
from audit.stamps import Flaw
from domain.canonical import digest

ENDINGS = {  # what an effect's last event leaves it as
    "effect_intended": ("intended", "sending"),
    "effect_held": ("held", "waiting"),
    "effect_confirmed": ("confirmed",),
    "effect_refused": ("refused",),
    "effect_left_unknown": ("unknown",),
    "effect_compensated": ("compensated",),
}
DECIDED = ("approved", "rejected")
STOPPED = "case_stopped"  # from outside: it ends where it stood
RESTORE = "restore it from a backup of before, and find out who could write to the database"
WAKE = "halt the case and let another person resume it: `countersign halt`, `countersign resume`"
LOOK = "look it up in the system of record, and settle it there with whoever owns the case"
DESTROY = (
    "it came back from a backup: delete it from countersign.case_keys, and look for others that came with it"
)
ASK = "ask again when the system of record answers"


@dataclass(frozen=True, slots=True)
class Unexplained:
    """One thing that two stores do not agree on.

    Args:
        case: of which case.
        between: the two that were compared.
        what: what stands where, in words.
        remedy: what to do about it.
    """

    case: str
    between: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What the system of record showed of one effect: its read-back, nothing, or why it could not be asked."""

    shown: Mapping[str, Any] | None
    unasked: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the newest checkpoint of a case stands."""

    next: tuple[str, ...]
    outcome: str | None
    awaits: str | None  # approval that it waits for


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is compared.

    Args:
        case: its row, and whether its key is there.
        entries: its ledger.
        calls: answered and unanswered calls of its journal: ``entry``, ``gateway``, ``answered``.
        inherited: entries of the journals that it reads through to.
        approvals: its requests as the desk holds them.
        decisions: what people decided on them.
        effects: its rows of the outbox.
        uses: its uses of standing authority.
        looked: what the system of record shows now, by key of the effect.
        standing: its newest checkpoint, if there is one.
        moving: whether a job of it waits or runs.
        flaws: what verification found wrong.
        open: rows without a stamp yet.
    """

    case: Mapping[str, Any]
    entries: Sequence[Entry]
    calls: Sequence[Mapping[str, Any]]
    inherited: frozenset[str]
    approvals: Sequence[Mapping[str, Any]]
    decisions: Sequence[Mapping[str, Any]]
    effects: Sequence[Mapping[str, Any]]
    uses: frozenset[str] = frozenset()
    looked: Mapping[str, Looked] = field(default_factory=dict)
    standing: Standing | None = None
    moving: bool = False
    flaws: Sequence[Flaw] = ()
    open: Sequence[str] = ()

    def told(self, *kinds: str) -> list[Entry]:
        """Events of these kinds, in order."""
        return [entry for entry in self.entries if entry.kind in kinds]


Told = Iterator[tuple[str, str]]  # what, remedy


def reconcile(held: Holdings) -> list[Unexplained]:
    """Everything unexplained about a case, rule by rule."""
    return [
        Unexplained(held.case["id"], between, what, remedy)
        for between, rule in RULES
        for what, remedy in rule(held)
    ]


def _record(held: Holdings) -> Told:
    """What verification found."""
    for flaw in held.flaws:
        yield f"{flaw.where}: {flaw.reason}", RESTORE
    if held.open and not held.moving:
        yield f"{len(held.open)} rows have no stamp and nobody is at work on the case", WAKE


def _journal(held: Holdings) -> Told:
    """Every answer has its event, every event its answer."""
    told = {entry.body["entry"] for entry in held.told("model_called", "tool_called")}
    answered = {call["entry"] for call in held.calls if call["answered"]}
    for entry in sorted(answered - told):
        yield f"the journal holds an answer at {entry} of which no event tells", RESTORE
    for entry in sorted(told - answered - held.inherited):
        yield f"an event tells of an answer at {entry} that the journal does not hold", RESTORE


def _approvals(held: Holdings) -> Told:
    """Requests and decisions of the desk are those that events tell of."""
    opened = {entry.body["approval_id"]: entry.body["digest"] for entry in held.told("approval_opened")}
    here = {each["id"]: each["digest"] for each in held.approvals}
    for each in sorted({*opened, *here}):
        if opened.get(each) != here.get(each):
            yield f"the desk and the ledger do not hold the same request {each}", RESTORE
    decided = {
        (e.body["approval_id"], e.actor, e.body["verb"], e.body["digest"])
        for e in held.told("approval_decided")
    }
    kept = {(d["approval_id"], d["person"], d["verb"], d["digest"]) for d in held.decisions}
    for approval, person, verb, _ in sorted(decided ^ kept):
        yield f"desk and ledger do not both say that {person} decided {verb} on {approval}", RESTORE
    yield from _statuses(held)


def _statuses(held: Holdings) -> Told:
    """Where a request stands follows from its events."""
    after: dict[str, str] = {}
    for entry in held.told("approval_decided", "approval_withdrawn", "approval_expired"):
        after[entry.body["approval_id"]] = entry.body.get("settles", "expired")
    for each in held.approvals:
        said = after.get(each["id"], "pending")
        if each["status"] not in (said, "simulated"):
            yield f"request {each['id']} is {each['status']}; its events say {said}", RESTORE


def _effects(held: Holdings) -> Told:
    """Each effect stands where its last event left it, and on an authority that was given."""
    last = {e.key.split("/")[1]: e for e in held.entries if e.kind in ENDINGS and e.key.startswith("effect/")}
    unsent = {e.body["step"] for e in held.told("effect_refused") if not e.key.startswith("effect/")}
    for key in sorted(last.keys() - {row["key"] for row in held.effects}):
        yield f"event {last[key].seq} tells of an effect that the outbox does not hold", RESTORE
    for row in held.effects:
        event = last.get(row["key"])
        if event is None or row["status"] not in ENDINGS[event.kind]:
            told = f"its last event is {event.kind}" if event else "no event tells of it"
            yield f"effect {row['effect']} ({row['key'][:12]}) is {row['status']}; {told}", RESTORE
        elif row["status"] in ENDINGS["effect_intended"] and not held.moving and row["step"] not in unsent:
            yield f"effect {row['effect']} ({row['key'][:12]}) was begun and not finished", WAKE


def _authority(held: Holdings) -> Told:
    """What was performed had an authority: an approval that was given, or a use of a standing one that was told of."""
    told = {entry.key.removesuffix(f"/{entry.kind}") for entry in held.told("standing_authority_used")}
    for each in sorted(told ^ held.uses):
        yield f"ledger and uses do not both tell of standing authority {each}", RESTORE
    given = {f"approval:{each['id']}" for each in held.approvals if each["status"] in DECIDED}
    given |= {f"standing:{each}" for each in held.uses}
    for row in held.effects:
        if row["status"] == "confirmed" and str(row["authority"]).split(" ")[0] not in given:
            yield (
                f"effect {row['effect']} was performed on {row['authority']}, which gives no authority",
                LOOK,
            )


def _system_of_record(held: Holdings) -> Told:
    """What was confirmed is still there as it was read back; what was not, is not there."""
    confirmed = {e.key.split("/")[1]: e.body["read_back_digest"] for e in held.told("effect_confirmed")}
    for row in held.effects:
        looked, name = held.looked.get(row["key"]), f"effect {row['effect']} ({row['key'][:12]})"
        if looked is None:
            continue
        if looked.unasked:
            yield f"{name} could not be looked up: {looked.unasked}", ASK
        elif row["status"] == "confirmed" and looked.shown is None:
            yield f"{name} is confirmed here, and not there any more", LOOK
        elif row["status"] == "confirmed" and digest(dict(looked.shown or {})) != confirmed.get(row["key"]):
            yield f"{name} is not there as it was read back on the day", LOOK
        elif row["status"] in ("refused", "held", "unknown") and looked.shown is not None:
            yield f"{name} is {row['status']} here, and it is there", LOOK


def _case(held: Holdings) -> Told:
    """How a case ended is what its last event of an end says."""
    status, outcome = held.case["status"], held.case["outcome"]
    closed, referred = held.told("case_closed"), held.told("case_referred")
    if held.told(STOPPED):
        if (status, outcome) != ("closed", "stopped"):
            yield f"the case was stopped; it is {status} as {outcome}", RESTORE
        return
    if (status == "closed") != bool(closed) and not referred:
        yield f"the case is {status}; the ledger says {'closed' if closed else 'that it goes on'}", RESTORE
    elif closed and outcome != closed[-1].body["outcome"]:
        yield f"the case ended as {outcome}; the ledger says {closed[-1].body['outcome']}", RESTORE
    if status == "referred" and not referred:
        yield "the case is referred; no event tells of it", RESTORE


def _checkpoints(held: Holdings) -> Told:
    """The newest checkpoint stands where the case and the desk say."""
    here = held.standing
    if here is None or held.moving:
        return
    pending = {
        each["id"] for each in held.approvals if each["status"] == "pending" and each["boundary"] != "waiver"
    }
    if held.case["status"] in ("closed", "referred"):
        if here.next and not held.told(STOPPED):
            yield f"the case has ended; its checkpoint would go on with {', '.join(here.next)}", RESTORE
        elif held.case["status"] == "closed" and here.outcome not in (None, held.case["outcome"]):
            yield f"the checkpoint says {here.outcome}, the case {held.case['outcome']}", RESTORE
        return
    if here.awaits is not None and here.awaits not in {each["id"] for each in held.approvals}:
        yield f"the checkpoint waits for {here.awaits}, which is not at the desk", RESTORE
    elif here.awaits is not None and here.awaits not in pending | _simulated(held):
        yield f"{here.awaits} was settled, and nothing wakes the case", WAKE
    for each in sorted(pending - {here.awaits}):
        yield f"request {each} is pending, and the checkpoint does not wait for it", RESTORE


def _key(held: Holdings) -> Told:
    """A case has its key until it was erased, and never again."""
    erased = held.told("case_erased")
    if erased and held.case["has_key"]:
        yield "the case was erased, and its key is there", DESTROY
    elif not erased and not held.case["has_key"]:
        yield "its key is gone, and no event tells that it was erased", RESTORE


def _simulated(held: Holdings) -> set[str]:
    return {each["id"] for each in held.approvals if each["status"] == "simulated"}


RULES: tuple[tuple[str, Callable[[Holdings], Told]], ...] = (
    ("every store ↔ ledger", _record),
    ("journal ↔ ledger", _journal),
    ("approvals ↔ ledger", _approvals),
    ("effects ↔ ledger", _effects),
    ("effects ↔ approvals", _authority),
    ("effects ↔ system of record", _system_of_record),
    ("case ↔ ledger", _case),
    ("checkpoints ↔ approvals", _checkpoints),
    ("keys ↔ ledger", _key),
)
