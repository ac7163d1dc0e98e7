"""Graver defects that are reported while a case is unwound: what was signed for the lesser one counts no more.

Owns what a person is told of it and that it is on record. The outbox looks by itself before each effect.
"""

from __future__ import annotations

from audit.unwinding import DefectOvertaken
from checkpoints.compensating import MEANWHILE
from graphs.lease import lease_for
from graphs.services import services
from graphs.supervisor.known import Standing


async def overtaken(here: Standing, at: str) -> list[str]:
    """A sentence for each graver defect that was reported since this unwinding began; put on record under ``at``.

    May run again: what was told first stands.
    """
    section = here.book.rules.unwinding
    graver = section.graver_than(str(here.application["reason"])) if section else {}
    reported = tuple(code for code in await services().unwound.reported(here.case.id, at) if code in graver)
    if not reported:
        return []
    async with services().database.transaction(await lease_for(here.case.id)) as connection:
        await services().ledger.append(connection, here.case.id, at, DefectOvertaken(reasons=reported))
    return [MEANWHILE.format(graver[code]) for code in reported]
