"""What a worker is asked to do, within which bounds, and the plan those assignments form."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.finding import Fact
from domain.identity import Record
from domain.model_use import CaseBudget, JudgementRules, PriceRow, Tier


def _no(value: object) -> bool:
    return not value


OVER_CALLS = (
    "values_as_arguments",
)  # of every book from before mandates said it, and of mandates that say nothing


class Mandate(Record):
    """What an assignment may use, derived from the book; a gateway refuses everything else."""

    tools: frozenset[str]
    records: frozenset[str]  # kinds of source record that may be read
    tier: Tier = "routine"
    max_model_calls: int = 8
    max_tokens: int = 40_000  # prompt and completion together
    max_cost_microusd: int = 200_000
    max_prompt_tokens: int = 16_000  # of one call; old tool results are replaced by pointers before that
    keep_tool_results: int = 3  # the newest, never replaced
    prices: tuple[PriceRow, ...] = ()  # the book's price rows
    price_in: int = 0  # microdollars for a million prompt tokens of a model that no row prices
    price_out: int = 0  # the same for completion tokens
    case_budget: CaseBudget = CaseBudget()
    judgements: JudgementRules = JudgementRules()
    max_tool_calls: int = 40
    regions: frozenset[str] = frozenset({"US"})
    hours_utc: tuple[int, int] = (0, 24)  # from (inclusive) until (exclusive)
    timeout_seconds: int = 60  # of one specialist's work on one path, model or playbook
    model_timeout_seconds: int = 60
    tool_timeout_seconds: int = 30
    call_guardrails: tuple[str, ...] = Field(  # over tool calls, in the book's order
        default=OVER_CALLS, exclude_if=OVER_CALLS.__eq__
    )
    input_guardrails: tuple[str, ...] = ()  # over texts in tool results, in the book's order
    output_guardrails: tuple[str, ...] = ()  # over what a model writes, in the book's order
    shadow: bool = Field(default=False, exclude_if=_no)  # what a model says is recorded and not used
    parameters: dict[str, Fact | list[dict[str, Fact | None]]] = Field(
        default_factory=dict
    )  # rows of the book a calculation needs

    @property
    def call_seconds(self) -> float:
        """How long one call of a model may take: a third of its specialist's time at most.

        So a model that hangs is seen to fail, and another can still be asked, for two turns even.
        """
        return min(self.model_timeout_seconds, self.timeout_seconds / 3)


class Assignment(Record):
    """One hand-off to a worker. ``id`` is ``r<round>.<worker>``; a specialist's part appends its job."""

    id: str
    case_id: str
    worker: str
    specialists: tuple[str, ...]
    objective: str
    inputs: dict[str, Fact]  # facts already known, by name
    parties: tuple[str, ...]  # references, never values
    found: tuple[str, ...] = ()  # further parties whom evidence named; for work that covers every party
    boundaries: tuple[str, ...]
    expected: tuple[str, ...]  # facts the finding should carry
    as_of: datetime
    deadline: datetime
    mandate: Mandate
    attempt: int = 1
    model: str = ""  # asked instead of the tier's, where a what-if copy supposes another

    def stream(self, specialist: str) -> str:
        """The name under which a specialist's calls and events are recorded."""
        return f"{self.id}.{specialist}"


CauseKind = Literal[
    "unknown_fact", "new_party", "fact_changed", "record_arrived", "weak_evidence", "conflict"
]


class Cause(Record):
    """What made a piece of work due: a kind, and the fact, party, record or code that it was."""

    kind: CauseKind
    what: str

    def __str__(self) -> str:
        """As people read it: ``new party owner:7``."""
        return f"{self.kind.replace('_', ' ')} {self.what}"


class PlanStep(Record):
    """One assignment of a plan, before it is authorised."""

    worker: str
    specialists: tuple[str, ...]
    covers: tuple[str, ...]
    reason: str
    triggered_by: tuple[Cause, ...] = ()


class Plan(Record):
    """What one round will do; ``proposed_by`` says who thought of it."""

    round: int
    steps: tuple[PlanStep, ...]
    proposed_by: Literal["gap", "model"] = "gap"
