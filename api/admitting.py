"""Asks, before an application becomes a case, whether its book takes it up: age and country of whoever applies.

The verdict is on record: beside the opening of the case, or among the operations where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from audit.events import GuardrailRuled
from checkpoints.ledger import OPS
from domain.admission import Applied, Applying
from domain.errors import BadInput
from domain.guard import Passage, Ruling, verdict_of
from graphs.services import Services
from guardrails.catalog import NOT_ADMITTED
from policies.book import Rules

REMEDY = "correct it, or apply for people whom the book admits"


async def admitted(
    services: Services, rules: Rules, application: Any, case_id: str
) -> tuple[GuardrailRuled, ...]:
    """The verdicts to put on record with the case; none where the book admits everybody.

    Raises:
        BadInput: the book does not take the application up; names the field, never its value.
    """
    if rules.admits is None or NOT_ADMITTED.name not in rules.guardrails.get("input", ()):
        return ()
    applied = Applied(rules.admits, application.application_date, tuple(_applying(application)))
    verdict = await verdict_of(NOT_ADMITTED, Passage(case_id, "", {"applied": applied}))
    event = GuardrailRuled.of(NOT_ADMITTED, verdict)
    if verdict.ruling is Ruling.PASS:
        return (event,)
    now = services.clock.now().isoformat()
    await services.ledger.record(OPS, f"admission/{case_id}/{now}", event)
    field, _, why = verdict.reason.partition(": ")
    raise BadInput(why or verdict.reason, field=field if why else None, remedy=REMEDY)


def _applying(application: Any) -> Iterator[Applying]:
    for n, each in enumerate(getattr(application, "borrowers", ())):
        born: date = each.birth_date
        yield Applying(f"borrowers.{n}", each.country, born)
    company = getattr(application, "company", None)
    if company is not None:
        yield Applying("company", company.country)
