"""Intake: an application becomes a case in front of LangGraph, identity in the vault, policy pinned, job deferred.

Everything happens in one transaction or not at all. Nothing here is decided.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from api import json_text
from api.admitting import admitted
from api.quarantining import Cleared, Incoming, cleared, keep_away, read_after, read_together
from api.reasons import about_nobody, kept_in
from api.tokenising import replaced
from api.withholding import Values, identity_of, without_identity, without_names
from audit.events import CaseOpened, RecordReceived
from checkpoints.database import Connection
from checkpoints.ledger import Told
from checkpoints.records import Sent
from domain.application import (
    AmendmentApplication,
    Application,
    CommercialCreditApplication,
    HomeLoanApplication,
    OnboardingApplication,
    RegisterReviewApplication,
    UnwindingApplication,
)
from domain.canonical import digest
from domain.case import Case, CaseStatus
from domain.chat import CHAT
from domain.errors import BadInput, Conflict, InvalidPolicy
from domain.identity import prose_fields
from domain.party import COMPANY, OWNER, is_reference, parties_of
from domain.person import Person
from domain.records import SourceRecord
from domain.records.conditions import ConditionMet
from graphs.services import Services
from guardrails.recognise import apart, recognised
from policies.book import Book
from tools.credit.documents import refuse_unreadable
from tools.hmda.register import parse_register

AnyApplication = (
    HomeLoanApplication | AmendmentApplication | OnboardingApplication | CommercialCreditApplication
)
AnySubmitted = AnyApplication | RegisterReviewApplication | UnwindingApplication
APPLICATIONS: TypeAdapter[AnyApplication] = TypeAdapter(Application)
RECORDS: TypeAdapter[Any] = TypeAdapter(SourceRecord)
DATED = (  # days of a record that cannot lie ahead
    *("period_end", "valued_on", "reported_on", "pulled_on", "received_on"),
    *("filed_on", "stated_on", "verified_on", "confirmed_on", "booked_on", "detected_on"),
)
GIVEN = ("file", "evidence")  # names that somebody gave to something: they may hold anybody's number
OLDEST = 130  # years; no verified age is higher


@dataclass(frozen=True, slots=True)
class Submission:
    """A validated application with the key under which it may be sent again."""

    application: AnySubmitted
    idempotency_key: str
    records: tuple[BaseModel, ...] = ()


def parse_application(content: bytes | dict[str, Any], file: str | None = None) -> AnyApplication:
    """An application from JSON; ``BadInput`` names file, field and remedy."""
    application: AnyApplication = _valid(APPLICATIONS, _json(content, file), file)
    return application


def parse_record(body: dict[str, Any], file: str | None = None) -> BaseModel:
    """A source record from JSON; ``BadInput`` names file, field and remedy."""
    record: BaseModel = _valid(RECORDS, body, file)
    return record


def parse_register_file(content: bytes, file: str, today: date) -> RegisterReviewApplication:
    """A register that can be read, as the application to review it.

    Raises:
        BadInput: it cannot be read, or its name is no file name; names file, row, field and remedy.
    """
    parse_register(content, file)
    body = {"application_date": today, "file": file, "sha256": hashlib.sha256(content).hexdigest()}
    try:
        return RegisterReviewApplication.model_validate({**body, "register_text": content.decode()})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput(
            first["msg"], field="file", remedy="give the file a name of 1 to 200 letters"
        ) from error


async def submit(services: Services, person: Person, submission: Submission) -> Case:
    """Open a case, or give the one that was opened under the same key with the same content.

    Raises:
        BadInput: the application is dated in the future, somebody was born at an impossible date, the key identifies
            somebody, or the book does not take it up.
        Conflict: the key was used with other content.
    """
    application = submission.application
    now = services.clock.now()
    if application.application_date > now.date():
        raise BadInput(
            "the application is dated in the future", field="application_date", remedy="correct the date"
        )
    _born_in_time(application)
    await about_nobody(services, submission.idempotency_key, "idempotency_key")
    book = await _book(services, application)
    kind = book.rules.kind
    _in_force(book, application.application_date)
    content = digest(
        [_content(application), *(digest(each.model_dump(mode="json")) for each in submission.records)]
    )
    case_id = f"{kind}-{digest([person.id, submission.idempotency_key])[:12]}"
    ruled = await admitted(services, book.rules, application, case_id)
    async with services.database.transaction() as connection:
        await connection.execute("select pg_advisory_xact_lock(hashtext(%s))", (case_id,))
        known = await services.cases.known(connection, person.id, submission.idempotency_key, content)
        if known is None:
            case = Case(
                id=case_id,
                kind=kind,
                status=CaseStatus.OPEN,
                policy_version=book.version,
                workflow=services.workflows.newest(kind).id,
                application_date=application.application_date,
                opened_at=now,
                maker=person.id,
                maker_country=person.country or None,
                amount_cents=_at_stake(application),
                product=application.product,
                content_digest=content,
            )
            await _open(services, connection, case, submission)
            told = [(f"intake/{each.guardrail}", each) for each in ruled]
            await services.ledger.append_all(connection, case_id, told)
    return await services.cases.get(case_id)


def _born_in_time(application: AnySubmitted) -> None:
    """Refuse a birth after the application, or before anybody who lives today was born."""
    day = application.application_date
    for n, borrower in enumerate(getattr(application, "borrowers", ())):
        if not day.year - OLDEST <= borrower.birth_date.year or borrower.birth_date >= day:
            raise BadInput(
                "nobody born on that day applies on the application date",
                field=f"borrowers.{n}.birth_date",
                remedy="correct the date",
            )


async def _book(services: Services, application: AnySubmitted) -> Book:
    book = await services.books.current(application.case_kind or application.kind)
    if (book.rules.form or book.rules.kind) != application.kind:
        raise BadInput(
            f"the book {book.rules.kind} does not take the form {application.kind}",
            field="case_kind",
            remedy=f"send the form {book.rules.form or book.rules.kind}",
        )
    return book


def _in_force(book: Book, day: date) -> None:
    """Refuse an application of a day for which the book has no rules."""
    try:
        book.on(day)
    except InvalidPolicy as error:
        raise BadInput(
            f"the book {book.version} does not cover this day: {error.message}",
            field="application_date",
            remedy="correct the date",
        ) from error


def _content(application: AnySubmitted) -> str:
    """What makes it the same submission again; for a register its bytes, on whichever day they come again."""
    if isinstance(application, RegisterReviewApplication):
        return digest([application.kind, application.file, application.sha256])
    return digest(application.model_dump(mode="json"))


def _at_stake(application: AnySubmitted) -> int:
    if isinstance(application, HomeLoanApplication | CommercialCreditApplication):
        return application.loan_amount_cents
    return application.amount_cents


async def receive_record(services: Services, case_id: str, record: BaseModel, event_id: str) -> bool:
    """Keep a source record and wake its case; ``False`` when this event came before.

    A what-if copy takes none: it reads what its original was sent, so that what is compared rests on the same
    evidence. A chat thread takes none either.

    Raises:
        BadInput: the record names no party or condition of the case, or lies in the future.
        Conflict: the case is closed, a what-if copy or a chat, or the event came before with other content.
    """
    case = await services.cases.get(case_id)
    _takes_records(case)
    if await services.records.came_before(_sent(services, case_id, record, event_id)):
        return False  # also when the case is closed by now
    event_id = await kept_in(services, case_id, event_id, parts=False)
    if await services.records.came_before(_sent(services, case_id, record, event_id)):
        return False
    if case.status in (CaseStatus.CLOSED, CaseStatus.REFERRED):
        raise Conflict(
            f"case {case_id} is {case.status}: it takes no more records", remedy="open another case"
        )
    known = list((await services.vault.values(case_id)).values())
    await _known_condition(services, record, case)
    application = await services.cases.application(case_id)
    _known_party(record, case_id, application)
    before = [application, *(each["body"] for each in await services.records.arrivals((case_id,)))]
    async with services.database.transaction() as connection:
        found = await _read(services, connection, case, record, event_id, known)
        found = await read_after(services, case, before, found)
        said = await keep_away(services, connection, (found,))
        received = await _kept(services, connection, _sent(services, case_id, record, event_id), found)
        await services.ledger.append_all(connection, case_id, [*said, *received])
        if received:
            await services.jobs.defer_advance(connection, case_id)
    return bool(received)


def _takes_records(case: Case) -> None:
    if case.simulation:
        raise Conflict(
            f"case {case.id} is a what-if copy: it takes no records",
            remedy=f"send it to {case.parent}, and make another copy when it was looked at",
        )
    if case.kind == CHAT:
        raise Conflict(f"{case.id} is a chat thread: it takes no records", remedy="send it to a case")


def _sent(services: Services, case_id: str, record: BaseModel, event_id: str) -> Sent:
    content = digest(record.model_dump(mode="json"))
    return Sent(case_id, event_id, services.vault.mark_of(case_id, f"{event_id} {content}"))


async def _known_condition(services: Services, record: BaseModel, case: Case) -> None:
    """A condition that is said to be met is one of the case's book."""
    if not isinstance(record, ConditionMet):
        return
    codes = (await services.books.pinned(case.policy_version)).rules.conditions
    if record.condition not in codes:
        raise BadInput(
            f"the book of case {case.id} has no condition {record.condition}",
            field="condition",
            remedy=f"one of {', '.join(codes)}" if codes else "this kind of case has no conditions",
        )


