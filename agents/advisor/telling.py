"""Tells tool results in plain sentences, each with what it cites. Figures are copied by code, never rephrased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agents.advisor.certified import Found
from domain.chat import Segment
from domain.money import in_words

Result = Mapping[str, Any]
MOST_FIGURES = 14
MOST_LINES = 10
MEANT = {  # word of a question -> what the figure's name holds
    "dti": "dti",
    "ltv": "ltv",
    "score": "score",
    "income": "income",
    "rate": "note_rate",
    "payment": "payment",
    "debts": "debts",
    "apr": "apr",
    "risk": "risk",
}
WAITS_ON = {
    "open": "is open: a runner has it or will have it",
    "waiting_person": "waits for a decision",
    "waiting_event": "waits for something from outside",
    "closed": "is closed",
    "referred": "was referred: a person works it outside the automatic path",
}


def told(found: Found) -> tuple[Segment, ...]:
    """What a clause comes to."""
    if found.question is None:
        return (needs_a_model(found.clause.text),)
    if found.lacks:
        return (Segment(text=f"“{found.clause.text}” needs {' and '.join(found.lacks)}; name it."),)
    tell = TELLS[found.question.runs]
    return tuple(each for answer in found.answers for each in tell(answer.result, found.clause.words.lower()))


def needs_a_model(text: str) -> Segment:
    """The honest answer to what no certified question covers."""
    return Segment(
        text=f"“{text}” is none of the certified questions, and answering it needs a model; none is configured or "
        "its answer could not be used. You can ask where a case stands, for its figures, why it was decided as it "
        "was, what is missing, what waits for your team, a rate by score and LTV, or a what-if at another rate."
    )


def _status(result: Result, _: str) -> tuple[Segment, ...]:
    if not result["found"]:
        return (Segment(text=f"{result['reason'].capitalize()}."),)
    case = result["case"]
    what = f"{result['kind'].replace('_', ' ')}, {result['product'].replace('_', ' ')}"
    parts = [
        f"Case {case} ({what}) {WAITS_ON[result['status']]}.",
        "It is a simulation." if result["simulation"] else "",
        f"Policy concluded: {result['decided']}." if result["decided"] else "",
        f"Outcome: {result['outcome']}." if result["outcome"] else "",
        f"It waits for {_words(result['asks'], ' or ')}, due {result['due_on']}." if result["asks"] else "",
        f"It waits for {_words(result['awaits'])}." if result["awaits"] else "",
        f"Not known: {'; '.join(result['gaps'][:MOST_LINES])}." if result["gaps"] else "",
    ]
    return (Segment(text=" ".join(part for part in parts if part), cites=_refs(result)),)


def _figures(result: Result, words: str) -> tuple[Segment, ...]:
    if not result["found"]:
        return (Segment(text=f"{result['reason'].capitalize()}."),)
    meant = [MEANT[word] for word in words.split() if word in MEANT]
    chosen = [f for f in result["figures"] if any(part in f["name"] for part in meant)] or result["figures"]
    if not chosen:
        return (Segment(text=f"No figure of case {result['case']} is known yet.", cites=(result["case"],)),)
    lines = [f"{in_words(each['name'])}: {each['shown']}" for each in chosen[:MOST_FIGURES]]
    rest = "; and more" if len(chosen) > MOST_FIGURES else ""
    refs = tuple(each["ref"] for each in chosen[:MOST_FIGURES])
    return (Segment(text=f"Case {result['case']}: {'; '.join(lines)}{rest}.", cites=refs),)


def _decision(result: Result, _: str) -> tuple[Segment, ...]:
    if not result["found"]:
        return (Segment(text=f"{result['reason'].capitalize()}."),)
    decided = result["decided"]
    parts = [
        f"Policy concluded {decided} for case {result['case']} under {result['policy_version']}."
        if decided
        else f"Policy has not decided case {result['case']} yet.",
        f"Rows: {'; '.join(result['rows'])}." if result["rows"] else "",
        f"Reasons: {'; '.join(result['reasons'])}." if result["reasons"] else "",
        f"Conditions: {'; '.join(result['conditions'])}." if result["conditions"] else "",
        f"Missing: {'; '.join(result['missing'][:MOST_LINES])}."
        if result["missing"]
        else "Nothing is missing.",
    ]
    return (Segment(text=" ".join(part for part in parts if part), cites=_refs(result)),)


def _inbox(result: Result, _: str) -> tuple[Segment, ...]:
    hours, waiting = result["longer_than_hours"], result["waiting"]
    longer = f" longer than {hours} hours" if hours else ""
    if not waiting:
        return (Segment(text=f"Nothing waits for you or your groups{longer}."),)
    lines = tuple(
        Segment(
            text=f"{each['approval']} ({each['boundary']}) of case {each['case']} waits {each['age_hours']} hours for "
            f"{_words(each['groups'], ' or ')}, due {each['due_on']}{'; you made it' if each['own'] else ''}.",
            cites=(each["ref"],),
        )
        for each in waiting[:MOST_LINES]
    )
    return (
        Segment(text=f"{result['count']} wait for you or your groups{longer}.", cites=_refs(result)),
        *lines,
    )


def _quote(result: Result, _: str) -> tuple[Segment, ...]:
    if not result["quoted"]:
        return (Segment(text=f"There is no rate for that: {result['reason']}."),)
    return (
        Segment(
            text=f"By the sheet in force today: {result['lines'][0]}. It is no offer and binds nobody.",
            cites=_refs(result),
        ),
    )


def _what_if(result: Result, _: str) -> tuple[Segment, ...]:
    if not result["found"]:
        return (Segment(text=f"That cannot be worked out: {result['reason']}."),)
    rests = "; ".join(f"{in_words(each['name'])} {each['shown']}" for each in result["rests_on"])
    return (
        Segment(
            text=f"What if, case {result['case']}, {result['changed']}: {'; '.join(result['lines'])}. Only the "
            f"rate was changed; it rests on {rests}. Nothing was decided: for what policy would say, fork the case.",
            cites=_refs(result),
        ),
    )


def _customer(result: Result, words: str) -> tuple[Segment, ...]:
    if not result["found"]:
        return (Segment(text=f"{result['reason'].capitalize()}."),)
    return tuple(segment for each in result["cases"] for segment in _status(each, words))


def _words(names: list[str], joint: str = ", ") -> str:
    return joint.join(name.replace("_", " ") for name in names)


def _refs(result: Result) -> tuple[str, ...]:
    return tuple(each["ref"] for each in result["citations"])


TELLS: dict[str, Callable[[Result, str], tuple[Segment, ...]]] = {
    "case_status": _status,
    "case_figures": _figures,
    "case_decision": _decision,
    "open_approvals": _inbox,
    "rate_quote": _quote,
    "what_if": _what_if,
    "customer_cases": _customer,
}
