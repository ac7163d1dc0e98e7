"""Events of the watch over models: whether one is still what was approved, and what it may bring about."""

from __future__ import annotations

from audit.events import Event


class AutonomyLowered(Event):
    """A monitor or a person took autonomy from a specialist in a workflow."""

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

    specialist: str
    workflow: str
    from_level: str
    to_level: str
    reason: str
    asked_by: str
    approval_id: str


class FindingShadowed(Event):
    """What a specialist's model found while nothing of it was used; the playbook's finding was."""

    specialist: str
    finding_digest: str
    confidence_bps: int
    answers: tuple[str, ...]  # <judgement>=<answer>; of a finding for compliance alone none
    gaps: tuple[str, ...]


class StandingWithheld(Event):
    """The book grants it, and it goes to a person: somebody whose findings it rests on may only advise."""

    boundary: str
    level: str
    because: tuple[str, ...]  # specialists
