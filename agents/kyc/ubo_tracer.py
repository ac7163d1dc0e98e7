"""UBO tracer: who owns and controls the company, and whether blocked persons own half of it.

Owns which owners become parties of the case and when ownership counts as resolved. Never clears a potential
match, never judges whether a structure makes sense, and never decides what an open one means for the case.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from domain.assignment import Assignment
from domain.finding import Figure, Flag, FoundParty, Gap, Severity
from domain.party import OWNER
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The structure, then the 50 percent rule over it."""
    await call("ownership_structure", {})
    await call("blocked_ownership", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Resolved when every owner at the threshold and one control person are named; else gaps, no figure.

    Rule: a case without a company has nothing to trace. Each owner and the control person become parties.
    Potential matches among holders hold the case, and so does a company that they own to half. ``clear`` takes
    a resolved structure in which every holder was screened. Sources: 31 CFR 1010.230(d); OFAC guidance of
    2014-08-13.
    """
    structure, blocked = evidence.first("ownership_structure"), evidence.first("blocked_ownership")
    if structure is None or blocked is None:
        return Conclusion("Ownership was not looked at.", gaps=(_unlooked(),))
    if not structure.result["applies"]:
        return Conclusion(
            "There is no legal entity: nothing to trace.", figures=_resolved(structure, blocked)
        )
    gaps = tuple(_gaps(structure, blocked))
    return Conclusion(
        _words(structure, gaps),
        figures=() if gaps else _resolved(structure, blocked),
        flags=tuple(_flags(structure, blocked)),
        gaps=gaps,
        parties=tuple(_parties(structure)),
        asks=("structure_has_purpose",) if _layered(structure) else (),
    )


def _resolved(structure: ToolAnswer, blocked: ToolAnswer) -> tuple[Figure, ...]:
    return (
        figure("ownership_resolved", True, "flag", structure),
        figure("blocked_ownership", blocked.result["standing"], "code", blocked),
    )


def _gaps(structure: ToolAnswer, blocked: ToolAnswer) -> Iterable[Gap]:
    exempt = structure.result["exempt"] == "ownership and control"
    if not structure.result["found"]:
        if not exempt:
            yield missing("ownership_record", "no ownership record of entity:1")
        return
    for problem in structure.result["problems"]:
        yield missing("ownership_record", problem)
    for party in blocked.result["unscreened"]:
        yield Gap(code="unscreened:sanctions", detail=f"{party} is not screened", needs="person")


def _flags(structure: ToolAnswer, blocked: ToolAnswer) -> Iterable[Flag]:
    for hit in blocked.result["hits"]:
        entries = ", ".join(f"{m['entry_number']} (score {m['score']})" for m in hit["potential_matches"])
        detail = f"{hit['party']}, in the ownership of entity:1, is like entry {entries}"
        yield flag("potential_sanctions_match", detail, blocked, Severity.SERIOUS, hold=True)
    if blocked.result["standing"] != "clear":
        share, owners = blocked.result["blocked_share_bps"], ", ".join(blocked.result["blocked_owners"])
        detail = f"entity:1 is {blocked.result['standing']} by the 50 percent rule: {share} basis points ({owners})"
        yield flag("blocked_ownership", detail, blocked, Severity.SERIOUS, hold=True)
    if _layered(structure):
        detail = f"ownership of entity:1 has {structure.result['layers']} layers"
        loop = ", and holdings lead back to where they began" if structure.result["loop"] else ""
        yield flag("complex_ownership", detail + loop, structure)


def _parties(structure: ToolAnswer) -> Iterable[FoundParty]:
    """Each of them once, for the first reason; borrowers are parties already."""
    beyond = {
        o["reference"]: o for o in reversed(structure.result["owners"]) if o["reference"].startswith(OWNER)
    }
    for reference, owner in sorted(beyond.items()):
        share = f" of {owner['share_bps']} basis points" if owner["share_bps"] else ""
        reason = f"{owner['role'].replace('_', ' ')} of entity:1{share} ({owner['way']})"
        yield FoundParty(reference=reference, role=owner["role"], reason=reason, source=structure.entry)


def _layered(structure: ToolAnswer) -> bool:
    """Two entities or more above the company, or a loop: what it is good for is a judgement."""
    return bool(structure.result["layers"] >= 2 or structure.result["loop"])


def _words(structure: ToolAnswer, gaps: tuple[Gap, ...]) -> str:
    if gaps:
        return "Ownership of the company is not resolved."
    number = len(structure.result["owners"])
    return f"Ownership of the company is resolved: {number} to be identified."


def _unlooked() -> Gap:
    return missing("ownership_record", "ownership was not looked at")


SPECIALIST = Specialist(
    job="ubo_tracer",
    worker="kyc",
    provides=("ownership_resolved", "blocked_ownership"),
    needs=(),
    tools=("ownership_structure", "blocked_ownership"),
    required=("ownership_structure", "blocked_ownership"),
    records=("ownership_record",),
    gather=gather,
    conclude=conclude,
    names_parties=True,
    raises=("potential_sanctions_match", "blocked_ownership", "complex_ownership"),
)
