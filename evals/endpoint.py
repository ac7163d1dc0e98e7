"""Which model the decks run on: a scripted one on a local socket, or the configured endpoint (``--live``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.settings import ModelSettings, Settings
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel

SCRIPTED = "synthetic errors on a scripted model"
_live: list[ModelSettings] = []


class NoEndpoint(Exception):
    """A live run without a configured model."""


def go_live() -> str:
    """From now on decks run on the configured endpoint; its label. ``NoEndpoint`` when there is none."""
    settings = Settings().model
    if not settings.base_url or not (settings.routine or settings.standard or settings.advanced):
        raise NoEndpoint(
            "no model is configured: set COUNTERSIGN_MODEL__BASE_URL, COUNTERSIGN_MODEL__ROUTINE and, if it asks "
            "for one, COUNTERSIGN_MODEL__API_KEY; `make eval` runs the decks on a scripted model"
        )
    _live[:] = [settings]
    return f"model {settings.routine or settings.standard or settings.advanced}"


def is_live() -> bool:
    """Whether a real model is asked: then nothing is injected, and labels of errors mean nothing."""
    return bool(_live)


@contextmanager
def model(script: Script) -> Iterator[ModelSettings]:
    """Settings of the model to run on; the script is used unless the run is live."""
    if _live:
        yield _live[0]
        return
    with ScriptedModel(script) as server:
        yield ModelSettings(base_url=server.url, routine="scripted")
