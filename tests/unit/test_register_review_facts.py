"""Who the applicants are cannot reach what is decided about a register; it reaches the monitoring alone."""

from __future__ import annotations

from datetime import date
from typing import Any, get_type_hints

import pytest

from graphs.catalog import VOCABULARY
from graphs.register_review.graph import graph
from graphs.register_review.nodes import REGISTER_FACTS, known_facts
from graphs.register_review.state import RegisterState
from policies.concluding import conclude
from policies.loader import shipped
from tests.fakes.registers import changed, everywhere, synthetic
from tools.hmda.fields import DEMOGRAPHIC_NAMES
from tools.hmda.review import review_register
from tools.register import OwedNotice, RegisterException, RegisterFacts, ReviewedRegister, reviewed

TODAY = date(2026, 3, 2)
BOOK = next(book for book in shipped(VOCABULARY) if book.rules.kind == "lar_review")
MONITORED = {"monitoring", "applicant_sex", "female_over_male_bps", "interval_95_bps", "four_fifths_flag"}


def seen(content: bytes, today: date = TODAY) -> ReviewedRegister:
    return reviewed(review_register(content, "register.txt"), today)


def decided(content: bytes) -> tuple[str, tuple[str, ...]]:
    concluded = conclude(BOOK.on(TODAY), seen(content).facts.model_dump())
    return concluded.outcome.value, concluded.rows_hit


def without_monitoring(found: ReviewedRegister) -> dict[str, Any]:
    plain = found.model_dump(mode="json")
    del plain["report"]["monitoring"], plain["report"]["register"]["sha256"]
    return plain


def test_no_input_of_any_table_is_demographic_or_monitoring() -> None:
    inputs = {name for versions in BOOK.tables.values() for _, table in versions for name in table.inputs}
    assert inputs <= REGISTER_FACTS
    assert not inputs & ({*DEMOGRAPHIC_NAMES} | MONITORED)


@pytest.mark.parametrize("record", [RegisterFacts, RegisterException, OwedNotice])
def test_what_the_case_gets_of_a_review_has_no_demographic_field(record: type[RegisterFacts]) -> None:
    assert not set(record.model_fields) & ({*DEMOGRAPHIC_NAMES} | MONITORED)


def test_the_state_of_the_case_has_no_place_for_them_either() -> None:
    assert not set(get_type_hints(RegisterState)) & ({*DEMOGRAPHIC_NAMES} | MONITORED)


@pytest.mark.parametrize("name", DEMOGRAPHIC_NAMES)
@pytest.mark.parametrize("value", ["", "2", "4", "OTHER WORDS"])
def test_changing_a_demographic_field_everywhere_changes_nothing_but_monitoring(
    name: str, value: str
) -> None:
    other = everywhere(name, value)
    assert without_monitoring(seen(other)) == without_monitoring(seen(synthetic()))
    assert decided(other) == decided(synthetic()) == ("approve", ("A1",))


def test_the_monitoring_itself_does_follow_the_sex_of_the_applicants() -> None:
    before, after = (seen(content).report["monitoring"] for content in (synthetic(), changed(3, app_sex="1")))
    assert (before["female_over_male_bps"], after["female_over_male_bps"]) == (6_667, 15_000)
    assert before["applicant_sex"] == {"1": {"n": 2, "approved": 2}, "2": {"n": 3, "approved": 2}}
    assert before["interval_95_bps"] == [2_995, 14_839]
    assert "monitoring" in before["label"]


def test_free_text_about_applicants_is_in_no_answer_of_the_tool() -> None:
    told = seen(synthetic()).model_dump_json()
    assert "SYNTHETIC ETHNICITY TEXT" not in told
    assert "SYNTHETIC RACE TEXT" not in told


def test_every_fact_of_a_review_carries_its_source() -> None:
    facts = known_facts(seen(synthetic()).facts, "entry")
    assert set(facts) == REGISTER_FACTS
    assert {each["source"] for each in facts.values()} == {"entry"}


def test_purchased_loans_are_counted_and_owe_no_notice() -> None:
    found = seen(synthetic())
    assert (found.facts.purchased_loans, [notice.row for notice in found.notices]) == (2, [3])


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"loan_type": "9"}, ("hold", ("E1", "A1"))),
        ({"loan_amount": "100"}, ("refer", ("E2", "A1"))),
        ({"denial_1": "3"}, ("refer", ("N1", "A1"))),
        ({"action_date": "20260120"}, ("refer", ("N2", "A1"))),
        ({}, ("approve", ("A1",))),
    ],
)
def test_each_kind_of_exception_goes_to_a_person(
    change: dict[str, str], outcome: tuple[str, tuple[str, ...]]
) -> None:
    assert decided(changed(3, **change)) == outcome


def test_exceptions_of_one_edit_are_one_line_with_the_first_ten_rows() -> None:
    (found,) = [each for each in seen(everywhere("interest_rate", "0.25")).exceptions if each.code == "Q650"]
    assert (found.rows, found.first_rows) == (8, (1, 2, 3, 4, 5, 6, 7, 8))


def test_a_notice_is_past_due_on_the_day_after_its_last_day() -> None:
    assert seen(synthetic(), date(2026, 3, 18)).facts.notices_past_due == 0
    assert seen(synthetic(), date(2026, 3, 19)).facts.notices_past_due == 1


def test_a_register_review_knows_no_effect_and_no_step_that_could_perform_one() -> None:
    assert (BOOK.rules.effects.approve, BOOK.rules.effects.decline, BOOK.rules.standing) == ((), (), ())
    assert not {"settle", "use_standing_authority"} & set(graph.get_graph().nodes)
