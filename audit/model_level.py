"""Events of the watch over models: whether one is still what was approved, and what it may bring about."""

from __future__ import annotations

from audit.events import Event


class AutonomyLowered(Event):
    """A monitor or a person took autonomy from a specialist in a workflow."""

    vouches = "autonomy/{workflow}/{specialist}"
    specialist: str
    workflow: str
    from_level: str
    to_level: str
    reason: str


class AutonomyRaiseAsked(Event):
    """Somebody asks to give autonomy back; another person countersigns at the desk or does not."""

    specialist: str
    workflow: str
    from_level: str
    to_level: str
    reason: str
    case: str


class AutonomyRaised(Event):
    """Two people gave autonomy back: one asked, another countersigned."""

    vouches = "autonomy/{workflow}/{specialist}"
    specialist: str
    workflow: str
    from_level: str
    to_level: str
    reason: str
    asked_by: str
    approval_id: str


class ReferenceFrozen(Event):
    """Somebody said which mix of a model's findings is normal."""

    vouches = "{key}"
    specialist: str
    workflow: str
    models: tuple[str, ...]
    prompt_digest: str
    findings: int
    counts_digest: str
    reason: str


class DriftFound(Event):
    """A specialist's findings do not come in the frozen mix any more."""

    specialist: str
    workflow: str
    version: str
    reference: str  # when it was frozen
    since: str  # findings that were counted are younger
    breaches: tuple[str, ...]  # measure, counts, likelihood ratio


class GoldenSetRan(Event):
    """A model was asked its specialist's golden set."""

    vouches = "{key}"
    specialist: str
    model: str  # that answered
    asked_as: str  # the name that was asked for
    version: str  # digest of prompt, judge and set
    score: dict[str, int | dict[str, int] | tuple[str, ...]]


class GroupsCompared(Event):
    """Somebody looked how groups of applicants fared in a year; the figures are monitoring and enter no decision."""

    year: int
    rows: int


class FindingShadowed(Event):
    """What a specialist's model found while nothing of it was used; the playbook's finding was."""

    specialist: str
    finding_digest: str
    confidence_bps: int
    answers: tuple[str, ...]  # <judgement>=<answer>; of a finding for compliance alone none
    gaps: tuple[str, ...]


class ProposalShadowed(Event):
    """Whom the planning model would have sent to look again while nothing of it was used."""

    specialists: tuple[str, ...]


class AnswerWithheld(Event):
    """The chat's model was not heard, or what it said was not used: the certified questions answered."""

    because: str  # its level, or which models passed no golden set


class StandingReviewed(Event):
    """A person looked afterwards at something that ran on standing authority."""

    vouches = "{key}"
    boundary: str
    verdict: str  # agreed or disagreed
    reason: str


class StandingWithheld(Event):
    """The book grants it, and it goes to a person: somebody whose findings it rests on may only advise."""

    boundary: str
    level: str
    because: tuple[str, ...]  # specialists
