"""Who may decide what, and who may stop what: delegated authority and separation of duties, asked of Cedar.

Owns the translation of a request into Cedar entities, and the rule that only a clean Allow counts.
The rules themselves are ``authority.cedar`` and their types ``authority.cedarschema``; limits and
groups come with the request, from policy rows and the authenticated person. Never decides a case,
never reads a session, and never answers without a schema: Cedar skips a ``forbid`` that errs, so an
untyped request could slip past one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import cast

import cedarpy

from domain.errors import InvalidPolicy
from domain.money import dollars

Entity = dict[str, object]
LICENSED = "licensed_"  # before the name of a licence: the group of those who hold it
LICENCES = ("securities", "credit", "legal", "tax")
FAILED = "refused, the check failed"


class Action(StrEnum):
    """What a person can do with an approval request."""

    APPROVE = "approve"
    """Let the proposed action happen."""
    REJECT = "reject"
    """Let it not happen."""
    EDIT = "edit"
    """Replace it by another action, which policy judges anew."""
    RETURN_FOR_INFORMATION = "return_for_information"
    """Ask for what is missing before deciding."""
    OVERRIDE = "override"
    """Decide against policy, with a reason code; senior people only."""
    CLAIM = "claim"
    """Take it to decide it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as authenticated.

    Args:
        id: subject of the identity provider.
        groups: its groups; ``senior`` carries the right to override.
        limits: product → largest amount in US cents, included, from the policy rows of the groups.
            A product without a limit is out of bounds.
    """

    id: str
    groups: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What waits for a decision.

    Args:
        id: of the request at the desk.
        boundary: where in the case it waits.
        product: whose limit applies.
        amount_cents: what is at stake, in US cents; 0 where no money is.
        risk: risk class from the case.
        maker: id of the person who made the proposal or entered the case.
        prior_deciders: ids of those who decided it already (quorum).
        candidate_groups: groups of which a decider must be a member.
        licences: what a decider must be licensed for, each of them.
    """

    id: str
    boundary: str
    product: str
    amount_cents: int
    risk: str
    maker: str
    prior_deciders: frozenset[str] = frozenset()
    candidate_groups: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AuthorityRequest:
    """One question: may this person do this with that."""

    person: Person
    action: Action
    resource: ApprovalRequest


class Switch(StrEnum):
    """What a person can do with the kill switch."""

    HALT = "halt"
    """Stop a target in every process."""
    RESUME = "resume"
    """Let it go on."""
    SEE = "see_halts"
    """See what is halted."""


