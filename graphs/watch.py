"""Watches one advance: log context, span, trace and time. Never sees what the case holds.

All advances of a case, by whichever process, hang under one trace whose id follows from the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import langsmith
from langsmith.utils import tracing_is_enabled
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from structlog.contextvars import bound_contextvars

from audit.metrics import watched
from audit.trace import root_span, trace_id
from domain.case import Case

TRACER = trace.get_tracer("countersign")


@contextmanager
def watch(case: Case, *, first: bool) -> Iterator[None]:
    """Everything inside belongs to the case's trace; ``first`` opens it."""
    of_case = trace_id(case.id, case.opened_at)
    said = {"case.id": case.id, "case.kind": case.kind}
    above = SpanContext(
        of_case.int, root_span(case.id), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )
    parent = trace.set_span_in_context(NonRecordingSpan(above))
    with (
        bound_contextvars(case_id=case.id, trace_id=of_case.hex),
        TRACER.start_as_current_span("advance", parent, attributes=said, record_exception=False),
        _traced(case, first),
        watched("advance", case.kind),
    ):
        yield


@contextmanager
def _traced(case: Case, first: bool) -> Iterator[None]:
    if not tracing_is_enabled():
        yield
        return
    root = langsmith.RunTree(
        id=trace_id(case.id, case.opened_at),
        name=case.kind,
        run_type="chain",
        start_time=case.opened_at,
        extra={"metadata": {"case_id": case.id, "thread_id": case.id}},
    )
    if first:
        root.post()
    try:
        with langsmith.tracing_context(parent=root):
            yield
    finally:
        root.end()
        root.patch()
