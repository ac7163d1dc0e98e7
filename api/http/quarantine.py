"""Texts that were kept from agents over HTTP, for whoever may read the case: originals as they lie in the vault.

Identity stands in them as tokens, as everywhere outside the vault; a name or a whole document that was ruled on is
told by its place alone. What is for compliance is shown to compliance and auditors only.
"""

from __future__ import annotations

from typing import Any

from fastapi import Request

from api.http.access import Id, Visiting, governed
from checkpoints.quarantine import Kept
from checkpoints.vault import QUARANTINED
from domain.person import AUDITORS
from graphs.sealing import COMPLIANCE, of_sealed_place

router = governed("quarantine")
PURPOSE = "quarantine"  # for policy: here, and nowhere else, originals may be received


@router.get("/cases/{case_id}/quarantine", summary="Read the texts that agents did not get")
async def read_quarantine(request: Request, case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """Where each stood, which rule took it, and the original with identity as tokens."""
    case, here = await visiting.case(case_id), visiting.services
    request.state.purpose = PURPOSE
    shown = [
        each
        for each in await here.quarantine.of_cases((case.id, *await here.cases.ancestors(case.id)))
        if visiting.person.groups & {COMPLIANCE, AUDITORS} or not of_sealed_place(each.place)
    ]
    return [_told(each) | {"text": await _original(visiting, case.id, each)} for each in shown]


def _told(each: Kept) -> dict[str, Any]:
    return {
        "place": each.place,
        "rule": each.rule,
        "guardrail": each.guardrail,
        "version": each.version,
        "at": each.at.isoformat(),
    }


async def _original(visiting: Visiting, case_id: str, each: Kept) -> str | None:
    if not each.token.startswith(QUARANTINED):
        return None  # what stands under other tokens is identity
    return await visiting.services.vault.reveal(case_id, each.token)
