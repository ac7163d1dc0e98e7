"""The last step before an answer of the API leaves: it passes the output gate, streamed or whole.

Owns which cases an answer speaks of and for whom it is. Never changes an answer: it leaves as it is or not at all.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from api.http import problems
from checkpoints.accesses import stream_of
from checkpoints.leaving import Door
from domain.canonical import digest
from domain.errors import NotFound, Refused
from domain.leaving import Audience, Kind, Leaving
from domain.numerals import forms
from domain.person import AUDITORS, Person
from graphs.mandates import over_what_leaves
from graphs.services import Services
from guardrails.catalog import OF_LEAVING
from policies.book import InForce

CASE = re.compile(r"\b[a-z][a-z_]{2,40}-[0-9a-f]{12}(?:-fork-\d{1,4})*\b")
READ_AS_TEXT = ("application/json", "application/problem+json", "text/")
READING = "reading"  # what values are for, where a route does not say otherwise
SHOWN = 16  # hexadecimal digits of what left, in the key of its record
FOR_COMPLIANCE = frozenset({"compliance", "chief_compliance", AUDITORS})  # what is sealed is theirs to read
EVERYTHING = tuple(each.name for each in OF_LEAVING)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person is about to read.

    Args:
        what: the route, or a document's name.
        cases: of which it speaks, its own first.
        purpose: of values of identity in it, for policy.
        words: of the text, what is prose; ``None``: all of it.
        known: numbers that figures may be, besides the application's amounts.
        uncited: claims that name no evidence there is.
    """

    what: str
    text: str
    cases: Sequence[str]
    kind: Kind = Kind.READING
    purpose: str = READING
    words: str | None = None
    known: frozenset[Decimal] = frozenset()
    uncited: tuple[str, ...] = ()


async def left(request: Request, response: Response) -> Response:
    """The answer, if it may leave; a stream goes piece by piece and ends where a piece may not.

    What is no text passed the gate where it was made (``read_memo``).

    Raises:
        Refused: something stands in it that this person must not get.
    """
    if isinstance(response, StreamingResponse):
        response.body_iterator = _pieces(request, response.body_iterator)
        return response
    if response.media_type is None or response.media_type.startswith(READ_AS_TEXT):
        await _require(request, bytes(response.body).decode(errors="replace"))
    return response


async def _pieces(request: Request, pieces: Any) -> AsyncIterator[bytes]:
    async for piece in pieces:
        whole = piece.encode() if isinstance(piece, str) else bytes(piece)
        try:
            await _require(request, whole.decode(errors="replace"))
        except Refused as error:
            yield problems.as_event(error)
            return
        yield whole


async def _require(request: Request, text: str) -> None:
    services: Services = request.app.state.services
    spoken_of = (*CASE.findall(request.url.path), *CASE.findall(text))
    if spoken_of:
        purpose = getattr(request.state, "purpose", READING)
        reading = Reading(request.state.action, text, spoken_of, purpose=purpose)
        await may_leave(services, request.state.person, reading)


async def may_leave(services: Services, person: Person, reading: Reading) -> None:
    """``Refused`` when something stands in a reading that this person must not get; the verdicts are on record."""
    first = reading.cases[0]
    book, amounts = await _of_case(services, first)
    leaving = Leaving(
        case_id=first,
        kind=reading.kind,
        audience=Audience.COMPLIANCE if person.groups & FOR_COMPLIANCE else Audience.STAFF,
        text=reading.text,
        words=reading.words,
        what=reading.what,
        known=amounts | reading.known,
        uncited=reading.uncited,
    )
    door = Door(
        guardrails=over_what_leaves(book) if book else EVERYTHING,
        stream=stream_of(person),
        key=f"left/{person.id}/{reading.what}/{digest(reading.text)[:SHOWN]}",
        cases=tuple(dict.fromkeys(reading.cases)),
        person=person,
        purpose=reading.purpose,
    )
    await services.gate.release(services.database, None, leaving, door)


async def _of_case(services: Services, case_id: str) -> tuple[InForce | None, frozenset[Decimal]]:
    """The book of the case, and the amounts that its application gives: they tell nobody of a filing."""
    try:
        case, application = await services.cases.get(case_id), await services.cases.application(case_id)
        book = await services.books.pinned(case.policy_version)
    except NotFound:  # every guardrail looks then
        return None, frozenset()
    known = book.on(case.application_date)
    return known, frozenset(form for each in _amounts(application) for form in forms(each, "cents"))


def _amounts(value: Any) -> list[int]:
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value]
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [amount for each in below for amount in _amounts(each)]
