"""What a case tells the outside: one redacted trace, spans, logs and metrics, and no value of the vault."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import structlog

from api import telemetry
from api.assembly import models, running
from api.demo.stories import Story, self_employed
from api.settings import ModelSettings, Settings
from domain.clock import SetClock
from graphs.services import Services, install
from tests.fakes.casework import advance, decide, kinds, opened, pending
from tests.fakes.ingest import Ingest, running_ingest
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import SECOND_UNDERWRITER, UNDERWRITER
from tests.fakes.specialists_script import specialists


@contextmanager
def tracing_to(ingest: Ingest, settings: Settings) -> Iterator[Settings]:
    with running_ingest(ingest):
        changes = {"langsmith_tracing": True, "langsmith_endpoint": ingest.url}
        yield settings.model_copy(update=changes)


async def worked(services: Services, story: Story) -> str:
    """From application to closed case, in several advances."""
    case_id = await opened(services, story)
    for person in (UNDERWRITER, SECOND_UNDERWRITER):
        request = await pending(services, case_id)
        if person.id not in [each.person for each in await services.desk.decisions(request.id)]:
            await decide(services, person, request)
    await advance(services, case_id)
    return case_id


async def forbidden(services: Services, case_id: str, story: Story) -> list[str]:
    """Vault values with their parts, and every figure of four or more digits."""
    values = [value for _, value in (await services.vault.values(case_id)).values()]
    parts = [part for value in values for part in re.split(r"[\s,<]+", value) if len(part) > 3]
    figures = re.findall(r"\b\d{5,}\b", json.dumps([story.application, *story.records]))
    (request, *_) = await services.desk.of_case(case_id)
    shown = [figure.value for figure in request.packet.figures if len(figure.value) > 4]
    return [*values, *parts, *figures, *shown]
