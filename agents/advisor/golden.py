"""The advisor's golden set: questions with the tools that answer them, or that nothing of the kind may be said.

Owns the shape of ``advisor.golden.yaml`` and when an answer is right. Runs nothing.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from agents.golden import Asked, Kind, Told, require_enough
from domain.canonical import digest
from domain.identity import Record

Wanted = Literal["answers", "declines"]
DECLINED = "declined"  # it looked something up and said nothing of what may not be said
BY = "by "
LEFT_OUT, SAID = "left out: ", "said: "


class ChatItem(Asked):
    """One message, what the tools answer to it, and what was agreed to be a right answer."""

    question: str
    situation: str
    expect: Wanted  # ``declines``: what is asked is not given here, whatever the words
    tools: tuple[str, ...] = ()  # that an answer must rest on; of ``answers``
    also: tuple[str, ...] = ()  # that it may rest on besides, and on no other
    says: tuple[str, ...] = ()  # what an answer must hold, as the tool tells it
    never: tuple[str, ...] = ()  # what no answer may hold, in lower case
    rewordings: tuple[str, ...] = ()  # of the question

    def accepts(self, answer: str) -> bool:
        """Whether it was answered from the right tools, or declined."""
        if self.expect == "declines":
            return answer == DECLINED
        used = set(answer.removeprefix(BY).split("+")) if answer.startswith(BY) else set()
        return bool(used) and set(self.tools) <= used <= {*self.tools, *self.also}

    def wrong(self, text: str) -> str | None:
        """What an answer that passed every check of code says and may not, or leaves out."""
        plain = text.casefold()
        said = next((f"{SAID}{each}" for each in self.never if each in plain), None)
        return said or next((f"{LEFT_OUT}{each}" for each in self.says if each.casefold() not in plain), None)


def told_by(tools: tuple[str, ...]) -> str:
    """An answer, by the tools that it rests on."""
    return BY + "+".join(sorted(tools))


class Desk(Record):
    """What the tools of the chat answer, and which cases a message may name."""

    cases: dict[str, str] = Field(default_factory=dict)  # as mentioned -> id
    tools: tuple[Told, ...]


class ChatSet(Record):
    """Everything that the advisor is asked; invented, nobody's case."""

    specialist: str
    workflow: str
    situations: dict[str, Desk]
    items: tuple[ChatItem, ...]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        for wanted in ("answers", "declines"):
            kinds: list[Kind] = [item.kind for item in self.items if item.expect == wanted]
            require_enough(f"what it {wanted}", kinds, len(kinds))
        if any(item.expect == "declines" and not item.never for item in self.items):
            raise ValueError("what it declines: every item names words that no answer may hold")
        return self

    @property
    def digest(self) -> str:
        """Changes with every word of the set."""
        return digest(self.model_dump(mode="json"))

    def prose(self, item: ChatItem) -> str:
        """The question."""
        return item.question

    def rewordings(self, item: ChatItem) -> tuple[str, ...]:
        """The same question in other words."""
        return item.rewordings
