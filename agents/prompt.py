"""Reads a prompt: YAML front matter (id, version, owner, judgement) and the text a model gets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from domain.canonical import digest
from domain.errors import Misconfigured
from domain.identity import Record


class JudgementQuestion(Record):
    """Something that only a model (or a person) can say."""

    code: str
    question: str
    settled_by: Literal["supports", "does_not_support"] = "supports"
    """The answer that leaves nothing for a person; it denies where the question is whether something is wrong."""


class FrontMatter(Record):
    """What is known of a prompt beside its text."""

    id: str
    version: int
    owner: str
    judgement: tuple[JudgementQuestion, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt as it was approved; ``digest`` is over front matter and text."""

    front: FrontMatter
    text: str
    digest: str

    def question(self, code: str) -> str:
        """The wording of one judgement."""
        return self._asked(code).question

    def settled_by(self, code: str) -> str:
        """The answer to one judgement that leaves nothing for a person."""
        return self._asked(code).settled_by

    def _asked(self, code: str) -> JudgementQuestion:
        return next(each for each in self.front.judgement if each.code == code)


@cache
def read_prompt(file: Path) -> Prompt:
    """A prompt from its file; ``Misconfigured`` names the file and what it lacks."""
    parts = file.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise Misconfigured(f"{file.name}: a prompt starts with front matter between two lines of ---")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(parts[1]))
    except ValidationError as error:
        raise Misconfigured(f"{file.name}: {error.errors(include_url=False)[0]['msg']}") from error
    text = parts[2].strip()
    if not text.startswith(f"# {file.stem}\n"):
        raise Misconfigured(f"{file.name}: the first line of the text is `# {file.stem}`")
    written = front.model_dump(
        mode="json", exclude_defaults=True
    )  # as it was written: a new field moves no digest
    return Prompt(front, text, digest({"front": written, "text": text}))
