"""What is measured: names, labels and meaning of every metric, and the counters that only a process knows.

Owns names and shapes; the numbers of the whole fleet are read from the database by ``checkpoints.measures``.
Labels are codes of this project and of its books, never a case, a person or a value of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family

from domain.errors import CountersignError

Kind = Literal["gauge", "counter", "histogram"]
SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)  # of machines
PATIENCE = (60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0, 259200.0, 604800.0, 2592000.0)  # of people

LOCAL = CollectorRegistry()  # this process only; everything else is the same from every process
ADVANCE = Histogram(
    "countersign_advance_seconds",
    "One advance of a case by this process",
    ["kind"],
    registry=LOCAL,
    buckets=SECONDS,
)
ERRORS = Counter(
    "countersign_errors", "Errors that ended a piece of work here", ["part", "code"], registry=LOCAL
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of the fleet. Counters start anew at midnight UTC; scrapers know that as a reset."""

    name: str
    told: str
    kind: Kind
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One value under its labels; of a histogram the sum, with counts per bucket (the last: above all bounds)."""

    labels: tuple[str, ...]
    value: float
    buckets: Mapping[int, int] = field(default_factory=dict)


Readings = Mapping[str, Sequence[Reading]]

FLEET: tuple[Metric, ...] = (
    Metric("countersign_cases", "Cases by status", "gauge", ("status",)),
    Metric("countersign_jobs", "Jobs in the queue by state", "gauge", ("state",)),
    Metric("countersign_approvals_pending", "Requests that wait for a person", "gauge", ("boundary",)),
    Metric(
        "countersign_approval_oldest_seconds",
        "How long the oldest request has waited",
        "gauge",
        ("boundary",),
    ),
    Metric("countersign_approval_wait_seconds", "From request to decision", "histogram", ("boundary",)),
    Metric("countersign_breaker_open", "1 while a dependency is left alone", "gauge", ("breaker",)),
    Metric("countersign_halts", "Targets that somebody halted, by sort", "gauge", ("scope",)),
    Metric(
        "countersign_gateway_seconds", "From request to journaled answer", "histogram", ("gateway", "target")
    ),
    Metric(
        "countersign_calls_unanswered",
        "Calls asked today that never got an answer",
        "gauge",
        ("gateway", "target"),
    ),
    Metric("countersign_specialist_seconds", "From first call to finding", "histogram", ("specialist",)),
    Metric("countersign_findings", "Findings", "counter", ("specialist", "produced_by", "degraded")),
    Metric("countersign_refusals", "What was refused, by gate and control", "counter", ("gate", "control")),
    Metric("countersign_model_calls", "Answered model calls", "counter", ("model",)),
    Metric("countersign_model_tokens", "Tokens, in and out", "counter", ("model",)),
    Metric("countersign_model_spend_microusd", "Money spent on models, 1e-6 USD", "counter", ("model",)),
    Metric("countersign_effects", "Effects by how they ended", "counter", ("effect", "ended")),
)
FLEET_READ = Metric("countersign_fleet_read", "1 when the database gave the numbers of the fleet", "gauge")
BOUNDS = {
    "countersign_approval_wait_seconds": PATIENCE,
    "countersign_gateway_seconds": SECONDS,
    "countersign_specialist_seconds": SECONDS,
}


@contextmanager
def watched(part: str, kind: str) -> Iterator[None]:
    """Time one advance and count the error that ended it; the error goes on."""
    try:
        with ADVANCE.labels(kind).time():
            yield
    except Exception as error:
        code = error.code if isinstance(error, CountersignError) else type(error).__name__
        ERRORS.labels(part, code).inc()
        raise


def exposition(readings: Readings | None) -> bytes:
    """Prometheus text (version 0.0.4): the fleet, if it could be read, and this process."""
    registry = CollectorRegistry()
    registry.register(_Fleet(readings))
    return generate_latest(registry) + generate_latest(LOCAL)


@dataclass(frozen=True, slots=True, eq=False)
class _Fleet:
    readings: Readings | None

    def collect(self) -> Iterable[Family]:
        read = _family(FLEET_READ, [Reading((), float(self.readings is not None))])
        given = self.readings or {}
        return chain([read], (_family(each, given[each.name]) for each in FLEET if each.name in given))


def _family(metric: Metric, readings: Sequence[Reading]) -> Family:
    if metric.kind == "histogram":
        return _histogram(metric, readings)
    made = GaugeMetricFamily if metric.kind == "gauge" else CounterMetricFamily
    family = made(metric.name, metric.told, labels=metric.labels)
    for reading in readings:
        family.add_metric(reading.labels, reading.value)
    return family


def _histogram(metric: Metric, readings: Sequence[Reading]) -> Family:
    family = HistogramMetricFamily(metric.name, metric.told, labels=metric.labels)
    bounds = [*(str(bound) for bound in BOUNDS[metric.name]), "+Inf"]
    for reading in readings:
        counts = accumulate(reading.buckets.get(place, 0) for place in range(len(bounds)))
        family.add_metric(reading.labels, list(zip(bounds, counts, strict=True)), reading.value)
    return family
