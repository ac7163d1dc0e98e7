"""Opens an unwinding: a defect of what a case did, reported by a person or by a system of record.

Owns who may report which defect of what, that a case is unwound by one case at a time, and that one which is still
open is stopped at once. Names of those who are told go from one vault into the next here, in front of LangGraph.
Nothing is taken back here, and nothing decided: the unwinding is a case like any other, with whoever reported as its
maker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.errors import UniqueViolation

from api.intake import Submission, submit
from api.reasons import noted
from api.withholding import without_names
from audit.events import AttemptRefused
from audit.unwinding import DefectReported
from checkpoints.compensating import SQL
from checkpoints.ledger import OPS
from domain.application import Addressee, UnwindingApplication
from domain.case import ENDED, Case
from domain.errors import BadInput, Conflict, CountersignError, Forbidden, NotFound
from domain.finding import Fact
from domain.identity import IdentityKind, Record
from domain.person import Person
from domain.unwinding import UNWINDING, UndoStep
from graphs.services import Services
from policies.book import InForce
from policies.unwinding import DefectRow, Unwinding


@dataclass(frozen=True, slots=True)
class Defect:
    """What was found."""

    reason: str  # code of the book
    evidence: str  # in a sentence or two: what shows it


@dataclass(frozen=True, slots=True)
class Begun:
    """The case that unwinds it, and whether it was opened and this report is heard of for the first time."""

    case: Case
    opened: bool
    heard: bool


class Preview(Record):
    """What unwinding a case would do now; nothing of it was done."""

    case_id: str
    steps: tuple[UndoStep, ...]
    defects: dict[str, str]  # code -> in words
    countersigned_by: dict[str, tuple[str, int]]  # code -> groups, and how many of them
    one_by_one: tuple[str, ...]
    unwound_by: tuple[str, ...]  # cases that unwind or unwound it


async def preview(here: Services, person: Person, case_id: str) -> Preview:
    """What would be taken back, in order, by what, and what would stay.

    Raises:
        Forbidden: the person may report no defect.
        NotFound: no such case.
        Conflict: there is nothing to unwind.
    """
    book, section = await _book(here)
    _may_report(person, section, None)
    case = await here.cases.get(case_id)
    steps = await _undoable(here, case)
    return Preview(
        case_id=case_id,
        steps=steps,
        defects={code: row.text for code, row in section.defects.items()},
        countersigned_by={code: _signers(book, case, steps, code) for code in section.defects},
        one_by_one=section.one_by_one,
        unwound_by=await here.cases.unwound_by(case_id),
    )


async def open_unwinding(here: Services, person: Person, case_id: str, defect: Defect, key: str) -> Begun:
    """Open it; the one that was opened under this key, or that is under way. A refusal is recorded.

    Raises:
        BadInput: the book has no such defect, or nothing was said that shows it.
        Forbidden: the person may not report it.
        NotFound: no such case.
        Conflict: there is nothing to unwind, or the key stands for something else.
    """
    try:
        _require_reported(person, (await _book(here))[1], defect)
        before = await _opened_before(here, person, case_id, key)
        return Begun(before, False, False) if before else await _opened(here, person, case_id, defect, key)
    except CountersignError as error:
        target, why = await noted(here, case_id), await noted(here, error.message)
        event = AttemptRefused(action="unwind", target=target, reason=why)
        minute = here.clock.now().isoformat(timespec="minutes")
        await here.ledger.record(OPS, f"unwind/{person.id}/{target}/{minute}", event, person.id)
        raise


async def _opened(here: Services, person: Person, case_id: str, defect: Defect, key: str) -> Begun:
    case = await here.cases.get(case_id)
    under_way = await _under_way(here, case_id)
    if under_way is not None:
        event = DefectReported(unwinds=case_id, reason=defect.reason)
        async with here.database.transaction() as connection:
            # Before or after an effect of the unwinding, never at the same time as one.
            await connection.execute(SQL["reporting"], (under_way.id,))
            told = (under_way.id, f"reported/{person.id}/{key}", event, person.id)
            heard = await here.ledger.append(connection, *told)
        return Begun(under_way, False, heard)
    application = await _application(here, case, await _undoable(here, case), defect)
    try:
        opened = await submit(here, person, Submission(application, key))
        # a report that is cut off here is made good by the plan's own step
        async with here.database.transaction() as connection:
            await here.unwound.stop(connection, case_id, opened.id, defect.reason)
        return Begun(opened, True, True)
    except UniqueViolation as error:
        raise Conflict(
            f"somebody else has just begun to unwind {case_id}", remedy="look at the case again"
        ) from error


async def _application(
    here: Services, case: Case, steps: tuple[UndoStep, ...], defect: Defect
) -> UnwindingApplication:
    values = await _values(here, case.id)
    known = list(values.values())
    asked = UnwindingApplication(
        application_date=here.clock.now().date(),
        product=case.product,
        amount_cents=sum(each.cents for each in steps if each.fate == "undo"),
        unwinds=case.id,
        unwound_kind=case.kind,
        unwound_date=case.application_date,
        reason=defect.reason,
        evidence=defect.evidence,
        addressees=_addressees(await here.cases.application(case.id), values),
    )
    told = without_names({"evidence": defect.evidence}, asked, known)["evidence"]
    return asked.model_copy(update={"evidence": told})


def _addressees(
    application: Mapping[str, Any], values: Mapping[str, tuple[IdentityKind, str]]
) -> tuple[Addressee, ...]:
    """Whom the decision was told to: the company that applied, else the borrowers; nobody once it was erased."""
    companys = application["kind"] == "commercial_credit"
    parties = [application["company"]] if companys else application.get("borrowers", ())
    return tuple(Addressee(name=values[each["name"]][1]) for each in parties if each["name"] in values)


async def _values(here: Services, case_id: str) -> Mapping[str, tuple[IdentityKind, str]]:
    try:
        return await here.vault.values(case_id)
    except NotFound:
        return {}  # its key was destroyed: nobody can be told any more


async def _undoable(here: Services, case: Case) -> tuple[UndoStep, ...]:
    """What the case did; ``Conflict`` where nothing is left to unwind."""
    if case.simulation or case.kind == UNWINDING:
        what = "a what-if copy" if case.simulation else "an unwinding itself"
        raise Conflict(
            f"{case.id} is {what}: it is not unwound", remedy="name the case whose effects are wrong"
        )
    steps = await here.unwound.steps(case.id)
    if not any(each.fate != "undone" for each in steps):
        done = "everything that it did was taken back before" if steps else "it did nothing outside itself"
        remedy = (
            "reject what waits at its boundary, or halt it"
            if case.status not in ENDED
            else "look at its dossier"
        )
        raise Conflict(f"there is nothing to unwind in {case.id}: {done}", remedy=remedy)
    return steps


async def _under_way(here: Services, case_id: str) -> Case | None:
    row = await here.database.row(SQL["under_way"], case_id)
    return await here.cases.get(row["id"]) if row else None


async def _opened_before(here: Services, person: Person, case_id: str, key: str) -> Case | None:
    """The unwinding that was opened under this key; ``Conflict`` when the key stands for something else."""
    found = await here.cases.opened_under(person.id, key)
    if found is None:
        return None
    application = await here.cases.application(found.id)
    if (application["kind"], application.get("unwinds")) != (UNWINDING, case_id):
        raise Conflict(f"idempotency key {key!r} was used for case {found.id}", remedy="send a new key")
    return found


async def _book(here: Services) -> tuple[InForce, Unwinding]:
    book = (await here.books.current(UNWINDING)).on(here.clock.now().date())
    return book, book.rules.unwinding or Unwinding(defects={})


def _require_reported(person: Person, section: Unwinding, defect: Defect) -> None:
    row = section.defects.get(defect.reason)
    if row is None:
        remedy = "one of " + ", ".join(section.defects)
        raise BadInput(f"the book knows no defect {defect.reason}", field="reason", remedy=remedy)
    if not defect.evidence.strip():
        raise BadInput("nothing is said that shows the defect", field="evidence", remedy="say what shows it")
    _may_report(person, section, row)


def _may_report(person: Person, section: Unwinding, row: DefectRow | None) -> None:
    rows = (row,) if row else tuple(section.defects.values())
    groups = {group for each in rows for group in each.reported_by}
    if not person.groups & groups:
        raise Forbidden(f"this is reported by {', '.join(sorted(groups))}")


def _signers(book: InForce, case: Case, steps: tuple[UndoStep, ...], reason: str) -> tuple[str, int]:
    cents = sum(each.cents for each in steps if each.fate == "undo")
    asked: dict[str, Fact] = {"unwinding_reason": reason, "unwound_kind": case.kind, "amount_cents": cents}
    answer = book.authority.evaluate(asked).answer
    if not answer:
        return book.rules.boundaries["unwinding"].escalates_to, 2
    return str(answer["groups"]), int(answer["quorum"])
