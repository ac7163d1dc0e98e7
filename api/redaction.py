"""What may leave the house in traces: names, timings, ids, status and token counts. All else stays.

Allow-lists, so that what a library adds tomorrow stays as well. Never decides where traces go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import langsmith
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

TIMES_AND_IDS = frozenset(
    {
        "id",
        "trace_id",
        "parent_run_id",
        "dotted_order",
        "start_time",
        "end_time",
        "session_id",
        "session_name",
    }
)
METADATA = frozenset(
    {
        "case_id",
        "thread_id",
        "langgraph_node",
        "langgraph_step",
        "ls_model_name",
        "ls_model_type",
        "ls_provider",
    }
)
ATTRIBUTES = frozenset(
    {
        "case.id",
        "case.kind",
        "gateway.target",
        "llm.model_name",
        "llm.provider",
        "llm.system",
        "llm.token_count.prompt",
        "llm.token_count.completion",
        "llm.token_count.total",
        "openinference.span.kind",
    }
)
CODE = re.compile(r"[\w.:\-/]{1,100}")  # no value under a kept name is longer or stranger than this
ERROR_NAME = re.compile(r"[A-Za-z_]\w{0,80}(?=\()")  # traces begin an error with its class: ``Refused('…``
STOPS = frozenset({"GraphInterrupt", "ParentCommand"})  # how LangGraph pauses or moves on: not errors


class RedactingClient(langsmith.Client):
    """A LangSmith client that sends an allow-listed copy of each run."""

    def create_run(self, name: str, inputs: dict[str, Any], run_type: Any, **given: Any) -> None:
        """Send that a run began."""
        del inputs
        super().create_run(name, {}, run_type, project_name=given.get("project_name"), **_kept(given))

    def update_run(self, run_id: Any, **given: Any) -> None:
        """Send how a run ended."""
        named = {key: given[key] for key in ("name", "run_type") if key in given}
        super().update_run(run_id, **named, **_kept(given))


class RedactingExporter(SpanExporter):
    """Hands an allow-listed copy of each span to another exporter."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send copies."""
        return self._inner.export([_bare(span) for span in spans])

    def shutdown(self) -> None:
        """Stop."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits."""
        return self._inner.force_flush(timeout_millis)


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in given.items() if key in TIMES_AND_IDS and value is not None}
    metadata = (given.get("extra") or {}).get("metadata") or {}
    kept["extra"] = {"metadata": _plain(metadata, METADATA) | _usage(metadata)}
    if (error := error_name(given.get("error"))) is not None:
        kept["error"] = error
    return kept


def error_name(error: str | None) -> str | None:
    """The class of an error out of what a library wrote about it; ``None`` for a pause."""
    if not error:
        return None
    found = ERROR_NAME.match(error)
    name = found.group() if found else "error"
    return None if name in STOPS else name


def _usage(metadata: Mapping[str, Any]) -> dict[str, Any]:
    usage = metadata.get("usage_metadata") or {}
    counts = {
        key: usage[key]
        for key in ("input_tokens", "output_tokens", "total_tokens")
        if type(usage.get(key)) is int
    }
    return {"usage_metadata": counts} if counts else {}


def _plain(given: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {
        key: value
        for key, value in given.items()
        if key in names and (isinstance(value, int) or (isinstance(value, str) and CODE.fullmatch(value)))
    }


def _bare(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_plain(span.attributes or {}, ATTRIBUTES),
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
