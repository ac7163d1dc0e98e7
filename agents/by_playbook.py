"""A specialist's work by rules: its playbook's tool calls, code's conclusions, and a gap for each judgement.

Also completes what a model looked at: the playbook's calls that it left out are made by code, so that figures
and flags never depend on which tools a model chose. Never imitates a judgement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.build import Governed
from agents.contract import Conclusion, Evidence, Specialist
from agents.taint import tainted
from domain.finding import Finding, Gap, ProducedBy
from tools.gateway import ToolAnswer


async def by_playbook(specialist: Specialist, governed: Governed, *, degraded: bool) -> Finding:
    """The playbook's finding; what only a model judges is left to a person."""
    await specialist.gather(governed.session.assignment, governed.call_tool)
    conclusion = specialist.conclude(governed.session.assignment, Evidence(tuple(governed.answers)))
    for_a_person = tuple(
        Gap(code=f"judgement:{code}", detail=governed.prompt.question(code), needs="person")
        for code in conclusion.asks
    )
    return bare_finding(governed, conclusion).model_copy(
        update={"gaps": (*conclusion.gaps, *for_a_person), "degraded": degraded}
    )


async def complete(specialist: Specialist, governed: Governed) -> tuple[ToolAnswer, ...]:
    """Make the playbook's calls that nobody made yet; the answers that were missing until now."""
    before = len(governed.answers)

    async def call(name: str, args: Mapping[str, Any]) -> ToolAnswer:
        known = [each for each in governed.answers if (each.tool, each.args) == (name, dict(args))]
        return known[-1] if known else await governed.call_tool(name, args)

    await specialist.gather(governed.session.assignment, call)
    return tuple(governed.answers[before:])


def bare_finding(
    governed: Governed, conclusion: Conclusion, looked_at: Sequence[ToolAnswer] | None = None
) -> Finding:
    """What code concluded, without any judgement; it says which of the answers were read without a text."""
    answers = governed.answers if looked_at is None else looked_at
    return Finding(
        assignment=governed.session.assignment.id,
        specialist=governed.session.specialist,
        figures=conclusion.figures,
        flags=(*conclusion.flags, *tainted(answers)),
        gaps=conclusion.gaps,
        parties=conclusion.parties,
        conclusion=conclusion.conclusion,
        produced_by=ProducedBy.PLAYBOOK,
    )