class Keeping(StrEnum):
    """What a person can do about what is kept."""

    HOLD = "hold"
    """Let nothing of a target be erased, for the sake of a matter."""
    LIFT = "lift_hold"
    """Let the matter hold it no more."""
    END_RELATIONSHIP = "end_relationship"
    """Say that an account was closed or a loan repaid."""
    ASK_ERASURE = "ask_erasure"
    """Ask that a case be erased."""
    ERASE = "erase"
    """Carry that out."""
    SEE = "see_retention"
    """See what is kept, for how long and by which hold."""


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """The switch of one target.

    Args:
        target: as ``countersign halt`` names it.
        halted_by: id of whoever halted it; empty when nobody did.
    """

    target: str
    halted_by: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer.

    Args:
        allowed: True only if a rule permits, none forbids and nothing went wrong.
        policy_ids: rules that decided, sorted; empty when none permits or the check failed.
        reason: why, in a sentence.
    """

    allowed: bool
    policy_ids: tuple[str, ...]
    reason: str


class Authority:
    """The rules, parsed and validated once.

    Args:
        policies: Cedar policies; each has an ``@id`` of its own and a ``@reason`` for people.
        schema: their Cedar schema.

    Raises:
        InvalidPolicy: either cannot be read, they do not fit each other or this module's requests,
            or a policy has no id or reason.
    """

    def __init__(self, policies: str, schema: str) -> None:
        found = cedarpy.validate_policies(policies, schema)
        if not found.validation_passed:
            raise InvalidPolicy(f"authority: {'; '.join(map(str, found.errors))}")
        self._schema = cedarpy.Schema.from_str(schema)
        self._reasons, self._policies = _named(policies)
        self._rehearse()

    @classmethod
    @cache
    def shipped(cls) -> Authority:
        """The rules that come with the package, read once per process."""
        here = files("policies")
        rules, schema = here / "authority.cedar", here / "authority.cedarschema"
        return cls(rules.read_text(encoding="utf-8"), schema.read_text(encoding="utf-8"))

    def allowed(self, request: AuthorityRequest) -> Ruling:
        """Decide; never raises: what cannot be evaluated is refused."""
        result = self._ask(request.person, str(request.action), _resource(request.resource))
        return self._ruling(result, _nothing_permits(request))

    def may(self, person: Person, action: Switch, switch: KillSwitch) -> Ruling:
        """Whether a person may halt, resume or see; never raises: what cannot be evaluated is refused."""
        result = self._ask(person, str(action), _switch(switch))
        groups = ", ".join(sorted(person.groups)) or "no group"
        return self._ruling(result, f"nothing permits it: the kill switch is not for {groups}")

    def may_keep(self, person: Person, action: Keeping, by: str = "") -> Ruling:
        """Whether a person may hold, lift, erase or see; never raises: what cannot be evaluated is refused.

        Args:
            person: who acts.
            action: what.
            by: id of whoever placed the hold or asked for the erasure; empty when nobody did.
        """
        result = self._ask(person, str(action), _keeping(by))
        groups = ", ".join(sorted(person.groups)) or "no group"
        return self._ruling(result, f"nothing permits it to {groups}")

    def may_receive(self, person: Person, kind: str, purpose: str, typed_by: frozenset[str]) -> Ruling:
        """Whether a value of a vault may be in what this person gets; never raises.

        Args:
            person: who gets it.
            kind: of value, as the vault keeps it.
            purpose: ``reading``, or ``register_file`` for the register of a year.
            typed_by: who typed this value to the bank themselves.
        """
        result = self._ask(person, "receive", _value(kind, purpose, typed_by))
        return self._ruling(result, f"nothing lets {person.id} receive a value of the kind {kind}")

    def _ruling(self, result: cedarpy.AuthzResult, nothing: str) -> Ruling:
        if result.diagnostics.errors:
            return Ruling(False, (), f"{FAILED}: {_short(result.diagnostics.errors[0])}")
        ids = tuple(sorted(result.diagnostics.reasons))
        if not ids:
            return Ruling(False, (), nothing)
        reason = "; ".join(self._reasons[each] for each in ids)
        return Ruling(result.decision is cedarpy.Decision.Allow, ids, reason)

    def _ask(self, person: Person, action: str, resource: Entity) -> cedarpy.AuthzResult:
        question = {
            "principal": {"type": "Person", "id": person.id},
            "action": {"type": "Action", "id": action},
            "resource": cast("Entity", resource["uid"])["__entity"],
            "context": {},
        }
        return cedarpy.is_authorized(question, self._policies, [_person(person), resource], self._schema)

    def _rehearse(self) -> None:
        """Put every action once, so that a schema for other requests is refused at the start."""
        person = Person("rehearsal", frozenset({"rehearsal"}), {"rehearsal": 0})
        resource = ApprovalRequest("rehearsal", "", "rehearsal", 0, "", "")
        asked = [(str(each), _resource(resource)) for each in Action]
        asked += [(str(each), _switch(KillSwitch("rehearsal"))) for each in Switch]
        asked += [(str(each), _keeping("")) for each in Keeping]
        asked += [("receive", _value("name", "rehearsal", frozenset()))]
        for action, entity in asked:
            errors = self._ask(person, action, entity).diagnostics.errors
            if errors:
                raise InvalidPolicy(f"authority: {action} does not fit the schema: {_short(errors[0])}")


def _named(policies: str) -> tuple[dict[str, str], cedarpy.PolicySet]:
    """Sentences by policy id, and the policies under their own ids instead of their positions."""
    parsed = json.loads(cedarpy.policies_to_json_str(policies))
    if parsed["templates"] or not parsed["staticPolicies"]:
        raise InvalidPolicy("authority: needs policies, and no templates")
    named: dict[str, object] = {}
    reasons: dict[str, str] = {}
    for policy in parsed["staticPolicies"].values():
        notes = policy.get("annotations", {})
        name, reason = notes.get("id"), notes.get("reason")
        if not name or not reason or name in named:
            raise InvalidPolicy(f"authority: every policy needs its own @id and a @reason, see {name!r}")
        named[name], reasons[name] = policy, reason
    return reasons, cedarpy.PolicySet.from_json_str(json.dumps({**parsed, "staticPolicies": named}))


def _value(kind: str, purpose: str, typed_by: frozenset[str]) -> Entity:
    attributes = {
        "kind": kind,
        "purpose": purpose,
        "typed_by": [_reference("Person", each) for each in sorted(typed_by)],
    }
    return {"uid": _reference("IdentityValue", kind), "attrs": attributes, "parents": []}


def _person(person: Person) -> Entity:
    return {
        "uid": _reference("Person", person.id),
        "attrs": {},
        "tags": dict(person.limits),
        "parents": [_reference("Role", group) for group in sorted(person.groups)],
    }


def _resource(resource: ApprovalRequest) -> Entity:
    attributes = {
        "boundary": resource.boundary,
        "product": resource.product,
        "amount_cents": resource.amount_cents,
        "risk": resource.risk,
        "maker": _reference("Person", resource.maker),
        "prior_deciders": [_reference("Person", each) for each in sorted(resource.prior_deciders)],
        "candidate_groups": [_reference("Role", each) for each in sorted(resource.candidate_groups)],
        "licences": sorted(resource.licences),
    }
    return {"uid": _reference("ApprovalRequest", resource.id), "attrs": attributes, "parents": []}


def _switch(switch: KillSwitch) -> Entity:
    attributes = {"halted_by": _reference("Person", switch.halted_by)}
    return {"uid": _reference("KillSwitch", switch.target), "attrs": attributes, "parents": []}


def _keeping(by: str) -> Entity:
    attributes = {"by": _reference("Person", by)}
    return {"uid": _reference("Keeping", "kept"), "attrs": attributes, "parents": []}


def _reference(kind: str, name: str) -> Entity:
    return {"__entity": {"type": kind, "id": name}}


def _nothing_permits(request: AuthorityRequest) -> str:
    wanted, limit = request.resource, request.person.limits.get(request.resource.product)
    reach = "has no limit" if limit is None else f"has a limit of {dollars(limit)}"
    groups = ", ".join(sorted(wanted.candidate_groups)) or "nobody"
    return (
        f"nothing permits it: {dollars(wanted.amount_cents)} of {wanted.product} is for {groups}; "
        f"the person is in {', '.join(sorted(request.person.groups)) or 'no group'} and {reach}"
    )


def _short(error: str) -> str:
    """The complaint without the entities that Cedar quotes in front of it."""
    return error.rsplit("}]: ", 1)[-1]
