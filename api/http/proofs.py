"""Verification over HTTP: one case, everything, and the key that the record is signed with."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import Response

from api.exporting import export
from api.http.access import Id, Visiting, governed
from checkpoints.proofs import Proof, TreeProof
from domain.identity import Record
from domain.person import AUDITORS
from graphs.reconciling import Reconciled, reconcile_all, reconcile_case

MOST_SHOWN = 100  # flaws of one answer; the count says how many there are
router = governed("the record")


class Flawed(Record):
    """Something that is not as it was put on record."""

    stream: str
    where: str
    reason: str
    event: int | None = None


class Verified(Record):
    """What was verified of one case."""

    verified: bool
    events: int
    rows: int
    anchored: int
    open: tuple[str, ...]
    first_bad: int | None
    reason: str
    flaws: tuple[Flawed, ...]

    @classmethod
    def of(cls, proof: Proof) -> Verified:
        """As it is shown; the first bad event is the lowest that a flaw names."""
        named = [flaw for flaw in proof.flaws if flaw.event is not None]
        first = min(named, key=lambda flaw: flaw.event or 0) if named else next(iter(proof.flaws), None)
        return cls(
            verified=proof.verified,
            events=proof.events,
            rows=proof.rows,
            anchored=proof.anchored,
            open=proof.open,
            first_bad=first.event if first else None,
            reason=f"{first.where}: {first.reason}" if first else "",
            flaws=_flawed(proof),
        )


class AllVerified(Record):
    """What was verified of the whole record."""

    verified: bool
    streams: int
    events: int
    rows: int
    leaves: int
    signed: int
    notes: int
    found: int  # how many flaws
    flaws: tuple[Flawed, ...]

    @classmethod
    def of(cls, tree: TreeProof, proofs: list[Proof]) -> AllVerified:
        """As it is shown."""
        flaws = tuple(
            Flawed(stream="", where=each.where, reason=each.reason, event=each.event) for each in tree.flaws
        )
        flaws += tuple(flaw for proof in proofs for flaw in _flawed(proof))
        return cls(
            verified=not flaws,
            streams=len(proofs),
            events=sum(each.events for each in proofs),
            rows=sum(each.rows for each in proofs),
            leaves=tree.leaves,
            signed=tree.signed,
            notes=tree.notes,
            found=len(flaws),
            flaws=flaws[:MOST_SHOWN],
        )


class UnexplainedHere(Record):
    """One thing that two stores do not agree on."""

    case: str
    between: str
    what: str
    remedy: str


class Reconciliation(Record):
    """What was compared, and what nothing explains."""

    cases: int
    compared: dict[str, int]
    found: int
    unexplained: tuple[UnexplainedHere, ...]

    @classmethod
    def of(cls, made: Reconciled) -> Reconciliation:
        """As it is shown."""
        shown = tuple(UnexplainedHere(**asdict(each)) for each in made.found[:MOST_SHOWN])
        return cls(cases=made.cases, compared=made.compared, found=len(made.found), unexplained=shown)


class RecordKey(Record):
    """The public key of the record, as a C2SP verifier key."""

    key: str


@router.get("/cases/{case_id}/verification", summary="Verify a case's record")
async def verify_case(case_id: Id, visiting: Visiting) -> Verified:
    """Chain, journal, approvals, effects, checkpoints, records and anchors; for its maker and `auditors`."""
    await visiting.own_case(case_id)
    return Verified.of(await visiting.services.proofs.of_case(case_id))


@router.get("/cases/{case_id}/export", summary="Export a case's record", response_class=Response)
async def export_case(case_id: Id, visiting: Visiting) -> Response:
    """For `auditors`: one tar with ledger, rows, encrypted journal, proofs, dossier and its own `verify.py`.

    409 when the record does not verify, or a runner is at work on the case. Who exported is recorded.
    """
    await visiting.member(AUDITORS)
    case = await visiting.case(case_id)
    made = await export(visiting.services, visiting.person, case)
    names = {
        "content-disposition": f'attachment; filename="{case_id}.tar"',
        "x-verifier-sha256": made.verifier,
    }
    return Response(made.content, media_type="application/x-tar", headers=names)


@router.get("/record/verification", summary="Verify the whole record")
async def verify_everything(visiting: Visiting) -> AllVerified:
    """Every stream, and the tree with all its notes; for `auditors`."""
    await visiting.member(AUDITORS)
    return AllVerified.of(*await visiting.services.proofs.of_all())


@router.get("/cases/{case_id}/reconciliation", summary="Reconcile a case")
async def reconcile_one(case_id: Id, visiting: Visiting) -> Reconciliation:
    """Checkpoints, ledger, journal, approvals, effects and system of record; for `auditors` and `sre`."""
    await visiting.member(AUDITORS, "sre")
    return Reconciliation.of(await reconcile_case(visiting.services, case_id))


@router.get("/record/reconciliation", summary="Reconcile every case")
async def reconcile_everything(visiting: Visiting) -> Reconciliation:
    """All cases, and rows that belong to none; every effect is looked at where it was done."""
    await visiting.member(AUDITORS, "sre")
    return Reconciliation.of(await reconcile_all(visiting.services))


@router.get("/record/key", summary="Read the key that the record is signed with")
async def read_key(visiting: Visiting) -> RecordKey:
    """For everybody who may log in; keep a copy outside, and verify with that."""
    return RecordKey(key=str(visiting.services.anchors.key))


def _flawed(proof: Proof) -> tuple[Flawed, ...]:
    return tuple(
        Flawed(stream=proof.stream, where=each.where, reason=each.reason, event=each.event)
        for each in proof.flaws
    )
