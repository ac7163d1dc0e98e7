"""Golden sets: what a specialist's model must answer on synthetic evidence before it may act. One file per job.

Owns the shape of ``agents/<worker>/<job>.golden.yaml`` and the evidence that an item lays before a model: answers of
the specialist's own tools, some of them changed. Runs nothing (``graphs/golden.py`` does).
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self, TypeVar, get_args

import yaml
from pydantic import Field, ValidationError, model_validator

from domain.canonical import digest
from domain.errors import Misconfigured, Refused
from domain.finding import Fact
from domain.identity import Record
from tools.contract import Tool, ToolContext

Shape = TypeVar("Shape", bound=Record)
LEAST = 8  # items of each judgement; fewer prove nothing of a model that is right three times in four
Expected = Literal["supports", "does_not_support", "open"]
Kind = Literal[
    "clear",  # the evidence says it plainly
    "borderline",  # near the line, on the side that was agreed
    "misleading",  # words or figures that sound like the other answer, or like one and are none
    "contrary",  # the text, or everything beside the point, argues for the other answer
    "silent",  # nothing there, or not what was asked: the right answer is that it cannot be told
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Told(Record):
    """What a tool answers when it is asked with these arguments."""

    tool: str
    args: dict[str, Fact] = Field(default_factory=dict)
    result: dict[str, Any]


class Situation(Record):
    """Evidence that raises a judgement."""

    facts: dict[str, Fact] = Field(default_factory=dict)  # that colleagues found
    tools: tuple[Told, ...]
    prose: str | None = None  # where words stand that are judged: <tool>.<field>, lists by number

    @property
    def parties(self) -> tuple[str, ...]:
        """Whom the tools are asked about."""
        asked = sorted({str(each.args["party"]) for each in self.tools if "party" in each.args})
        return tuple(asked) or ("party:1",)


class Asked(Record):
    """What every item of every set has: its name, and what makes it hard."""

    id: str
    kind: Kind


class Item(Asked):
    """One question with the answer that was agreed to be right."""

    situation: str
    judgement: str
    expect: Expected  # ``open``: its model says that it cannot tell
    changes: dict[str, Any] = Field(default_factory=dict)  # <tool>.<field> -> value
    rewordings: tuple[str, ...] = ()  # of the prose, saying the same

    def accepts(self, answer: str) -> bool:
        """Whether this is the answer that was agreed to be right."""
        return answer == self.expect


class GoldenSet(Record):
    """Everything that one specialist is asked; invented, nobody's papers."""

    specialist: str
    workflow: str  # under whose book it works
    situations: dict[str, Situation]
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        """Enough of each judgement, of every kind, and no one answer that is right nearly always."""
        for code in dict.fromkeys(item.judgement for item in self.items):
            asked = [item for item in self.items if item.judgement == code]
            require_enough(f"judgement {code}", [item.kind for item in asked], len(asked))
            answers = Counter(item.expect for item in asked)
            if min(answers["supports"], answers["does_not_support"]) < 2 or not answers["open"]:
                raise ValueError(f"judgement {code}: each answer twice at least, and one that cannot be told")
            if any((item.kind == "silent") != (item.expect == "open") for item in asked):
                raise ValueError(f"judgement {code}: what is silent is open, and nothing else is")
        return self

    @property
    def digest(self) -> str:
        """Changes with every word of the set."""
        return digest(self.model_dump(mode="json"))

    def prose(self, item: Item) -> str | None:
        """The words that are judged, if there are any."""
        where = self.situations[item.situation].prose
        return str(_at(self.evidence(item), where)) if where else None

    def rewordings(self, item: Item) -> tuple[str, ...]:
        """The words that are judged in other words."""
        return item.rewordings

    def evidence(self, item: Item, prose: str | None = None) -> tuple[Told, ...]:
        """What the tools answer, with the item's changes and other words if they are given."""
        situation = self.situations[item.situation]
        told = [copy.deepcopy(each) for each in situation.tools]
        changes = item.changes | ({situation.prose: prose} if situation.prose and prose is not None else {})
        for where, value in changes.items():
            _put(told, where, value)
        return tuple(told)


def require_enough(of: str, kinds: Iterable[Kind], number: int) -> None:
    """``ValueError`` that says what is lacking, unless there are enough items and one of every kind."""
    if number < LEAST:
        raise ValueError(f"{of}: {number} items, {LEAST} at least")
    if lacking := [kind for kind in KINDS if kind not in set(kinds)]:
        raise ValueError(f"{of}: no item that is {' or '.join(lacking)}")


def golden_file(prompt: Path) -> Path:
    """Where the set of whoever works under a prompt is."""
    return prompt.with_suffix(".golden.yaml")


@cache
def read_golden(file: Path, shape: type[Shape]) -> Shape | None:
    """A set from its file, nothing where there is none; ``Misconfigured`` names the file and what is wrong."""
    if not file.exists():
        return None
    try:
        return shape.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise Misconfigured(f"{file.name}: {_said(error)}; see docs/model-level.md") from error


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{where}: {first['msg']}" if where else str(first["msg"])
    return str(error).splitlines()[0]


def answering(tools: Mapping[str, Tool], told: tuple[Told, ...]) -> dict[str, Tool]:
    """The tools, each answering what the item says; what it does not say is refused to whoever asks."""

    def run_of(tool: Tool) -> Any:
        async def run(args: Record, context: ToolContext) -> Record:
            asked = args.model_dump(mode="json")
            for each in told:
                if each.tool == tool.name and each.args == asked:
                    return tool.result.model_validate(each.result)
            raise Refused(f"this golden item has no answer of {tool.name} to {asked}", control="golden.item")

        return run

    return {name: replace(tool, run=run_of(tool), records=frozenset()) for name, tool in tools.items()}


def _put(told: list[Told], where: str, value: Any) -> None:
    tool, *path = where.split(".")
    for each in told:
        if each.tool == tool:
            place: Any = each.result
            for part in path[:-1]:
                place = place[int(part) if isinstance(place, list) else part]
            place[int(path[-1]) if isinstance(place, list) else path[-1]] = value


def _at(told: tuple[Told, ...], where: str) -> Any:
    tool, *path = where.split(".")
    place: Any = next(each.result for each in told if each.tool == tool)
    for part in path:
        place = place[int(part) if isinstance(place, list) else part]
    return place
