"""Fair-lending monitoring by sex, race, ethnicity and age: counts as filed, and what is in no group is said."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from domain.errors import BadInput
from tools.hmda.fair_lending import LABEL, Comparison, monitored
from tools.hmda.fields import DEMOGRAPHIC_NAMES, LOAN_NAMES
from tools.hmda.register import Demographics, LoanRow

NOBODY = {"app_sex": "3", "app_race_1": "6", "app_eth_1": "3", "app_age": "8888"}


def row(number: int, action: str, **known: str) -> tuple[LoanRow, Demographics]:
    loan = LoanRow(number, MappingProxyType(dict.fromkeys(LOAN_NAMES, "") | {"action_taken": action}))
    person = dict.fromkeys(DEMOGRAPHIC_NAMES, "") | NOBODY | known
    return loan, Demographics(number, MappingProxyType(person))


def compared(*rows: tuple[LoanRow, Demographics]) -> dict[tuple[str, str], Comparison]:
    found = monitored([loan for loan, _ in rows], [person for _, person in rows])
    return {(each.attribute, each.group.code): each for each in found}


def test_each_group_is_counted_against_its_reference() -> None:
    women = [row(n, "1" if n <= 2 else "3", app_sex="2") for n in range(1, 5)]
    men = [row(n, "1", app_sex="1") for n in range(5, 9)]
    found = compared(*women, *men, row(9, "3"), row(10, "4", app_sex="2"))[("sex", "female")]
    assert (found.group.approved, found.group.decided) == (2, 4)
    assert (found.reference.approved, found.reference.decided, found.in_neither) == (4, 4, 1)
    assert found.impact is not None
    assert (found.impact.ratio_bps, found.impact.below_four_fifths, found.impact.label) == (
        5_000,
        True,
        LABEL,
    )
    low, high = found.impact.interval_bps or (0, 0)
    assert low < 5_000 < high


@pytest.mark.parametrize(
    ("known", "attribute", "group"),
    [
        ({"app_race_1": "3"}, "race", "Black or African American"),
        ({"app_race_1": "22"}, "race", "Asian"),
        ({"app_race_1": "41"}, "race", "Native Hawaiian or other Pacific Islander"),
        ({"app_race_1": "1"}, "race", "American Indian or Alaska Native"),
        ({"app_eth_1": "12"}, "ethnicity", "Hispanic or Latino"),
        ({"app_age": "62"}, "age", "62 or older"),
    ],
)
def test_codes_as_filed_lead_to_their_group(known: dict[str, str], attribute: str, group: str) -> None:
    found = compared(row(1, "1", **known), row(2, "3", app_race_1="5", app_eth_1="2", app_age="61"))
    assert (found[(attribute, group)].group.decided, found[(attribute, group)].reference.decided) == (1, 1)


def test_a_year_without_the_information_is_shown_as_such_and_not_as_equal() -> None:
    found = compared(row(1, "1"), row(2, "3", app_age="9999"))
    assert {each.impact for each in found.values()} == {None}
    assert {each.in_neither for each in found.values()} == {2}


def test_a_row_without_demographic_fields_is_an_error_that_names_it() -> None:
    loan, _ = row(7, "1")
    with pytest.raises(BadInput) as caught:
        monitored([loan], [])
    assert caught.value.attributes["row"] == 7
