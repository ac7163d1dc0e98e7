"""What verified employments give reason to state and to flag: gaps, a new job, a history too short.

Owns the facts of employment over all parties. Limits are rows of the book. Never asks why there was a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.contract import figure, flag
from agents.mortgage import limit
from agents.mortgage.income_sources import Earner
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Severity

WORST_FIRST = ("not_documented", "short", "new_job", "documented")
DAYS_A_MONTH = 30


def employment_figures(parties: Sequence[Earner], assignment: Assignment) -> tuple[Figure, ...]:
    """The longest gap of anybody on a salary, and the weakest history; nobody on a salary: not applicable."""
    salaried = [party for party in parties if party.salaried]
    if not salaried:
        source = parties[0].history
        return (
            figure("employment_gap_days", 0, "days", source),
            figure("employment_history", "not_applicable", "code", source),
        )
    longest = max(salaried, key=lambda party: int(party.history.result["longest_break_days"]))
    weakest = min(salaried, key=lambda party: WORST_FIRST.index(_standing(party, assignment)))
    return (
        figure("employment_gap_days", longest.history.result["longest_break_days"], "days", longest.history),
        figure("employment_history", _standing(weakest, assignment), "code", weakest.history),
    )


def employment_flags(party: Earner, assignment: Assignment) -> tuple[Flag, ...]:
    """What a person should know of one party's employments; nothing where none is on record."""
    if not party.salaried or not party.history.result["found"]:
        return ()
    return tuple(_flags(party, assignment))


def _standing(party: Earner, assignment: Assignment) -> str:
    history = party.history.result
    if not history["found"]:
        return "not_documented"
    if history["undocumented_days"] > 0:
        return "short"
    return "new_job" if history["current_days"] < limit(assignment, "new_job_days") else "documented"


def _flags(party: Earner, assignment: Assignment) -> Iterator[Flag]:
    history, who = party.history.result, party.reference
    most = limit(assignment, "employment_gap_limit_days")
    for each in history["breaks"]:
        if each["days"] > most:
            detail = (
                f"{who} was without work from {each['first']} to {each['last']}: {_length(each['days'])}, "
                f"limit {most} days"
            )
            yield flag("employment_gap", detail, party.history)
    if not history["employed_now"]:
        detail = f"no employer on record has {who} in work today"
        yield flag("not_employed_now", detail, party.history, Severity.SERIOUS)
    elif history["current_days"] < limit(assignment, "new_job_days"):
        detail = f"{who} is in this employment since {history['current_since']}: {_length(history['current_days'])}"
        yield flag("new_job", detail, party.history)
    if history["undocumented_days"] > 0:
        detail = (
            f"{_length(history['undocumented_days'])} before the first employment of {who} are not documented"
        )
        yield flag("employment_history_short", detail, party.history)


def _length(days: int) -> str:
    months = days // DAYS_A_MONTH
    return f"{days} days" + (f" ({months} month{'s' if months > 1 else ''})" if months else "")
