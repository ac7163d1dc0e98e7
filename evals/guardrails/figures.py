"""One figure: what a guardrail finds in one data set, counted, with shares worked out from the counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Any

from evals.scores import wilson


@dataclass
class Figure:
    """Counts of one guardrail on one data set; a share of nothing is None."""

    guardrail: str
    data_set: str  # folder and file
    positives: int = 0  # what has to be found
    negatives: int = 0  # what must not be raised
    hits: int = 0  # positives that were found
    false: int = 0  # negatives that were raised
    right: int = 0  # findings that are right; one text may have several
    wrong: int = 0  # findings that are wrong
    errors: int = 0  # detectors that failed; each counts as raised, since whoever runs them fails closed
    times: list[float] = field(default_factory=list)  # milliseconds per text
    cpu: list[float] = field(
        default_factory=list
    )  # the same of the processor: other work does not stretch it

    def count(self, positive: bool, raised: bool) -> None:
        """One text that was judged."""
        self.positives += positive
        self.negatives += not positive
        self.hits += positive and raised
        self.false += raised and not positive
        self.right, self.wrong = self.hits, self.false

    def told(self) -> dict[str, Any]:
        """As it is shown and kept; shares to four places, intervals at 95 %."""
        return {
            "guardrail": self.guardrail,
            "data_set": self.data_set,
            "n": self.positives + self.negatives,
            "recall": _share(self.hits, self.positives),
            "fpr": _share(self.false, self.negatives),
            "precision": _share(self.right, self.right + self.wrong) if self.positives else None,
            "p95_ms": percentile(self.times),
            "p95_cpu_ms": percentile(self.cpu),
            "positives": self.positives,
            "negatives": self.negatives,
            "hits": self.hits,
            "false": self.false,
            "errors": self.errors,
            "recall_wilson": wilson(self.hits, self.positives) if self.positives else None,
            "fpr_wilson": wilson(self.false, self.negatives) if self.negatives else None,
        }


def percentile(times: list[float], share: int = 95) -> float | None:
    """The nearest rank: the smallest time that ``share`` percent of them do not exceed; to a microsecond."""
    return round(sorted(times)[ceil(len(times) * share / 100) - 1], 3) if times else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
