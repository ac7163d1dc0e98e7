"""Events of what broke, was stopped or left the automatic path, and of who takes it from there."""

from __future__ import annotations

from audit.events import Event


class SpecialistBrokeOff(Event):
    """A specialist's work failed or ran out of time; a partial finding says so."""

    specialist: str
    reason: str


class BreakerTripped(Event):
    """A failing dependency is not asked any more for a while; also when a probe of it failed."""

    breaker: str
    failures: int


class BreakerProbed(Event):
    """One call is let through to see whether a dependency answers again; nobody else asks it meanwhile."""

    breaker: str


class BreakerClosed(Event):
    """A dependency answers again."""

    breaker: str


class Halting(Event):
    """A person halted a target for every process."""

    target: str
    reason: str


class Resuming(Event):
    """Another person let it go on."""

    target: str
    reason: str


class ApprovalExpired(Event):
    """A request was not decided in time by anybody; nobody is asked any more."""

    vouches = "approval/{approval_id}"
    approval_id: str


class ExceptionsLetPass(Event):
    """Exceptions of low risk with which the book lets a case go on by itself; a share is reviewed later."""

    exceptions: tuple[str, ...]  # specialist, code and row


class CaseReferred(Event):
    """The case left the automatic path; what is missing, and whose it is until when, is written down."""

    reason: str
    missing: tuple[str, ...]
    referral: str
    owners: tuple[str, ...]
    due_at: str


class CaseStuck(Event):
    """A case could not be advanced, however often it was tried; it is somebody's, and tried again in a while."""

    vouches = "referral"
    owners: tuple[str, ...]
    due_at: str
    tried_again_at: str


class ReferralEscalated(Event):
    """A referral was not settled in time; more people may settle it now."""

    vouches = "referral"
    to_group: str


class ReferralSettled(Event):
    """A person took a referral off the queue."""

    vouches = "referral"
    settled_as: str
    reason: str


class IncidentOpened(Event):
    """Something failed that is no case of its own; it is somebody's until some time."""

    vouches = "{key}"
    incident: str  # kind
    subject: str
    what: str
    owners: tuple[str, ...]
    due_at: str


class IncidentEscalated(Event):
    """An incident was not settled in time; more people may settle it now."""

    vouches = "{key}"
    to_group: str


class IncidentSettled(Event):
    """A person took an incident off the queue."""

    vouches = "{key}"
    reason: str


class EffectHeld(Event):
    """A guardrail holds an authorised effect; nothing was sent. A person may release it, or time does."""

    effect: str
    step: str
    rule: str  # rows of the book, joined by +
    reason: str  # with the sums
    measures: dict[
        str, int
    ]  # what a release covers, by row: cents, actions, or a moment as YYYYMMDDhhmm in UTC
    until: str | None = None  # when it goes on by itself; without: a person is asked
