"""Findings that disagree are both shown, with the rule that settled it, or left open for a person."""

from __future__ import annotations

from domain.finding import Fact, Figure, Finding, ProducedBy
from graphs.supervisor.dissent import Superseded, dissents
from policies.book import ReconcileRow


def finding(job: str, value: Fact, assignment: str = "r1.mortgage") -> Finding:
    figure = Figure(name="monthly_income_cents", value=value, unit="cents", source=f"{assignment}#{job}")
    return Finding(
        assignment=assignment,
        specialist=job,
        figures=(figure,),
        conclusion="found",
        produced_by=ProducedBy.PLAYBOOK,
    )


FIRST = Superseded(finding("income_verifier", 900_000), "conflict")
LATER = {"income_verifier": finding("income_verifier", 800_000, "r3.mortgage")}


def test_second_look_counts_and_the_first_stays_visible() -> None:
    (dissent,) = dissents(LATER, [FIRST], [])
    assert [each.value for each in dissent.positions] == [900_000, 800_000]
    assert dissent.settled_by == "the later look of the same specialist counts"


def test_book_may_leave_a_second_look_to_a_person() -> None:
    (dissent,) = dissents(LATER, [FIRST], [ReconcileRow(fact="monthly_income_cents", by="escalate")])
    assert dissent.settled_by is None


def test_two_specialists_who_disagree_are_not_settled_without_a_row() -> None:
    both = {
        "income_verifier": finding("income_verifier", 1),
        "pricing_analyst": finding("pricing_analyst", 2),
    }
    (dissent,) = dissents(both, [], [])
    assert (len(dissent.positions), dissent.settled_by) == (2, None)
    (settled,) = dissents(both, [], [ReconcileRow(fact="monthly_income_cents", by="latest")])
    assert settled.settled_by is not None


def test_same_value_twice_is_no_dissent_and_neither_is_an_answer_to_another_question() -> None:
    same = Superseded(finding("income_verifier", 800_000), "conflict")
    before_the_owner_was_found = Superseded(finding("income_verifier", 1), "new_party")
    assert dissents(LATER, [same, before_the_owner_was_found], []) == ()
