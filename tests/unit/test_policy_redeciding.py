"""One decided case under another book: what flips it, whose work it is, and when it cannot be compared."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from checkpoints.decided import DecidedCase
from domain.canonical import digest
from graphs.policy_change.redeciding import Compared, Result, redecide
from graphs.policy_change.report import Replayed, Report, report
from graphs.supervisor.deciding import decided
from graphs.supervisor.known import fact
from policies.book import Book
from policies.loader import BOOKS, shipped_examples
from policies.loader import parse_book as parse

DAY = date(2026, 3, 2)
LOAN = (BOOKS / "home_loan.yaml").read_text(encoding="utf-8")
AMENDMENT = (BOOKS / "loan_amendment.yaml").read_text(encoding="utf-8")


parse_book = cache(parse)


def changed(text: str, *pieces: tuple[str, str]) -> Book:
    for piece, instead in pieces:
        assert piece in text
        text = text.replace(piece, instead)
    return parse_book(text)


def case(text: str, number: int = 1, product: str = "fixed_30", **others: Any) -> DecidedCase:
    """A case that knows the facts of a clean example but for these, decided under the book as shipped."""
    book = parse_book(text)
    examples = shipped_examples(book.rules.kind)
    assert examples is not None
    facts = {**examples.bases["clean"], **others}
    known = {
        name: fact(each, "count", "entry")
        for name, each in facts.items()
        if name not in ("open_gaps", "degraded", "text_quarantined")
    }
    state: dict[str, Any] = {"case_id": f"case-{number}", "facts": known, "findings": {}}
    concluded = decided(book.on(DAY), state)  # type: ignore[arg-type]
    return DecidedCase(
        id=f"case-{number}",
        policy_version=book.version,
        application_date=DAY,
        product=product,
        amount_cents=5000,
        opened_at=datetime(2026, 3, 2, tzinfo=UTC),
        people=2,
        state=state | {"decision": concluded.model_dump(mode="json")},
        decision=1,
        facts_digest=digest(concluded.facts),
    )


def compared(text: str, of: DecidedCase, *pieces: tuple[str, str]) -> Compared:
    found = redecide(of, parse_book(text).on(DAY), changed(text, *pieces).on(DAY))
    assert isinstance(found, Compared)
    return found


def reported(text: str, cases: list[DecidedCase], *pieces: tuple[str, str], **groups: str) -> Report:
    found = [Result(each, compared(text, each, *pieces)) for each in cases]
    named = {name.replace("_", "-"): group for name, group in groups.items()}
    replayed = Replayed(found, None, DAY, named, ())
    return report(parse_book(text), changed(text, *pieces), replayed)


@pytest.mark.parametrize(
    ("facts", "pieces", "turn", "rows"),
    [
        ({"dti_back_bps": 4000}, [('"> 5000"}', '"> 3900"}')], "approve → decline", [("D1", "answers now")]),
        ({"dti_back_bps": 5500}, [('"> 5000"}', '"> 6000"}')], "decline → approve", [("D1", "answers no more")]),
        ({"flood_zone": True}, [("{outcome: approve, condition: flood_insurance}", "{outcome: refer}")],
         "approve → refer", [("V2", "reads otherwise")]),
        ({"open_gaps": 0}, [("        - *clear\n", "")], "approve → refer", [("A1", "answers no more")]),
    ],
)  # fmt: skip
def test_a_flip_names_the_row_that_turned_it(
    facts: dict[str, Any], pieces: list[tuple[str, str]], turn: str, rows: list[tuple[str, str]]
) -> None:
    found = compared(LOAN, case(LOAN, **facts), *pieces)
    assert (found.flipped, found.turn) == (True, turn)
    assert [(row.row, row.how) for row in found.rows if row.row != "A1" or rows[0][0] == "A1"] == rows


def test_a_fact_that_nobody_found_out_leads_to_a_person_and_is_named() -> None:
    wanted = ("        degraded: {type: flag}\n      outputs: &outputs",
              "        degraded: {type: flag}\n        risk_grade: {type: int, unit: count, min: 1, max: 10}\n"
              "      outputs: &outputs")  # fmt: skip
    graded = '        - {id: X1, when: {risk_grade: ">= 8"}, then: {outcome: decline, reason: collateral}}\n'
    found = compared(LOAN, case(LOAN), wanted, ("        - *clear\n", f"        - *clear\n{graded}"))
    assert (found.becomes, found.unknown) == ("refer", ("risk_grade",))


def test_work_moves_to_whoever_the_candidate_names() -> None:
    piece = ('{id: U6, then: {groups: "underwriters, senior_underwriters", quorum: 1}}',
             "{id: U6, then: {groups: chief_credit, quorum: 2}}")  # fmt: skip
    found = reported(LOAN, [case(LOAN)], piece)
    work = {each.authority: (each.was, each.becomes) for each in found.workload}
    assert work == {"1 of underwriters, senior_underwriters": (1, 0), "2 of chief_credit": (0, 1)}
    assert (found.flipped, found.other_authority) == ((), 1)


def test_what_ran_on_standing_authority_is_work_for_people_once_it_is_gone() -> None:
    of = case(AMENDMENT, product="fee_refund")
    found = compared(AMENDMENT, of, ("max_cents: 10000,", "max_cents: 100,"))
    assert (found.authority_was, found.authority_becomes) == ("standing authority", "1 of servicing")


def test_money_and_people_are_added_up_by_the_way_it_turns() -> None:
    cases = [case(LOAN, n, dti_back_bps=dti) for n, dti in enumerate((4000, 4100, 3000))]
    found = reported(LOAN, cases, ('"> 5000"}', '"> 3900"}'))
    (turned,) = found.turns
    assert (turned.turn, turned.cases, turned.amount_cents, turned.people) == (
        "approve → decline",
        2,
        10_000,
        4,
    )


def test_groups_of_whoever_monitors_show_the_change_in_approval_rates() -> None:
    cases = [case(LOAN, n, dti_back_bps=dti) for n, dti in enumerate((3000, 3000, 3000, 4000, 3000))]
    found = reported(LOAN, cases, ('"> 5000"}', '"> 3900"}'), case_0="a", case_1="a", case_2="b", case_3="b")
    (group,) = found.impact.groups
    assert (found.impact.reference, found.impact.without_group) == ("a", 1)
    assert (group.ratio_was_bps, group.ratio_becomes_bps) == (10_000, 5_000)
    assert (group.below_four_fifths_was, group.below_four_fifths_becomes) == (False, True)


def test_without_groups_nothing_is_said_of_approval_rates() -> None:
    found = reported(LOAN, [case(LOAN)], ('"> 5000"}', '"> 3900"}'))
    assert (found.impact.measured, found.impact.groups) == (False, ())


def test_parameters_that_differ_and_days_that_no_case_reaches_are_said() -> None:
    later = ("  - effective_from: 2026-01-01\n    values:\n", "  - effective_from: 2027-01-01\n    values:\n")
    open_ended = ("    effective_to: 2025-12-31\n", "    effective_to: 2026-12-31\n")
    found = reported(LOAN, [case(LOAN)], later, open_ended)
    assert found.not_reached == ("2027-01-01",)
    (price,) = [each for each in found.resting if each.parameter == "qm_price"]
    assert (price.read_by, price.cases) == (("price_loan",), 0)


def test_a_report_from_before_facts_were_found_again_is_read_as_it_was_proposed() -> None:
    told = reported(LOAN, [case(LOAN)], ('"> 5000"}', '"> 3900"}')).model_dump(mode="json")
    new = ("resting", "refound", "refound_moved", "not_refound", "not_tried")
    before = {name: each for name, each in told.items() if name not in new} | {
        "not_replayed": ["apor from 2026-01-01"]
    }
    assert Report.model_validate(before).not_replayed == ("apor from 2026-01-01",)
    assert "not_replayed" not in told


def test_rules_that_no_decision_is_made_by_are_said_to_show_from_new_cases_on_alone() -> None:
    found = reported(LOAN, [case(LOAN)], ("max_rounds: 8", "max_rounds: 5"), ('"> 5000"}', '"> 3900"}'))
    assert found.not_tried == ("max_rounds",)


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"facts_digest": "0"}, "it knows other facts now than it was decided on"),
        ({"state": {}}, "it is being found out again"),
    ],
)
def test_a_case_whose_record_does_not_hold_is_not_compared(spoilt: dict[str, Any], why: str) -> None:
    of = case(LOAN)
    kept = {name: getattr(of, name) for name in DecidedCase.__slots__}
    book = parse_book(LOAN).on(DAY)
    assert why in str(redecide(DecidedCase(**kept | spoilt), book, book))


def test_a_recorded_decision_that_its_own_book_does_not_give_is_not_compared() -> None:
    of, book = case(LOAN), parse_book(LOAN).on(DAY)
    of.state["decision"]["outcome"] = "decline"
    assert redecide(of, book, book) == "its own book gives approve now, and decline is recorded"
