"""The chat as people at its fronts use it: say something while a runner works, and read what comes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from api.chatting import Saying, say
from domain.chat import ChatAnswer
from domain.person import Person
from graphs.services import Services
from tests.fakes.casework import advance


@dataclass
class Talk:
    """One person's thread; every message is answered by a runner at once."""

    services: Services
    person: Person
    thread: str | None = None
    heard: list[str] = field(default_factory=list)

    async def ask(self, message: str, key: str | None = None) -> ChatAnswer:
        """Say something; its released answer."""
        said = await say(self.services, self.person, Saying(message, self.thread, key))
        self.thread = said.thread
        await advance(self.services, said.thread)
        turn = await self.services.chats.turn(said.thread, said.turn)
        assert turn is not None
        assert turn.answer is not None
        self.heard.append(turn.message)
        return turn.answer


def sent_events(text: str) -> list[tuple[str, Any]]:
    """Server-sent events as pairs of name and body."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(body.removeprefix("data: "))) for name, body in blocks]
