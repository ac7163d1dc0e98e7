"""Whether a specialist's findings still come in the mix of a frozen reference: a sequential likelihood ratio. Pure.

Five kinds of measure, each a count by category: the answers to each judgement, the confidence of findings, how often
a finding leaves something to a person (escalation), what policy decides of cases that use it, and how often people
decide otherwise than policy proposed (override).

Statistic. For a measure of k categories, reference counts r (R in all), and the counts c (n in all) of the window so
far, each further observation of category j multiplies

    changed / same = [(c_j + 1/2) / (n + k/2)] / [(r_j + c_j + 1/2) / (R + n + k/2)]

``same`` predicts from reference and window together, ``changed`` from the window alone (both Dirichlet with 1/2 in
each category: Krichevsky and Trofimov, IEEE Trans. Inf. Theory 27 (1981) 199-207). It is looked at after every
observation and breaches when the product reaches 1/a. If nothing changed it is a martingale that begins at 1, so by
Ville's inequality (1939) a window breaches with probability a at most, however often it is looked at, averaged over
what the reference leaves open about the true mix. The product is exact (``Fraction``).

Window. It begins anew after ``window`` observations of the measure, so that what was long in order does not hide a
late change; a breach in any window stands. False alarms: ``false_alarm_bps`` for each window of all measures of one
specialist in one workflow together, in equal parts (Bonferroni). Shown by simulation in ``tests/unit/test_drift.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Counts = Mapping[str, Mapping[str, int]]  # measure -> category -> how many
ANSWERS = ("supports", "does_not_support", "unclear")
BANDS = ((6_000, "under_60"), (8_000, "60_to_79"), (9_000, "80_to_89"), (10_001, "90_to_100"))  # percent
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "confidence": tuple(name for _, name in BANDS),
    "escalation": ("settled", "left_to_person"),
    "decision": ("approve", "decline", "refer", "hold"),
    "override": ("as_proposed", "otherwise"),
}
JUDGEMENT = "judgement:"


@dataclass(frozen=True, slots=True)
class Observation:
    """One finding, and what became of it as far as that is known."""

    answers: tuple[str, ...]  # <judgement>=<answer>
    confidence_bps: int
    escalated: bool
    decision: str | None = None  # what policy concluded of the case next
    otherwise: bool | None = None  # whether people decided otherwise; unknown where policy proposed nothing
    at: str = ""  # when it was made, decided on and countersigned: as the ledger writes times
    decided_at: str = ""
    settled_at: str = ""

    def known_at(self, measure: str) -> str:
        """When what this measure counts was known."""
        return {"decision": self.decided_at, "override": self.settled_at}.get(measure, self.at)

    def measured(self) -> dict[str, str]:
        """Measure -> category."""
        found = {f"{JUDGEMENT}{code}": answer for code, _, answer in (a.partition("=") for a in self.answers)}
        found["confidence"] = next(name for below, name in BANDS if self.confidence_bps < below)
        found["escalation"] = CATEGORIES["escalation"][self.escalated]
        if self.decision is not None:
            found["decision"] = self.decision
        if self.otherwise is not None:
            found["override"] = CATEGORIES["override"][self.otherwise]
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure: where its present window stands, and whether any window breached."""

    measure: str
    reference: Mapping[str, int]
    window: Mapping[str, int]  # the breaching window until it breached, else the present one
    n: int  # observations since the watch began
    ratio: Fraction  # of that window
    limit: Fraction

    @property
    def breached(self) -> bool:
        """Whether the mix is another one."""
        return self.ratio >= self.limit

    def told(self) -> str:
        """In a sentence, with the counts."""
        was, came = (
            ", ".join(f"{n} {name}" for name, n in of.items() if n) for of in (self.reference, self.window)
        )
        return f"{self.measure}: {came} against {was}; likelihood ratio {rounded(self.ratio)} of {rounded(self.limit)}"


def frozen(observations: Iterable[Observation]) -> dict[str, dict[str, int]]:
    """The counts that later findings are compared with."""
    counts: dict[str, Counter[str]] = {}
    for each in observations:
        for measure, category in each.measured().items():
            counts.setdefault(measure, Counter())[category] += 1
    return {measure: dict(sorted(of.items())) for measure, of in sorted(counts.items())}


def readings(
    reference: Counts, observations: Sequence[Observation], *, window: int, false_alarm_bps: int
) -> tuple[Reading, ...]:
    """Each measure that the reference has, in its order.

    Args:
        reference: ``frozen`` counts.
        observations: since the watch began; each measure takes them in the order in which it knew them.
        window: observations of a measure after which its ratio begins anew.
        false_alarm_bps: basis points of windows that may breach though nothing changed, all measures together.
    """
    limit = Fraction(10_000 * len(reference), false_alarm_bps) if reference else Fraction(1)
    return tuple(
        _read(measure, of, _known(observations, measure), (window, limit))
        for measure, of in reference.items()
    )


def rounded(ratio: Fraction) -> str:
    """Two places, half even; what is beyond a million is only said to be so."""
    return "more than 1000000" if ratio > 1_000_000 else f"{round(ratio * 100) / 100:.2f}"


def _known(observations: Sequence[Observation], measure: str) -> list[str]:
    in_order = sorted(observations, key=lambda each: each.known_at(measure))
    found = (each.measured().get(measure) for each in in_order)
    return [category for category in found if category is not None]


def _read(
    measure: str, reference: Mapping[str, int], came: Sequence[str], rule: tuple[int, Fraction]
) -> Reading:
    window, limit = rule
    categories = ANSWERS if measure.startswith(JUDGEMENT) else CATEGORIES[measure]
    counts, ratio = Counter[str](), Fraction(1)
    for category in came:
        if counts.total() == window:
            counts, ratio = Counter[str](), Fraction(1)
        ratio *= _factor(reference, counts, category, len(categories))
        counts[category] += 1
        if ratio >= limit:
            break
    return Reading(measure, reference, {name: counts[name] for name in categories}, len(came), ratio, limit)


def _factor(reference: Mapping[str, int], counts: Counter[str], category: str, k: int) -> Fraction:
    n, whole, before = counts.total(), sum(reference.values()), reference.get(category, 0)
    changed = Fraction(2 * counts[category] + 1, 2 * n + k)
    same = Fraction(2 * (before + counts[category]) + 1, 2 * (whole + n) + k)
    return changed / same
