"""Whose application is taken up: not who is too young to contract, or of a country that the book does not serve."""

from __future__ import annotations

from datetime import date

import pytest

from domain.admission import Admission, Applied, Applying, years
from domain.guard import Passage, Ruling
from guardrails.input.not_admitted import NotAdmitted

DAY = date(2026, 3, 2)
GROWN = Applying("borrowers.0", "US", date(1990, 1, 1))


def row(**sides: object) -> Admission:
    return Admission.model_validate({"source": "test"} | sides)


async def verdict(admits: Admission, *people: Applying) -> tuple[Ruling, str, str]:
    said = await NotAdmitted().check(Passage("c", "", {"applied": Applied(admits, DAY, people)}))
    return said.ruling, said.rule, said.reason


@pytest.mark.parametrize(
    ("born", "completed"),
    [
        (date(2008, 3, 2), 18),
        (date(2008, 3, 3), 17),
        (date(2008, 2, 29), 18),
        (date(2026, 3, 2), 0),
    ],
)
def test_a_year_of_age_is_complete_on_the_birthday(born: date, completed: int) -> None:
    assert years(born, DAY) == completed


def test_who_was_born_on_a_leap_day_is_older_on_the_first_of_march() -> None:
    assert (years(date(2008, 2, 29), date(2026, 2, 28)), years(date(2008, 2, 29), date(2026, 3, 1))) == (
        17,
        18,
    )


async def test_minor_is_refused_with_the_field_and_without_the_date() -> None:
    ruling, rule, reason = await verdict(
        row(least_years=18), GROWN, Applying("borrowers.1", "US", date(2008, 3, 3))
    )
    assert (ruling, rule) == (Ruling.REFUSE, "NA_age")
    assert reason.startswith("borrowers.1.birth_date: an applicant must be 18 years old")
    assert "2008" not in reason


async def test_country_that_the_book_does_not_serve_is_refused_for_people_and_companies() -> None:
    served = row(countries=("US",))
    assert (await verdict(served, Applying("borrowers.0", "CA", date(1990, 1, 1))))[1] == "NA_country"
    assert (await verdict(served, GROWN, Applying("company", "CY")))[2].startswith("company.country")


async def test_what_the_book_leaves_out_is_not_looked_at() -> None:
    assert (await verdict(row(), Applying("borrowers.0", "CA", date(2020, 1, 1))))[0] is Ruling.PASS
