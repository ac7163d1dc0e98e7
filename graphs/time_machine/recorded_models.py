"""Which models a case had: read from what its ledger tells of calls, so that a replay takes the same paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from langchain_core.language_models import BaseChatModel

from agents.judge import PROMPT
from agents.prompt import read_prompt
from agents.roster import ROSTER
from audit.chain import Entry
from domain.model_use import Tier
from graphs.time_machine.past import stream_of
from graphs.time_machine.record import CaseRecord
from graphs.time_machine.stand_ins import RecordedModel
from policies.book import Book

NEVER_ASKED = "a model whose time ran out before it was asked"


@dataclass(frozen=True, slots=True)
class Models:
    """As a crew has them."""

    by_tier: Mapping[Tier, BaseChatModel]
    fallback: BaseChatModel | None
    judge: BaseChatModel | None


def models_of(record: CaseRecord, book: Book) -> Models:
    """The first model of each tier that was called or refused, the one that followed it, and the judge's."""
    judge = read_prompt(PROMPT).front.id
    told = [*(Entry(**each) for each in record.inherited), *record.entries]
    called = [each for each in told if each.kind == "model_called"]
    asked = dict(_too_late(record, told, book)) | dict(_refused(told, book))
    asked |= {each.body["tier"]: _first(each) for each in called if each.body["prompt_id"] != judge}
    followed = {*_unanswered(record), *(each.body["model"] for each in called if each.body["passed_over"])}
    others = {_first(each) for each in called if each.body["prompt_id"] != judge}
    judged = {_first(each) for each in called if each.body["prompt_id"] == judge} - others
    return Models(
        by_tier={cast("Tier", tier): RecordedModel(model_name=name) for tier, name in asked.items()},
        fallback=RecordedModel(model_name=min(followed)) if followed else None,
        judge=RecordedModel(model_name=min(judged)) if judged else None,
    )


def _unanswered(record: CaseRecord) -> Iterator[str]:
    """The model that failed right after the first one of its chain had."""
    failed = [each for each in record.calls if each.gateway == "model" and each.response is None]
    for before, after in pairwise(failed):
        if before.assignment == after.assignment:
            yield after.target


def _first(called: Entry) -> str:
    return str((*called.body["passed_over"], called.body["model"])[0])


def _too_late(record: CaseRecord, told: Iterable[Entry], book: Book) -> Iterator[tuple[str, str]]:
    """Models of specialists that fell back before any of them answered: their tier is the book's."""
    for entry in told:
        stream = stream_of(entry.key)
        if entry.kind == "specialist_fell_back":
            asked = (
                each.target for each in record.calls if (each.assignment, each.gateway) == (stream, "model")
            )
            yield book.rules.mandate(entry.body["specialist"]).tier, next(asked, NEVER_ASKED)


def _refused(told: Iterable[Entry], book: Book) -> Iterator[tuple[str, str]]:
    """Models of specialists whose calls were all refused or failed: their tier is the book's."""
    for entry in told:
        job = stream_of(entry.key).rpartition(".")[2]
        if entry.kind == "call_refused" and entry.body["gateway"] == "model" and job in ROSTER:
            yield book.rules.mandate(job).tier, entry.body["target"]
