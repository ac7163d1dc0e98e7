"""What a case tells the outside: one redacted trace, spans and logs, and no value of the vault."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api import telemetry
from api.assembly import models, running
from api.demo.stories import Story, self_employed, small_amendment
from api.settings import ModelSettings, Settings
from audit.trace import trace_id
from domain.clock import SetClock
from graphs.services import Services, install
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.ingest import Ingest, running_ingest
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import SECOND_UNDERWRITER, UNDERWRITER
from tests.fakes.specialists_script import specialists

FORMS = {
    "zstd": Ingest(),
    "multipart": Ingest(compressed=False),
    "json": Ingest(compressed=False, multipart=False),
}


async def worked(services: Services, story: Story, key: str = "key") -> str:
    """From application to booked loan: two advances, two approvers, every specialist by model."""
    with ScriptedModel(specialists()) as model:
        settings = ModelSettings(base_url=model.url, api_key="test-key", routine="scripted")
        equipped = replace(services, crew=replace(services.crew, models=models(settings)))
        install(equipped)
        case_id = await opened(equipped, story, key)
        for person in (UNDERWRITER, SECOND_UNDERWRITER)[: (await pending(equipped, case_id)).quorum]:
            await decide(equipped, person, await pending(equipped, case_id))
        await advance(equipped, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    return case_id


async def secrets(services: Services, case_id: str, story: Story) -> list[str]:
    """Vault values and their words, and every figure of the application, the records and the evidence."""
    values = [value for _, value in (await services.vault.values(case_id)).values()]
    words = [word for value in values for word in re.split(r"[\s,<]+", value) if len(word) > 3]
    figures = re.findall(r"(?<!\d)\d{5,}(?!\d)", json.dumps([story.application, *story.records]))
    requests = await services.desk.of_case(case_id)
    shown = [figure.value for request in requests for figure in request.packet.figures]
    return [*values, *words, *figures, *(value for value in shown if len(value) > 4)]


def found(told: str, secret: list[str]) -> list[str]:
    """Which of them stand in what was told."""
    return [each for each in secret if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", told, re.IGNORECASE)]


@contextmanager
def traced(settings: Settings, ingest: Ingest) -> Iterator[Settings]:
    """Settings with LangSmith tracing to the stand-in."""
    with running_ingest(ingest):
        yield settings.model_copy(update={"langsmith_tracing": True, "langsmith_endpoint": ingest.url})


@pytest.mark.parametrize("ingest", FORMS.values(), ids=FORMS)
async def test_trace_of_a_case_holds_no_value_of_the_vault_and_no_figure(
    settings: Settings, clock: SetClock, ingest: Ingest
) -> None:
    story = self_employed(clock.now().date())
    with traced(settings, ingest) as tracing:
        async with running(tracing, clock) as services:
            case_id = await worked(services, story)
            secret = await secrets(services, case_id, story)
    assert len(secret) > 20
    assert len(ingest.runs) > 30
    assert not found(ingest.everything, secret)
    assert not any(
        run.get("inputs") or run.get("outputs") or run.get("events") for run in ingest.runs.values()
    )


async def test_case_is_one_trace_over_all_its_advances(settings: Settings, clock: SetClock) -> None:
    ingest = Ingest()
    with traced(settings, ingest) as tracing:
        async with running(tracing, clock) as services:
            case = await services.cases.get(await worked(services, self_employed(clock.now().date())))
    (root,) = ingest.roots
    assert ingest.traces == {str(trace_id(case.id, case.opened_at))} == {root["id"]}
    assert [run["name"] for run in ingest.runs.values() if run.get("parent_run_id") == root["id"]] == [
        case.kind
    ] * 2
    assert not [run for run in ingest.runs.values() if run.get("error")]


async def test_trace_shows_names_timings_and_token_counts(settings: Settings, clock: SetClock) -> None:
    ingest = Ingest()
    with traced(settings, ingest) as tracing:
        async with running(tracing, clock) as services:
            await worked(services, self_employed(clock.now().date()))
    called = [run for run in ingest.runs.values() if run.get("run_type") == "llm"]
    assert called
    assert all(run["start_time"] <= run["end_time"] for run in called)
    assert {run["extra"]["metadata"]["usage_metadata"]["total_tokens"] for run in called} == {120}
    assert {"income_verifier", "decide"} <= {run["name"] for run in ingest.runs.values()}


async def test_trace_of_an_amendment_holds_no_account_number(settings: Settings, clock: SetClock) -> None:
    ingest, story = Ingest(), small_amendment(clock.now().date())
    with traced(settings, ingest) as tracing:
        async with running(tracing, clock) as services:
            case_id = await opened(services, story)
            secret = await secrets(services, case_id, story)
    assert "DEMO-ACCT-000417" in secret
    assert ingest.runs
    assert not found(ingest.everything, secret)


async def test_nothing_is_sent_when_tracing_is_off(
    settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = Ingest()
    with traced(settings, ingest) as tracing:
        monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", ingest.url)
        off = tracing.model_copy(update={"langsmith_tracing": False})
        async with running(off, clock) as services:
            await opened(services, self_employed(clock.now().date()))
    assert not ingest.raw


@pytest.fixture
async def exported(services: Services, clock: SetClock) -> tuple[InMemorySpanExporter, str, list[str]]:
    """The spans of a worked case, its id, and what must not stand in them."""
    pytest.importorskip("openinference.instrumentation.langchain")
    exporter, story = InMemorySpanExporter(), self_employed(clock.now().date())
    with telemetry.spans(exporter):
        case_id = await worked(services, story)
    return exporter, case_id, await secrets(services, case_id, story)


async def test_spans_hold_no_value_of_the_vault_and_belong_to_the_trace_of_the_case(
    exported: tuple[InMemorySpanExporter, str, list[str]], services: Services
) -> None:
    exporter, case_id, secret = exported
    spans = exporter.get_finished_spans()
    case = await services.cases.get(case_id)
    ours = [
        span for span in spans if "fastapi" not in str(span.instrumentation_scope)
    ]  # the bank runs here too
    assert {"advance", "income_verifier", "ChatOpenAI"} <= {span.name for span in ours}
    assert {span.context.trace_id for span in ours if span.context} == {trace_id(case.id, case.opened_at).int}
    assert not found("\n".join(span.to_json() for span in spans), secret)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged; logging stands as before afterwards."""
    root, written = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    monkeypatch.setattr("sys.stderr", written)
    telemetry.start_logs("INFO")
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


async def test_log_lines_are_json_with_case_and_trace_and_hold_no_value_of_the_vault(
    services: Services, clock: SetClock, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = self_employed(clock.now().date())
    case_id = await worked(services, story)
    case = await services.cases.get(case_id)
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    of_case = [line for line in logged if line.get("case_id") == case_id]
    assert {line["trace_id"] for line in of_case} == {trace_id(case.id, case.opened_at).hex}
    assert not found(lines.getvalue(), await secrets(services, case_id, story))


async def test_error_is_logged_by_class_and_place_without_its_text(lines: io.StringIO) -> None:
    try:
        raise ValueError("no such person: Jules Demo Fernwright")
    except ValueError:
        structlog.get_logger("test").exception("step_failed")
        logging.getLogger("a.library").exception("it failed")
    ours, theirs = (json.loads(line) for line in lines.getvalue().splitlines())
    assert ours["error"] == theirs["error"] == "ValueError"
    assert ours["where"][-1].endswith("without_its_text")
    assert "Fernwright" not in lines.getvalue()
