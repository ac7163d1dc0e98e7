"""Exports the record of a case: anchored to its last event, verified, and only then written and signed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from api.documents.case_file import case_file
from api.documents.markdown import markdown
from audit.archive import Contents, archive, verifier_source
from audit.dossier import dossier
from audit.record import RecordExported
from audit.tree import tree_flaws
from checkpoints.ledger import OPS
from checkpoints.proofs import Proof, examine
from checkpoints.rows import lines_of, secrets_of
from checkpoints.stamps import entries_of
from domain.case import Case
from domain.errors import Conflict
from domain.person import Person
from graphs.services import Services


@dataclass(frozen=True, slots=True)
class Export:
    """An archive, and the SHA-256 of the ``verify.py`` in it."""

    content: bytes
    verifier: str


async def export(services: Services, person: Person, case: Case) -> Export:
    """The archive of a case; that it was taken is recorded.

    Raises:
        Conflict: the record does not verify, or a runner is at work on the case.
    """
    await services.anchors.anchor([case.id])
    book = await services.books.pinned(case.policy_version)
    told = markdown(dossier(await case_file(services, person, case)))
    async with services.proofs.view() as connection:
        tree = await services.anchors.tree(connection)
        _require_whole(await examine(connection, case.id, tree, tree_flaws(tree)))
        record = Contents(
            entries=await entries_of(connection, case.id),
            rows=await lines_of(connection, case.id),
            secrets=await secrets_of(connection, case.id),
            dossier=told,
            book=book.source,
            tree=tree,
        )
    content = archive(record, services.anchors.vouch)
    event = RecordExported(case=case.id, events=len(record.entries), sha256=sha256(content).hexdigest())
    moment = services.clock.now().isoformat(timespec="milliseconds")
    await services.ledger.record(OPS, f"export/{case.id}/{person.id}/{moment}", event, person.id)
    return Export(content, sha256(verifier_source()).hexdigest())


def _require_whole(proof: Proof) -> None:
    if proof.flaws:
        first = proof.flaws[0]
        remedy = f"see `countersign verify {proof.stream}`"
        raise Conflict(f"the record does not verify: {first.where}: {first.reason}", remedy=remedy)
    if proof.open or proof.anchored != proof.events:
        raise Conflict("somebody is at work on this case", remedy="export it again when it stands still")