def no_future(record: BaseModel, today: date) -> None:
    """Refuse a record whose date lies ahead."""
    for name in DATED:
        day = getattr(record, name, None)
        if day is not None and day > today:
            raise BadInput(f"{day} lies in the future", field=name, remedy="correct the date")


async def _open(services: Services, connection: Connection, case: Case, submission: Submission) -> None:
    await services.vault.open_case(connection, case.id)
    plain = await services.vault.tokenise(connection, case.id, submission.application, "application")
    plain = without_identity(plain, submission.application)
    plain = await _without_identifiers(services, connection, case.id, plain, submission.application)
    found = [await cleared(services, Incoming(case, "application", "intake", submission.application), plain)]
    known = [each for model in (submission.application, *submission.records) for each in identity_of(model)]
    for n, record in enumerate(submission.records, 1):
        if isinstance(record, ConditionMet):
            raise BadInput(
                "a condition is met after the approval that it belongs to",
                field=f"records.{n - 1}",
                remedy="leave it out, and let a system of record send it",
            )
        _known_party(record, case.id, plain)
        found.append(await _read(services, connection, case, record, f"submitted-{n}", known))
    (application, *records) = await read_together(services, case, found)
    plain = application.body
    await services.cases.insert(connection, case, plain, submission.idempotency_key)
    event = CaseOpened(
        case_kind=case.kind,
        policy_version=case.policy_version,
        workflow=case.workflow,
        application_date=case.application_date.isoformat(),
        content_digest=digest(plain),
    )
    await services.ledger.append(connection, case.id, "intake", event, case.maker)
    told = await keep_away(services, connection, (application, *records))
    for n, (record, each) in enumerate(zip(submission.records, records, strict=True), 1):
        sent = _sent(services, case.id, record, f"submitted-{n}")
        told += await _kept(services, connection, sent, each)
    await services.ledger.append_all(connection, case.id, told)
    await services.jobs.defer_advance(connection, case.id)


