"""Seals a finding that only compliance may read: the state, packets and fronts of a case see that there is one.

Owns what stays outside the seal: facts by name, whether the case is held, who did the work. Never opens a seal
but for the compliance boundary (31 U.S.C. 5318(g)(2): nobody involved may learn of a report).
"""

from __future__ import annotations

from agents.roster import ROSTER
from checkpoints.session import Session
from checkpoints.vault import SEALED as SEALED_TOKEN
from domain.canonical import canonical, digest
from domain.finding import Finding, Flag, Severity
from graphs.services import services

SEALED = "for_compliance"
COMPLIANCE = "compliance"
OUTSIDE = "Reviewed; what was found is for compliance."


async def seal(session: Session, finding: Finding) -> Finding:
    """What may be seen of a finding; the whole of it goes to the vault. May run again: equal findings, one seal."""
    whole = finding.model_dump(mode="json")
    token = f"{SEALED_TOKEN}{session.stream}_{digest(whole)[:12]}"
    async with session.transaction() as connection:
        await services().vault.seal(connection, session.lease.case_id, token, canonical(whole).decode())
    mark = Flag(
        code=SEALED,
        severity=Severity.SERIOUS if finding.held else Severity.INFO,
        hold=finding.held,
        detail="something for compliance to read before the case goes on",
        source=token,
    )
    return finding.model_copy(
        update={"flags": (mark,), "judgements": (), "gaps": (), "narrative": "", "conclusion": OUTSIDE}
    )


async def opened(case_id: str, finding: Finding) -> Finding:
    """The whole finding behind a seal; one that is not sealed as it is."""
    for flag in finding.flags:
        if flag.code == SEALED:
            return Finding.model_validate_json(await services().vault.reveal(case_id, flag.source))
    return finding


def is_sealed(job: str) -> bool:
    """Whether what a specialist finds is for compliance alone."""
    return ROSTER[job].audience == COMPLIANCE


def of_sealed_place(place: str) -> bool:
    """Whether a text stood in a record, or in a tool's answer, that only work for compliance looks at."""
    first, _, rest = place.partition(" ")
    return (rest.partition(" ")[0] if first == "tool" else first) in SEALED_SOURCES


def _sources(audience: str) -> frozenset[str]:
    return frozenset(
        name for each in ROSTER.values() if each.audience == audience for name in (*each.records, *each.tools)
    )


SEALED_SOURCES = _sources(COMPLIANCE) - _sources("case")
