"""Work stops early only where nothing that is still unknown could change the outcome."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decision import Outcome, worst
from graphs.catalog import VOCABULARY
from policies.cell import CodeInput, FlagInput, Input
from policies.loader import shipped
from policies.settled import settled
from policies.table import HitPolicy

BOOKS = [book.on(date(2026, 3, 2)) for book in shipped(VOCABULARY)]
TABLES = [book.decision for book in BOOKS if book.decision.hit_policy is HitPolicy.COLLECT]
HOME = next(book.decision for book in BOOKS if book.rules.kind == "home_loan")


def values(kind: Input) -> st.SearchStrategy[int | str | bool]:
    if isinstance(kind, FlagInput):
        return st.booleans()
    if isinstance(kind, CodeInput):
        return st.sampled_from(kind.values)
    return st.integers(kind.minimum, kind.maximum)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_the_unknown_facts_turn_out_to_be_a_settled_outcome_stands(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    every = {name: data.draw(values(kind)) for name, kind in table.inputs.items()}
    known = {name: value for name, value in every.items() if data.draw(st.booleans())}
    early = settled(table, known)
    outcomes = [Outcome(str(each["outcome"])) for each in table.evaluate(every).answers]
    assert early is None or early is worst(outcomes)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_with_every_fact_known_the_outcome_is_settled(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    every = {name: data.draw(values(kind)) for name, kind in table.inputs.items()}
    assert settled(table, every) is not None


def test_decline_is_not_settled_while_compliance_may_still_hold_the_case() -> None:
    assert settled(HOME, {"bankruptcies_7y": 1}) is None
    assert settled(HOME, {"bankruptcies_7y": 1, "sanctions_status": "clear"}) is None
    clear = {"sanctions_status": "clear", "activity_review": "clear"}
    assert settled(HOME, {"bankruptcies_7y": 1, **clear}) is Outcome.DECLINE


def test_referral_is_not_settled_while_a_decline_is_possible() -> None:
    assert settled(HOME, {"delinquencies_24m": 2, "sanctions_status": "clear"}) is None