async def _read(
    services: Services, connection: Connection, case: Case, record: BaseModel, event_id: str, known: Values
) -> Cleared:
    """A record without identity and without what guardrails keep from agents; it is not kept yet."""
    no_future(record, services.clock.now().date())
    await asyncio.to_thread(refuse_unreadable, record)
    scope = f"record_{digest([case.id, event_id])[:8]}"
    body = await services.vault.tokenise(connection, case.id, record, scope)
    body = without_names(body, record, [*known, *identity_of(record)])
    body = await _without_identifiers(services, connection, case.id, body, record)
    return await cleared(services, Incoming(case, body["kind"], f"record/{event_id}", record), body)


async def _kept(services: Services, connection: Connection, sent: Sent, found: Cleared) -> Told:
    """Keep one record; the event to tell of it, nothing when it came before."""
    kept = await services.records.insert(connection, sent, found.body, services.clock.now())
    if kept is None:
        return ()
    event = RecordReceived(record_kind=found.body["kind"], record_digest=kept, event_id=sent.event_id)
    return ((f"record/{sent.event_id}", event),)


async def _without_identifiers(
    services: Services, connection: Connection, case_id: str, body: dict[str, Any], model: BaseModel
) -> dict[str, Any]:
    """Identifiers in free text, of people whom the case does not know too, go to its vault; tokens stay."""
    for field in (*prose_fields(model), *GIVEN):
        if isinstance(text := body.get(field), str):
            told = await replaced(services, connection, case_id, text, apart(recognised(text)))
            body = body | {field: told}
    return body


def _known_party(record: BaseModel, case_id: str, application: Mapping[str, Any]) -> None:
    """A party is one that the application names, or an owner of a company: those come to light in evidence."""
    named = parties_of(application)
    owners = COMPANY in named
    for field, party in _parties(record):
        if party in named or (owners and is_reference(party) and party.startswith(OWNER)):
            continue
        choice = f"use one of {', '.join(named)}"
        raise BadInput(
            f"{party!r} names no party of case {case_id}",
            field=field,
            remedy=f"{choice}, or owner:<id> for a holder of the company" if owners else choice,
        )


def _parties(record: BaseModel) -> Iterable[tuple[str, str]]:
    """Every party that a record is about, with its field; also the borrowers who are holders of a company."""
    holders = (
        (f"holders.{n}.party", holder.party) for n, holder in enumerate(getattr(record, "holders", ()))
    )
    about = ("party", getattr(record, "party", None))
    return ((field, party) for field, party in (about, *holders) if party is not None)


def _json(content: bytes | dict[str, Any], file: str | None) -> dict[str, Any]:
    if isinstance(content, dict):
        return content
    parsed = json_text.read(content, file)
    if not isinstance(parsed, dict):
        raise BadInput("a JSON object is expected", file=file, remedy="see `countersign submit --help`")
    return parsed


def _valid(adapter: TypeAdapter[Any], body: dict[str, Any], file: str | None) -> Any:
    try:
        return adapter.validate_json(json.dumps(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        remedy = "correct this field and send it again"
        raise BadInput(first["msg"], file=file, field=where or None, remedy=remedy) from error
