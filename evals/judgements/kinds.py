"""Every kind of error that the scripted worker makes: its family, what of the loop could find it, what a judge sees.

``found_by`` is what the kind was written to show; the deck reports what found it in the real loop beside that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FoundBy = Literal["code", "judge", "nobody"]
Shows = Literal["fault", "nothing", "no_judgement"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of error.

    Args:
        name: what the worker does.
        family: ``development`` for those that the checks were built on, ``test`` for those they never saw.
        found_by: code's checks; only a judge, because code cannot recompute it; or nobody: a figure that a tool
            gave, said of what it is not the figure of (code traces numbers, the judge reads no narrative).
        shows: what a judge is shown of it: a wrong verdict or ground; a judgement without fault, because
            the error lies elsewhere in the answer; or no judgement at all.
        needs: the part of the text, or the sentence of the subject, without which it cannot be made.
    """

    name: str
    family: str
    found_by: FoundBy
    shows: Shows
    needs: str = "ground"


KINDS: tuple[Kind, ...] = (
    Kind("invented_figure", "development", "code", "nothing"),
    Kind("omitted_tool", "development", "code", "nothing"),
    Kind("paraphrased_quote", "development", "code", "fault"),
    Kind("no_counter", "development", "code", "nothing"),
    Kind("wrong_verdict", "development", "judge", "fault"),
    Kind("wrong_verdict_beside_the_point", "development", "judge", "fault", needs="beside"),
    Kind("transposed_digits", "test", "code", "nothing"),
    Kind("overconfident_verdict", "test", "judge", "fault"),
    Kind("own_arithmetic", "test", "code", "nothing"),
    Kind("negated_sentence", "test", "judge", "fault", needs="negated"),
    Kind("quote_of_another_tool", "test", "code", "nothing"),
    Kind("stale_period", "test", "judge", "fault", needs="stale"),
    Kind("stitched_quote", "test", "code", "fault"),
    Kind("other_partys_span", "test", "judge", "fault", needs="other"),
    Kind("judgement_of_another_code", "test", "code", "no_judgement"),
    Kind("right_quote_for_the_wrong_claim", "test", "judge", "fault", needs="beside"),
    Kind("ignored_counter_evidence", "test", "judge", "fault", needs="beside"),
    Kind("counter_taken_for_reason", "test", "judge", "fault"),
    Kind("other_partys_figure", "test", "nobody", "nothing", needs="other_partys_figure"),
    Kind("figure_of_an_earlier_period", "test", "nobody", "nothing", needs="figure_of_an_earlier_period"),
    Kind("stated_figure_for_documented", "test", "nobody", "nothing", needs="stated_figure_for_documented"),
)
