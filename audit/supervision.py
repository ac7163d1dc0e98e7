"""Events of supervision: what was learnt on the way, what the applicant was asked for, what an approval waits for."""

from __future__ import annotations

from audit.events import Event


class PartyFound(Event):
    """Evidence names somebody beyond the application: work that covers every party is due for them."""

    reference: str
    role: str
    reason: str
    source: str
    found_by: str


class FactsReopened(Event):
    """Facts are not known any more, and why: they are found out again."""

    facts: tuple[str, ...]
    cause: str


class FindingSuperseded(Event):
    """A later finding took the place of an earlier one; both are kept."""

    specialist: str
    assignment: str
    finding_digest: str
    by_assignment: str
    cause: str


class InformationRequested(Event):
    """The applicant is to be asked for what is missing (12 CFR 1002.9(c)(2)); the advisor sends it."""

    needs: tuple[str, ...]
    send_by: str
    answer_by: str


class InformationEnded(Event):
    """What the applicant was asked for came, or its time is over."""

    answered: bool


class ApplicationIncomplete(Event):
    """The applicant did not send what was asked for in time, and the book closes such cases."""

    needs: tuple[str, ...]


class ConditionsOpened(Event):
    """An approval has conditions; effects that wait for them are settled when all are met."""

    conditions: tuple[str, ...]
    approval: str
    due: str


class ConditionMet(Event):
    """An event from outside, or the countersignature itself, meets a condition."""

    condition: str
    stage: str
    met_by: str


class ConditionsExpired(Event):
    """Conditions were not met in time: a person decides what becomes of the approval."""

    conditions: tuple[str, ...]


class WaiverAsked(Event):
    """Somebody asks to do without a condition of an approval; others countersign it at the desk or do not."""

    vouches = "waiver/{approval_id}"
    condition: str
    approval: str  # whose condition it is
    approval_id: str  # of the request for the waiver
    reason_code: str
    reason: str


class ConditionWaived(Event):
    """A condition of an approval is done without, on the approval of those whom the book names."""

    condition: str
    stage: str
    approval_id: str
    reason_code: str
