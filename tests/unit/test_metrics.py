"""Names, shapes and meaning of metrics, and what a trace may carry."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.http.metrics import serve_local
from api.redaction import error_name
from audit.metrics import FLEET, LOCAL, Reading, exposition, watched
from audit.trace import root_span, trace_id
from checkpoints.measures import COUNTED, TIMED
from domain.errors import Refused

OPENED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def shown(told: bytes, name: str, **labels: str) -> float | None:
    """One sample of an exposition."""
    samples = (
        sample for family in text_string_to_metric_families(told.decode()) for sample in family.samples
    )
    return next((each.value for each in samples if each.name == name and each.labels == labels), None)


def test_every_fleet_metric_is_read_and_none_other() -> None:
    read = {name for name, *_ in (*COUNTED, *TIMED)}
    assert read | {"countersign_cases", "countersign_approval_oldest_seconds"} == {
        each.name for each in FLEET
    }


def test_no_metric_is_labelled_by_case_or_person() -> None:
    assert not {label for each in FLEET for label in each.labels} & {
        "case",
        "case_id",
        "person",
        "maker",
        "actor",
    }


def test_waits_are_shown_as_a_cumulative_histogram() -> None:
    reading = Reading(("offer",), 4000.0, {0: 2, 3: 1, 9: 1})
    told = exposition({"countersign_approval_wait_seconds": [reading]})
    name = "countersign_approval_wait_seconds"
    counts = [
        shown(told, f"{name}_bucket", boundary="offer", le=le)
        for le in ("60.0", "3600.0", "604800.0", "+Inf")
    ]
    assert counts == [2, 3, 3, 4]
    assert (shown(told, f"{name}_count", boundary="offer"), shown(told, f"{name}_sum", boundary="offer")) == (
        4,
        4000,
    )


def test_spend_is_shown_as_a_counter_in_millionths_of_a_dollar() -> None:
    told = exposition({"countersign_model_spend_microusd": [Reading(("scripted",), 250.0)]})
    assert shown(told, "countersign_model_spend_microusd_total", model="scripted") == 250


@pytest.mark.parametrize(("readings", "read"), [(None, 0), ({}, 1)])
def test_metrics_say_whether_the_fleet_could_be_read(
    readings: dict[str, list[Reading]] | None, read: int
) -> None:
    assert shown(exposition(readings), "countersign_fleet_read") == read


def test_error_that_ends_an_advance_is_counted_by_its_code_and_goes_on() -> None:
    labels = {"part": "advance", "code": "refused"}
    before = LOCAL.get_sample_value("countersign_errors_total", labels) or 0
    with pytest.raises(Refused), watched("advance", "home_loan"):
        raise Refused("halted", control="outbox.halt")
    assert LOCAL.get_sample_value("countersign_errors_total", labels) == before + 1
    assert LOCAL.get_sample_value("countersign_advance_seconds_count", {"kind": "home_loan"})


def test_runner_serves_its_own_counters() -> None:
    server = serve_local(0)
    try:
        answer = httpx.get(f"http://127.0.0.1:{server.server_port}/metrics")
        assert "countersign_advance_seconds" in answer.text
    finally:
        server.shutdown()
        server.server_close()


def test_trace_of_a_case_is_the_same_for_every_process_and_another_for_every_case() -> None:
    first, again, other = trace_id("a", OPENED), trace_id("a", OPENED), trace_id("b", OPENED)
    assert first == again != other
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first.int >> 80 == int(OPENED.timestamp() * 1000)
    assert root_span("a") != root_span("b")


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("Refused('the applicant is Jules')Traceback …", "Refused"),
        ("Jules did it", "error"),
        ("GraphInterrupt((Interrupt(value={'amount': 1}),))", None),
        (None, None),
    ],
)
def test_error_leaves_the_house_by_its_class_only(error: str | None, name: str | None) -> None:
    assert error_name(error) == name
