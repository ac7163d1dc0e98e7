"""A party is clear when it was screened and is like no entry; a potential match holds the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Conclusion
from agents.kyc.sanctions_screener import SPECIALIST
from domain.errors import InvalidPolicy, Refused, Unavailable
from tests.fakes.context import borrower, codes, facts, home_loan, run_playbook, run_tool, tool_context
from tools.contract import ToolContext
from tools.sanctions import TOOLS
from tools.screening.ofac_list import SanctionsList

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DEMO = SanctionsList.load(Path(__file__).resolve().parents[2] / "tools" / "screening" / "demo_list")
LISTED, UNLISTED = ("Anatoly Varenikov Demo", "1961-02-14"), ("Jane Q. Ordinary", "1980-01-01")
Person = tuple[str, str]


def a_case(
    *people: Person, threshold: Any = 850, country: str = "CY", sanctions: SanctionsList | None = DEMO
) -> ToolContext:
    """A case of these people (name, date of birth), screened against the demonstration list."""
    vault = {f"{field}:{n}": person[i] for n, person in enumerate(people) for i, field in enumerate("nb")}
    stated = [
        {**borrower(country=country), "name": f"n:{n}", "birth_date": f"b:{n}"} for n, _ in enumerate(people)
    ]
    parameters = {"screening_threshold": threshold} if isinstance(threshold, int) else {}
    lists = {"sanctions": sanctions} if sanctions else {}
    context = tool_context(application=home_loan(*stated), parameters=parameters, lists=lists)

    async def reveal(token: str) -> str:
        return vault[token]

    return replace(context, reveal=reveal)


async def screened(context: ToolContext) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, context)


async def test_parties_like_no_entry_are_clear() -> None:
    conclusion = await screened(a_case(UNLISTED, UNLISTED))
    assert facts(conclusion) == {"sanctions_status": "clear"}
    assert codes(conclusion) == conclusion.asks == ()


async def test_listed_party_holds_the_case_with_entry_and_score() -> None:
    conclusion = await screened(a_case(UNLISTED, LISTED))
    assert facts(conclusion) == {"sanctions_status": "potential_match"}
    (flag,) = conclusion.flags
    assert (flag.code, flag.hold, flag.source) == ("potential_sanctions_match", True, "e2")
    assert flag.detail == f"party:2 is like entry 9900002 (score 1000) of list {DEMO.version[:12]}"
    assert conclusion.asks == ("same_person",)


@pytest.mark.parametrize(("threshold", "status"), [(820, "potential_match"), (821, "clear")])
async def test_score_that_reaches_the_threshold_of_the_book_is_a_potential_match(
    threshold: int, status: str
) -> None:
    other_birth = ("VARENIKOV DEMO, Anatoly", "1990-05-05")  # 1000 - 200 (date of birth) + 20 (country)
    conclusion = await screened(a_case(other_birth, threshold=threshold))
    assert facts(conclusion) == {"sanctions_status": status}


async def test_weaker_hit_is_counted_and_never_dropped_in_silence() -> None:
    answer = await run_tool(TOOLS[0], a_case(("VARENIKOV DEMO, Anatoly", "1990-05-05")), {"party": "party:1"})
    assert answer.result["weaker_hits"] == 1
    assert answer.result["list_version"] == DEMO.version


@pytest.mark.parametrize(("name", "country"), [(" -- ", "CY"), ("Jane Q. Ordinary", "QQ")])
async def test_party_that_cannot_be_screened_is_not_clear(name: str, country: str) -> None:
    conclusion = await screened(a_case((name, "1980-01-01"), country=country))
    assert facts(conclusion) == {}
    assert [(gap.code, gap.needs) for gap in conclusion.gaps] == [("unscreened:party", "person")]


async def test_party_that_nobody_screened_is_not_clear() -> None:
    only_the_first = replace(SPECIALIST, gather=_only_the_first)
    conclusion = await run_playbook(only_the_first, TOOLS, a_case(UNLISTED, LISTED))
    assert facts(conclusion) == {}
    assert conclusion.gaps[0].detail == "party:2 is not screened"


async def _only_the_first(assignment: Any, call: Any) -> None:
    await call("screen_party", {"party": assignment.parties[0]})


async def test_answer_of_the_tool_holds_no_identity() -> None:
    answer = await run_tool(TOOLS[0], a_case(LISTED), {"party": "party:1"})
    shown = str(answer.result).lower()
    assert not [word for word in ("anatol", "varenik", "1961") if word in shown]


async def test_nobody_is_screened_without_a_list() -> None:
    with pytest.raises(Unavailable, match="no sanctions list is loaded"):
        await screened(a_case(UNLISTED, sanctions=None))


@pytest.mark.parametrize("threshold", [None, True, -1, 1001])
async def test_nobody_is_screened_without_a_threshold_of_the_book(threshold: Any) -> None:
    with pytest.raises(InvalidPolicy, match="screening_threshold"):
        await screened(a_case(UNLISTED, threshold=threshold))


async def test_party_that_the_case_does_not_have_is_refused() -> None:
    with pytest.raises(Refused, match="no such party"):
        await run_tool(TOOLS[0], a_case(UNLISTED), {"party": "party:2"})


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
async def test_person_of_the_treasury_list_is_a_potential_match() -> None:
    treasury = SanctionsList.load(SHARED / "data" / "kyc" / "ofac")
    person = ("Nicolas Maduro Moros", "1962-11-23")
    conclusion = await screened(a_case(person, country="VE", sanctions=treasury))
    assert "22790 (score 1000)" in conclusion.flags[0].detail
