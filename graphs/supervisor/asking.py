"""Asks the applicant for what only they can bring: written down for the advisor, answered by records that come.

Nothing is sent from here: the advisor reads the request and sends it. A what-if copy asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from audit.supervision import InformationEnded, InformationRequested
from checkpoints.database import Connection
from checkpoints.information import Asked, Information
from checkpoints.leaving import Door
from domain.canonical import canonical
from domain.leaving import Audience, Kind, Leaving
from graphs.lease import lease_for
from graphs.mandates import over_what_leaves
from graphs.services import services
from graphs.supervisor.known import Standing

STATEMENT = (  # the three things that 12 CFR 1002.9(c)(2) wants in a notice of incompleteness
    "To go on with your application of {application_date} we need: {needs}. Please send it by {answer_by}. "
    "If we do not have it by then, we will give no further consideration to this application."
)


async def letter_to_applicant(
    here: Standing, name: str, kinds: Iterable[str], until: datetime
) -> Asked | None:
    """What the applicant is asked to send, as it passed the output gate; nothing where a system brings it all.

    Raises:
        Refused: the letter would say what it must not; nothing is asked then.
    """
    rule = here.book.rules.applicant
    needs = tuple(kind for kind in kinds if rule is not None and kind in rule.brings)
    if rule is None or not needs or here.case.simulation:
        return None
    leaving = Leaving(
        case_id=here.case.id,
        kind=Kind.LETTER,
        audience=Audience.APPLICANT,
        text=canonical(_body(here, needs, until.date())).decode(),
        what="information_request",
    )
    door = Door(over_what_leaves(here.book), here.case.id, name)
    lease = await lease_for(here.case.id)
    letter = await services().gate.release(services().database, lease, leaving, door)
    send_by = here.case.application_date + timedelta(days=rule.send_within_days)
    return Asked(here.case.id, name, needs, letter, send_by, until.date())


async def ask_applicant(connection: Connection, asked: Asked | None) -> None:
    """Write down what the applicant is asked to send, once per wait."""
    if asked is None:
        return
    await Information.ask(connection, asked, services().clock.now())
    event = InformationRequested(
        needs=asked.needs, send_by=asked.send_by.isoformat(), answer_by=asked.answer_by.isoformat()
    )
    await services().ledger.append(connection, asked.case_id, asked.name, event)


async def asking_ended(connection: Connection, case_id: str, name: str, *, answered: bool) -> None:
    """It was answered, or the time is over; nothing when nobody was asked."""
    if await Information.end(connection, case_id, name, services().clock.now(), answered=answered):
        await services().ledger.append(connection, case_id, name, InformationEnded(answered=answered))


def _body(here: Standing, needs: tuple[str, ...], answer_by: date) -> dict[str, str]:
    words = "; ".join(kind.replace("_", " ") for kind in needs)
    said = STATEMENT.format(
        application_date=here.case.application_date.isoformat(),
        needs=words,
        answer_by=answer_by.isoformat(),
    )
    borrowers = here.application.get("borrowers", ())
    return {
        "statement": said,
        "creditor": here.book.rules.creditor,
        "addressed_to": ";".join(str(each["name"]) for each in borrowers),
    }
