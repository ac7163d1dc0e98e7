"""The bench of the guardrails measures looks at effects and tool calls, and says what a step costs against its aim."""

from __future__ import annotations

from evals.bench.guarding import AIM_MS, guarding
from graphs.services import Services


async def test_every_figure_rests_on_looks_that_happened(services: Services) -> None:
    figures = {each.name: each for each in await guarding(services, 1)}
    assert set(figures) == {
        "guardrails_per_effect",
        "guardrails_per_intake",
        "guardrails_per_tool_call",
        "guardrails_per_tool_result",
        "guardrails_per_case",
        "guardrails_per_chat_turn",
        "guardrails_cpu_per_step",
        "guardrails_per_step",
    }
    assert all(each.value > 0 and each.rounds > 0 for each in figures.values())
    assert figures["guardrails_per_step"].baseline == AIM_MS
