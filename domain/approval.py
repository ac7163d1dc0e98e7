"""What a person is asked to countersign: the exact action, the evidence, and the digest that binds both."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.canonical import digest
from domain.decision import Verb
from domain.finding import Fact
from domain.identity import Record


class Action(Record):
    """Something that changes the world outside the case; ``args`` are flat scalars."""

    name: str  # the effect, e.g. ``book_offer``
    args: dict[str, Fact]
    adverse: bool = False
    irreversible: bool = False


class EvidenceLine(Record):
    """One line of the packet: what, how much, where from."""

    label: str
    value: str
    source: str


def _empty(value: object) -> bool:
    return not value


class EvidencePacket(Record):
    """What the approver signs: exceptions first, then figures, policy rows, what is missing, what it attests.

    ``account`` and ``dissent`` came later: a packet without them is written, and bound, as it was before.
    """

    asked: str
    exceptions: tuple[str, ...]
    figures: tuple[EvidenceLine, ...]
    judgements: tuple[str, ...]
    policy_rows: tuple[str, ...]
    missing: tuple[str, ...]
    attestation: str
    degraded: bool = False
    account: str = Field(default="", exclude_if=_empty)  # one paragraph: what was decided, on which evidence
    dissent: tuple[str, ...] = Field(
        default=(), exclude_if=_empty
    )  # where findings disagree, and what settled it


class ApprovalStatus(StrEnum):
    """Where an approval request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    EDITED = "edited"
    EXPIRED = "expired"
    SIMULATED = "simulated"  # of a what-if copy: shown, never asked of anybody


class Routing(Record):
    """Why these people are asked.

    Args:
        row: of the book's authority table; empty where the boundary itself names who decides.
        known: inputs of that table as they stood.
    """

    row: str = ""
    known: dict[str, bool | int | str] = Field(default_factory=dict)


class ApprovalRequest(Record):
    """One request at the desk."""

    id: str
    case_id: str
    boundary: str
    actions: tuple[Action, ...]  # performed when approved
    on_reject: tuple[Action, ...] = ()
    on_override: tuple[Action, ...] = ()  # against policy, by higher authority
    packet: EvidencePacket
    digest: str  # see ``binding_digest``
    policy_version: str
    candidate_groups: tuple[str, ...]
    editable: tuple[str, ...] = ()  # arguments that an edit may change
    limits: dict[str, int]  # cents each group may approve of this product, from the pinned book
    quorum: int = 1
    amount_cents: int
    product: str
    risk: str
    maker: str
    involved: tuple[str, ...] = ()  # who made or decided what this asks about; none of them decides it
    opened_at: datetime
    due_at: datetime
    escalates_to: str
    routing: Routing = Routing()
    status: ApprovalStatus = ApprovalStatus.PENDING
    claimed_by: str | None = None

    @property
    def binding(self) -> str:
        """The digest recomputed from what the request holds now."""
        return binding_digest(
            (self.actions, self.on_reject, self.on_override), self.packet, self.policy_version
        )


class InboxItem(Record):
    """A request as an inbox lists it: what is asked, without the evidence.

    It gives no digest: whoever decides reads the packet, and binds the decision to what was shown there.
    """

    id: str
    case_id: str
    boundary: str
    asked: str
    amount_cents: int
    product: str
    risk: str
    maker: str
    candidate_groups: tuple[str, ...]
    quorum: int
    claimed_by: str | None = None
    opened_at: datetime
    due_at: datetime


class ApprovalDecision(Record):
    """What one person decided on one request."""

    approval_id: str
    person: str
    verb: Verb
    reason: str
    reason_code: str | None = None
    edits: dict[str, int] = Field(default_factory=dict)  # changed arguments of the proposed action
    digest: str  # of the request that the person saw
    at: datetime
    country: str = Field(default="", exclude_if=_empty)  # from where; empty when the token did not say


def binding_digest(
    consequences: tuple[tuple[Action, ...], ...], packet: EvidencePacket, policy_version: str
) -> str:
    """SHA-256 over actions, evidence and policy: change a cent and the authority is void."""
    return digest(
        {
            "actions": [[action.model_dump(mode="json") for action in actions] for actions in consequences],
            "evidence": packet.model_dump(mode="json"),
            "policy": policy_version,
        }
    )
