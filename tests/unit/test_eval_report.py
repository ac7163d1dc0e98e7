"""The report of the supervisor's deck shows both sides figure by figure, and says which calls they count."""

from __future__ import annotations

import io

from rich.console import Console

from evals.show import show
from evals.supervisor.costs import COUNTED, Cost, Sums


def side(calls: int, judge: int) -> dict[str, object]:
    sums = Sums()
    sums.add(Cost(calls=calls, judge=judge, tokens=900, seconds=3.0, tools=4, sessions=2))
    return sums.report()


def test_comparison_with_one_agent_is_printed_with_what_it_counts_and_where_it_does_not_pay() -> None:
    scores = dict.fromkeys(("n", "accuracy", "wilson_low", "wilson_high", "referred", "calls_per_case"), 1)
    sides = {"supervised": side(9, 2), "one_agent_with_all_tools": side(6, 2), "calls_counted": COUNTED}
    deck = scores | sides | {"orchestration_is_not_worth_it": ["amendment: one specialist at a time"]}
    out = Console(width=200, file=io.StringIO())
    show({"label": "scripted", "decks": {"supervisor": deck}}, out)
    printed = " ".join(out.file.getvalue().replace("│", " ").split())
    assert "model calls per case 9.0 6.0 of these by the judge per case 2.0 2.0" in printed
    assert "the judge's review of each; on neither side: planning" in printed
    assert "not worth it: amendment: one specialist at a time" in printed
