"""Reconciliation, rule by rule: what one store says alone is named, and stores that agree have no finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.chain import GENESIS, Entry
from audit.reconciliation import Holdings, Looked, Standing, reconcile
from audit.stamps import Flaw
from domain.canonical import digest

LOAN = {"id": "LN-1"}
CASE = {"id": "c", "kind": "home_loan", "status": "closed", "outcome": "approved", "has_key": True}
ANSWER = {"entry": "r1.x/1/ab/0", "gateway": "tool", "answered": True}
REQUEST = {"id": "a1", "boundary": "offer", "status": "approved", "digest": "d1"}
SIGNED = {"approval_id": "a1", "person": "u1", "verb": "approve", "digest": "d1"}
BOOKED = {"key": "k1", "effect": "book_offer", "status": "confirmed", "authority": "approval:a1", "step": "s"}


def event(kind: str, key: str = "k", actor: str = "system", **body: Any) -> Entry:
    return Entry("c", 1, f"{key}/{kind}", kind, 1, "2026-03-02T15:00:00+00:00", actor, body, GENESIS)


CALLED = event("tool_called", entry=ANSWER["entry"])
OPENED = event("approval_opened", approval_id="a1", digest="d1")
DECIDED = event(
    "approval_decided", actor="u1", approval_id="a1", verb="approve", digest="d1", settles="approved"
)
INTENDED = event("effect_intended", "effect/k1")
REFUSED = event("effect_refused", "effect/k1")
DONE = event("effect_confirmed", "effect/k1", read_back_digest=digest(LOAN))
USED = event("standing_authority_used", "u1")
CLOSED = event("case_closed", outcome="approved")

WHOLE = Holdings(
    case=CASE,
    entries=(CALLED, OPENED, DECIDED, INTENDED, DONE, CLOSED),
    calls=(ANSWER,),
    inherited=frozenset(),
    approvals=(REQUEST,),
    decisions=(SIGNED,),
    effects=(BOOKED,),
    looked={"k1": Looked(LOAN)},
    standing=Standing((), "approved", None),
)
WAITS = replace(
    WHOLE,
    case=CASE | {"status": "open", "outcome": None},
    entries=(CALLED, OPENED),
    approvals=(REQUEST | {"status": "pending"},),
    decisions=(),
    effects=(),
    standing=Standing(("await_offer",), None, "a1"),
)


def case(**other: Any) -> dict[str, Any]:
    return CASE | other


def effect(**other: Any) -> tuple[dict[str, Any], ...]:
    return (BOOKED | other,)


def test_stores_that_agree_have_no_finding() -> None:
    alone = {
        "effects": effect(authority="standing:u1"),
        "uses": frozenset({"u1"}),
        "entries": (*WHOLE.entries, USED),
    }
    assert reconcile(WHOLE) == reconcile(WAITS) == reconcile(replace(WHOLE, **alone)) == []


def test_decision_is_on_its_way_as_long_as_a_job_of_the_case_waits_or_runs() -> None:
    decided = {"approvals": (REQUEST,), "decisions": (SIGNED,), "entries": (*WAITS.entries, DECIDED)}
    assert reconcile(replace(WAITS, moving=True, **decided)) == []
    assert [each.what for each in reconcile(replace(WAITS, **decided))] == [
        "a1 was settled, and nothing wakes the case"
    ]


@pytest.mark.parametrize(
    ("held", "change", "between", "what"),
    [
        (WHOLE, {"flaws": (Flaw("case", "it was changed"),)}, "every store ↔ ledger", "case: it was changed"),
        (WHOLE, {"open": ("effect/k1",)}, "every store ↔ ledger", "1 rows have no stamp and nobody is at work"),
        (WHOLE, {"calls": (ANSWER, ANSWER | {"entry": "other"})}, "journal ↔ ledger", "holds an answer at other"),
        (WHOLE, {"calls": (ANSWER | {"answered": False},)}, "journal ↔ ledger", "that the journal does not hold"),
        (WHOLE, {"approvals": (REQUEST | {"digest": "d2"},)}, "approvals ↔ ledger", "the same request a1"),
        (WHOLE, {"decisions": (SIGNED | {"person": "u2"},)}, "approvals ↔ ledger", "both say that u2 decided"),
        (WHOLE, {"approvals": (REQUEST | {"status": "rejected"},)}, "approvals ↔ ledger", "its events say approved"),
        (WHOLE, {"effects": ()}, "effects ↔ ledger", "an effect that the outbox does not hold"),
        (WHOLE, {"effects": effect(status="unknown")}, "effects ↔ ledger", "its last event is effect_confirmed"),
        (WHOLE, {"effects": (BOOKED, BOOKED | {"key": "k2"})}, "effects ↔ ledger", "no event tells of it"),
        (WHOLE, {"entries": (CALLED, OPENED, DECIDED, INTENDED, CLOSED), "effects": effect(status="sending")},
         "effects ↔ ledger", "was begun and not finished"),
        (WHOLE, {"effects": effect(authority="approval:a2")}, "effects ↔ approvals", "which gives no authority"),
        (WHOLE, {"effects": effect(authority="standing:u1")}, "effects ↔ approvals", "which gives no authority"),
        (WHOLE, {"uses": frozenset({"u1"})}, "effects ↔ approvals", "not both tell of standing authority u1"),
        (WHOLE, {"entries": (*WHOLE.entries, USED)}, "effects ↔ approvals", "not both tell of standing authority u1"),
        (WHOLE, {"looked": {"k1": Looked(None, "it is down")}}, "effects ↔ system of record", "it is down"),
        (WHOLE, {"looked": {"k1": Looked(None)}}, "effects ↔ system of record", "not there any more"),
        (WHOLE, {"looked": {"k1": Looked({"id": "LN-2"})}}, "effects ↔ system of record", "as it was read back"),
        (WHOLE, {"entries": (CALLED, OPENED, DECIDED, REFUSED, CLOSED), "effects": effect(status="refused")},
         "effects ↔ system of record", "is refused here, and it is there"),
        (WHOLE, {"entries": (*WHOLE.entries, event("case_stopped"))}, "case ↔ ledger", "the case was stopped"),
        (WHOLE, {"case": case(status="open"), "standing": None}, "case ↔ ledger", "is open; the ledger says closed"),
        (WHOLE, {"case": case(outcome="declined"), "standing": None}, "case ↔ ledger", "ended as declined"),
        (WAITS, {"case": case(status="referred", outcome=None), "standing": None}, "case ↔ ledger",
         "is referred; no event tells"),
        (WHOLE, {"standing": Standing(("settle",), None, None)}, "checkpoints ↔ approvals", "would go on with settle"),
        (WHOLE, {"standing": Standing((), "declined", None)}, "checkpoints ↔ approvals", "checkpoint says declined"),
        (WAITS, {"standing": Standing(("await_offer",), None, "a9")}, "checkpoints ↔ approvals", "not at the desk"),
        (WAITS, {"standing": Standing(("settle",), None, None)}, "checkpoints ↔ approvals", "does not wait for it"),
        (WHOLE, {"case": case(has_key=False)}, "keys ↔ ledger", "its key is gone"),
        (WHOLE, {"entries": (*WHOLE.entries, event("case_erased"))}, "keys ↔ ledger", "and its key is there"),
    ],
)  # fmt: skip
def test_what_one_store_says_alone_is_named_with_a_remedy(
    held: Holdings, change: dict[str, Any], between: str, what: str
) -> None:
    found = [each for each in reconcile(replace(held, **change)) if each.between == between]
    assert [each for each in found if what in each.what and each.remedy], [each.what for each in found]
