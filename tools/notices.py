"""Decision notices: what the applicant is told, by when, for which reasons.

Owns the content and the due day of a notice and writes it once, on the outbox's own connection. Never
decides, never invents a reason, never holds a real name (addressees are vault tokens), never posts a letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from checkpoints.database import Connection
from checkpoints.queries import load
from domain.approval import Action, ApprovalDecision
from domain.canonical import canonical
from domain.clock import parse_time
from domain.effect import EffectOrder
from domain.errors import Refused
from domain.identity import Record
from domain.leaving import Audience, Wording
from tools.consumer_report_notice import ReportTerms, consumer_report

SQL = load("notices")
NOTICE_DAYS = 30  # calendar days after the completed application, 12 CFR 1002.9(a)(1)(i)
MOST_REASONS = 4  # more are not likely to be helpful: comment 9(b)(2)-1 of the official interpretations
INSUFFICIENT = re.compile(r"internal (standards|polic)|qualifying score", re.IGNORECASE)  # 1002.9(b)(2)
STATEMENTS = {
    "adverse_action": "We are unable to grant your application of {application_date}.",
    "approval": "We have approved your application of {application_date}.",
    "amendment_confirmation": "We have changed your loan as asked in your application of {application_date}.",
    "reversal": "We have reversed on {action_date} what followed from your application of {application_date}.",
}
EQUAL_CREDIT = (  # 12 CFR 1002.9(b)(1)
    "The Federal Equal Credit Opportunity Act prohibits creditors from discriminating against credit "
    "applicants on the basis of race, color, religion, national origin, sex, marital status, age (provided "
    "the applicant has the capacity to enter into a binding contract); because all or part of the "
    "applicant's income derives from any public assistance program; or because the applicant has in "
    "good faith exercised any right under the Consumer Credit Protection Act. The Federal agency that "
    "administers compliance with this law concerning this creditor is {agency}."
)
REASONABLE_TIME = (  # the reasons stand in the notice already
    "This business is told within a reasonable time and may ask for the reasons in writing within 60 days "
    "(12 CFR 1002.9(a)(3)(ii))."
)
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class NoticeTerms(ReportTerms):
    """Arguments of a notice, all flat; no other is known."""

    notice: Literal["adverse_action", "approval", "amendment_confirmation", "reversal"]
    application_date: date
    action_date: date | None = None  # of what was done to an existing account; the time runs from it
    creditor: Text  # name and address, 12 CFR 1002.9(a)(2)
    borrowers: Annotated[str, Field(pattern=r"^tok_[\w:]+(;tok_[\w:]+)*$")]  # name tokens
    reasons: str = ""
    reasons_from: Text | None = None  # id of the approval whose rejection gives the reason
    wordings: str = ""  # ``code=words; code=words`` for reason codes of that rejection
    agency: str = ""  # name and address, appendix A of 12 CFR part 1002
    timing: Literal["thirty_days", "reasonable_time"] = "thirty_days"
    within_days: Annotated[int, Field(ge=1, le=365)] = NOTICE_DAYS  # of a reasonable time, by the book

    @property
    def adverse(self) -> bool:
        """Whether the applicant is refused."""
        return self.notice == "adverse_action"

    @property
    def days(self) -> int:
        """Calendar days from what it is told about."""
        return self.within_days if self.timing == "reasonable_time" or self.action_date else NOTICE_DAYS

    @property
    def due_on(self) -> date:
        """The last day."""
        return (self.action_date or self.application_date) + timedelta(days=self.days)

    @property
    def statement(self) -> str:
        """What was done, in a sentence."""
        said = STATEMENTS["reversal" if self.action_date else self.notice]
        return said.format(application_date=self.application_date, action_date=self.action_date)


class DecisionNotice:
    """Writes one row of ``countersign.notices``.

    Arguments of the action, all flat: ``notice`` (``adverse_action``, ``approval``,
    ``amendment_confirmation``, ``reversal``), ``application_date`` (ISO, of the completed application),
    ``action_date`` (ISO; of an action on an existing account alone) with ``within_days``, ``creditor`` (name
    and address), ``borrowers`` (name tokens, semicolons between them); for adverse action also ``agency``
    (name and address of the federal agency) and either ``reasons`` (semicolons between them) or
    ``reasons_from`` (approval id) with optional ``wordings``; for a business of more than a million dollars
    revenue ``timing`` (``reasonable_time``) and ``within_days``; and when a consumer report was used the
    arguments of ``ReportTerms``. Others are refused.
    """

    name = "decision_notice"
    terms: type[Record] = NoticeTerms
    audience = Audience.APPLICANT
    undone_by: str | None = None
    lasting = "it was written and may have been sent: tell the customer what became of it"
    money: str | None = None
    counterparty: str | None = None
    sort: str | None = None
    region = "US"

    async def perform_in(self, connection: Connection, order: EffectOrder, now: str) -> str:
        """Write it and give ``<case>/<notice>``; the same order writes nothing twice.

        Due ``application_date`` + 30 calendar days, without regard to weekends (12 CFR 1002.9(a)(1)(i) for
        approval and adverse action; for a confirmation, and for a business that is told within a reasonable time
        under 12 CFR 1002.9(a)(3)(ii), a deadline of the house). What was done to an existing account is told
        within 30 days of that: ``action_date`` + ``within_days`` (12 CFR 1002.9(a)(1)(iii)).

        Raises:
            Refused: arguments are missing, reasons are none, more than four or not specific, the action is
                not marked adverse, or another order wrote this notice for the case.
        """
        terms = _terms(order.action)
        written = parse_time(now)
        body = await _told(connection, order.case_id, terms) | {"late": written.date() > terms.due_on}
        text = canonical(body).decode()
        values = (order.case_id, terms.notice, order.key, terms.due_on, text, written)
        cursor = await connection.execute(SQL["insert"], values)
        if not cursor.rowcount and await self.read_back_in(connection, order) is None:
            raise Refused(f"another order wrote the notice {terms.notice} already", control="notices.once")
        return f"{order.case_id}/{terms.notice}"

    async def read_back_in(self, connection: Connection, order: EffectOrder) -> Mapping[str, Any] | None:
        """The row that this order wrote: case, notice, due day (ISO) and body."""
        return await (await connection.execute(SQL["by_key"], (order.key,))).fetchone()

    async def said_in(self, connection: Connection, order: EffectOrder) -> Wording:
        """The notice as it will be written; the reason of a person who rejected stands in their own words.

        Raises:
            Refused: as ``perform_in``.
        """
        terms = _terms(order.action)
        body = await _told(connection, order.case_id, terms)
        worded = {words for _, words in _worded(terms.wordings)}
        theirs = terms.reasons_from is not None
        own = [each for each in body.get("principal_reasons", ()) if theirs and each not in worded]
        return Wording(canonical(body).decode(), tuple(own))


async def _told(connection: Connection, case_id: str, terms: NoticeTerms) -> dict[str, Any]:
    """Everything that the notice says."""
    adverse = await _adverse(connection, case_id, terms) if terms.adverse else {}
    return _body(terms) | adverse


def _terms(action: Action) -> NoticeTerms:
    try:
        terms = NoticeTerms.model_validate(action.args)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "consumer report"
        message = f"decision_notice: {where}: {first['msg']}"
        raise Refused(message, control="notices.arguments") from error
    if terms.adverse and not (action.adverse and terms.agency):
        message = "an adverse action notice names the federal agency, in an action that is marked adverse"
        raise Refused(message, control="notices.arguments")
    return terms


def _body(terms: NoticeTerms) -> dict[str, Any]:
    return {
        "statement": terms.statement,
        "creditor": terms.creditor,
        "addressed_to": terms.borrowers.split(";"),
        "application_date": terms.application_date.isoformat(),
    } | ({"timing": REASONABLE_TIME} if terms.timing == "reasonable_time" else {})


async def _adverse(connection: Connection, case_id: str, terms: NoticeTerms) -> dict[str, Any]:
    """What only an adverse action notice says: the factors really used, and equal credit opportunity."""
    reasons = list(dict.fromkeys(_split(terms.reasons)))
    source = "policy"
    if terms.reasons_from is not None:
        reasons = [await _rejection(connection, case_id, terms.reasons_from, terms.wordings)]
        source = f"approval:{terms.reasons_from}"
    if not 1 <= len(reasons) <= MOST_REASONS:
        message = f"an adverse action notice gives 1 to {MOST_REASONS} principal reasons, not {len(reasons)}"
        raise Refused(message, control="notices.reasons")
    if any(INSUFFICIENT.search(reason) for reason in reasons):
        message = "internal standards or a score not reached are no specific reason (12 CFR 1002.9(b)(2))"
        raise Refused(message, control="notices.reasons")
    equal_credit = EQUAL_CREDIT.format(agency=terms.agency)
    told = {"principal_reasons": reasons, "reasons_source": source, "equal_credit_notice": equal_credit}
    return told | consumer_report(terms)


async def _rejection(connection: Connection, case_id: str, approval_id: str, wordings: str) -> str:
    """The reason of the person who rejected: the wording of the reason code, else the reason as given."""
    row = await (await connection.execute(SQL["rejection"], (approval_id, case_id))).fetchone()
    if row is None:
        raise Refused(f"nobody rejected {approval_id} in this case", control="notices.reasons")
    decision = ApprovalDecision.model_validate(row["decision"])
    worded = dict(_worded(wordings))
    return str(worded.get(decision.reason_code or "", decision.reason)).strip()


def _worded(wordings: str) -> list[tuple[str, str]]:
    """Reason codes with their words."""
    parted = (wording.partition("=") for wording in _split(wordings) if "=" in wording)
    return [(code, words.strip()) for code, _, words in parted]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


EFFECTS = (DecisionNotice,)
