"""Document verifier: whether every party's travel document is sound, in date and the party's own.

Owns which checks make an identity verified. Never says that a document is genuine, never sees what stands
on it and never decides what an unverified identity means for the case.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from domain.assignment import Assignment
from domain.finding import Flag, Gap, Severity
from tools.gateway import ToolAnswer

_NAME_DIFFERS = "the name is not the one applied for"
_FAILURES = {  # field of the tool's answer, what it is when the check fails, what that is called
    "valid": (False, "check digits do not fit"),
    "expired": (True, "it has expired"),
    "name_matches": (False, _NAME_DIFFERS),
    "birth_date_matches": (False, "the date of birth is not the one applied for"),
    "number_matches": (False, "the number in the zone is not the one on the page"),
    "sex_matches": (False, "the sex in the zone is not the one on the page"),
}


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Every party's document."""
    for party in assignment.parties:
        await call("travel_document", {"party": party})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Verified when all checks of all parties pass; no figure while a readable document is missing.

    Rule: every natural person needs a document with fitting check digits, not expired, with the name and
    date of birth applied for, codes of states that exist, and the number and sex of its page where those
    were read. A failing check is flagged ``document_inconsistent``; where nothing but names fails, that asks for
    a judgement, which could mend nothing beside any other failure.
    Source: 31 CFR 1020.220(a)(2)(ii)(A); for owners 31 CFR 1010.230(b)(2).
    """
    answers = {answer.result["party"]: answer for answer in evidence.of("travel_document")}
    gaps = tuple(gap for party in assignment.parties for gap in _gaps(party, answers.get(party)))
    checked = [each for party, each in answers.items() if party in assignment.parties and _readable(each)]
    failed = [answer for answer in checked if _failures(answer)]
    flags = tuple(_inconsistent(answer) for answer in failed)
    only_names = bool(failed) and all(_failures(answer) == [_NAME_DIFFERS] for answer in failed)
    asks = ("name_difference_ordinary",) if only_names else ()
    if gaps or not checked:
        return Conclusion("Identity is not established.", flags=flags, gaps=gaps, asks=asks)
    source = failed[0] if failed else checked[0]
    return Conclusion(
        "A document contradicts the application." if failed else "Every identity is verified by document.",
        figures=(figure("identity_verified", not failed, "flag", source),),
        flags=flags,
        asks=asks,
    )


def _gaps(party: str, answer: ToolAnswer | None) -> tuple[Gap, ...]:
    if answer is None:
        return (missing("identity_document", f"the document of {party} was not looked at"),)
    if not answer.result["needed"]:
        return ()
    if not answer.result["found"]:
        return (missing("identity_document", f"no travel document of {party}"),)
    if answer.result["problem"]:
        detail = f"the travel document of {party} cannot be read: {answer.result['problem']}"
        return (missing("identity_document", detail),)
    if answer.result["birth_date_matches"] is None:
        return (missing("ownership_record", f"no date of birth of {party} is stated"),)
    return ()


def _readable(answer: ToolAnswer) -> bool:
    return bool(answer.result["found"] and not answer.result["problem"])


def _failures(answer: ToolAnswer) -> list[str]:
    checks = [words for check, (fails, words) in _FAILURES.items() if answer.result[check] is fails]
    codes = (
        f"the code of its {name.replace('_', ' ')} does not exist" for name in answer.result["implausible"]
    )
    return [*checks, *codes]


def _inconsistent(answer: ToolAnswer) -> Flag:
    detail = f"travel document of {answer.result['party']}: {'; '.join(_failures(answer))}"
    return flag("document_inconsistent", detail, answer, Severity.SERIOUS)


SPECIALIST = Specialist(
    job="document_verifier",
    worker="kyc",
    provides=("identity_verified",),
    needs=(),
    tools=("travel_document",),
    required=("travel_document",),
    records=("identity_document", "ownership_record"),
    gather=gather,
    conclude=conclude,
    per_party=True,
    raises=("document_inconsistent",),
)
