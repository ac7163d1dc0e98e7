"""Rules on what somebody outside wrote, when it comes in: what tries to turn a model goes to the vault, a mark stays.

Which guardrails do that, and in which order, the case's book says. Texts that lie in the vault already (names,
whole documents) are ruled on as well, so that a case with such a name or document is known for it. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from audit.events import Event
from checkpoints.database import Connection
from checkpoints.quarantine import Source
from domain.case import Case
from domain.guard import Guardrail
from domain.identity import identity_fields
from domain.quarantine import Ruled, rule_across, rule_on
from graphs.mandates import of_texts
from graphs.services import Services


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came: whose it is, what it is called, under which key its events stand, and what it was made from."""

    case: Case
    place: str  # ``application``, or the kind of record
    key: str
    model: BaseModel


@dataclass(frozen=True, slots=True)
class Cleared:
    """A body with marks in place of what the guardrails found, and what they said of it."""

    body: dict[str, Any]
    said: tuple[tuple[Source, Ruled], ...]  # of its values in the vault, and of its texts

    @property
    def texts(self) -> Ruled:
        """What was said of its texts."""
        return self.said[-1][1]

    def but(self, texts: Ruled) -> Cleared:
        """The same with more said of its texts."""
        return Cleared(cast("dict[str, Any]", texts.body), (*self.said[:-1], (self.said[-1][0], texts)))


async def cleared(services: Services, incoming: Incoming, body: dict[str, Any]) -> Cleared:
    """Put a tokenised body before the guardrails of the case's book; nothing is kept yet."""
    guardrails, case_id = await _over_texts(services, incoming.case), incoming.case.id
    in_vault = {path: value for path, _, value in identity_fields(incoming.model)}
    held = {path: str(_at(body, path)) for path in in_vault}
    values, texts = [await rule_on(guardrails, case_id, content) for content in (in_vault, body)]
    from_vault, here = (Source(case_id, incoming.place, incoming.key, tokens) for tokens in (held, {}))
    return Cleared(cast("dict[str, Any]", texts.body), ((from_vault, values), (here, texts)))


async def read_together(services: Services, case: Case, found: Sequence[Cleared]) -> list[Cleared]:
    """The bodies that came at once, without what is an attempt only when they are read one after the other."""
    guardrails = await _over_texts(services, case)
    ruled = await rule_across(guardrails, case.id, [each.texts for each in found])
    return [each.but(texts) for each, texts in zip(found, ruled, strict=True)]


async def read_after(
    services: Services, case: Case, before: Iterable[Mapping[str, Any]], found: Cleared
) -> Cleared:
    """A body without what is an attempt only when it is read after others that the case was sent; those stay."""
    earlier = [Ruled(body, (), ()) for body in before]
    guardrails = await _over_texts(services, case)
    return found.but((await rule_across(guardrails, case.id, [*earlier, found.texts]))[-1])


async def keep_away(
    services: Services, connection: Connection, found: Iterable[Cleared]
) -> list[tuple[str, Event]]:
    """Put the originals into the vault; what was said, for the caller to put on record in the same transaction."""
    told = list[tuple[str, Event]]()
    for source, ruled in (said for each in found for said in each.said):
        told += await services.quarantine.keep(connection, source, ruled, services.clock.now())
    return told


async def _over_texts(services: Services, case: Case) -> list[Guardrail]:
    """The guardrails that the case's book switches on, in its order."""
    book = (await services.books.pinned(case.policy_version)).on(case.application_date)
    return [services.guardrails[name] for name in of_texts(book)]


def _at(body: Any, path: str) -> Any:
    for step in path.split("."):
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body
