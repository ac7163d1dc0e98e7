"""A party is clear when it was screened and is like no entry; a potential match holds the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Conclusion
from agents.kyc.sanctions_screener import SPECIALIST
from api.assembly import DEMO_LIST, DEMO_MEDIA, DEMO_PEP
from domain.clearance import Clearance
from domain.errors import InvalidPolicy, Refused, Unavailable
from graphs.catalog import VOCABULARY
from policies.book import Book
from policies.loader import shipped
from tests.fakes.context import borrower, codes, facts, home_loan, run_playbook, run_tool, tool_context
from tools import reputation, sanctions
from tools.contract import ToolContext
from tools.screening.ofac_list import SanctionsList

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DEMO = SanctionsList.load(DEMO_LIST)
TOOLS = (*sanctions.TOOLS, *reputation.TOOLS)
REPUTATION = {"pep": SanctionsList.load(DEMO_PEP), "adverse_media": SanctionsList.load(DEMO_MEDIA)}
LISTED, UNLISTED = ("Anatoly Varenikov Demo", "1961-02-14"), ("Jane Q. Ordinary", "1980-01-01")
CLEAR = {"sanctions_status": "clear", "pep_status": "clear", "adverse_media": "clear"}
TERMS = [{"list": "sanctions", "valid_days": 365, "source": "test", "source_status": "unverified"}]
Person = tuple[str, str]


def a_case(
    *people: Person, threshold: Any = 850, country: str = "CY", listed: SanctionsList | None = DEMO
) -> ToolContext:
    """A case of these people (name, date of birth), screened against the demonstration list."""
    vault = {f"{field}:{n}": person[i] for n, person in enumerate(people) for i, field in enumerate("nb")}
    stated = [
        {**borrower(country=country), "name": f"n:{n}", "birth_date": f"b:{n}"} for n, _ in enumerate(people)
    ]
    parameters = {"screening_threshold": threshold} if isinstance(threshold, int) else {}
    parameters |= {"clearance_terms": TERMS}
    lists = {**REPUTATION, "sanctions": listed} if listed else REPUTATION
    context = tool_context(application=home_loan(*stated), parameters=parameters, lists=lists)

    async def reveal(token: str) -> str:
        return vault[token]

    return replace(context, reveal=reveal)


async def screened(context: ToolContext) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, context)


async def test_parties_like_no_entry_are_clear() -> None:
    conclusion = await screened(a_case(UNLISTED, UNLISTED))
    assert facts(conclusion) == CLEAR
    assert codes(conclusion) == conclusion.asks == ()


async def test_listed_party_holds_the_case_with_entry_and_score() -> None:
    conclusion = await screened(a_case(UNLISTED, LISTED))
    assert facts(conclusion) == CLEAR | {"sanctions_status": "potential_match"}
    (flag,) = conclusion.flags
    assert (flag.code, flag.hold, flag.source) == ("potential_sanctions_match", True, "e3")
    assert flag.detail == f"party:2 is like entry 9900002 (score 1000) of list {DEMO.version[:12]}"
    assert conclusion.asks == ("same_person",)


@pytest.mark.parametrize(("threshold", "status"), [(820, "potential_match"), (821, "clear")])
async def test_score_that_reaches_the_threshold_of_the_book_is_a_potential_match(
    threshold: int, status: str
) -> None:
    other_birth = ("VARENIKOV DEMO, Anatoly", "1990-05-05")  # 1000 - 200 (date of birth) + 20 (country)
    conclusion = await screened(a_case(other_birth, threshold=threshold))
    assert facts(conclusion) == CLEAR | {"sanctions_status": status}


async def test_weaker_hit_is_counted_and_never_dropped_in_silence() -> None:
    answer = await run_tool(TOOLS[0], a_case(("VARENIKOV DEMO, Anatoly", "1990-05-05")), {"party": "party:1"})
    assert answer.result["weaker_hits"] == 1
    assert answer.result["list_version"] == DEMO.version


@pytest.mark.parametrize(("name", "country"), [(" -- ", "CY"), ("Jane Q. Ordinary", "QQ")])
async def test_party_that_cannot_be_screened_is_not_clear(name: str, country: str) -> None:
    conclusion = await screened(a_case((name, "1980-01-01"), country=country))
    assert facts(conclusion) == {}
    assert {(gap.code, gap.needs) for gap in conclusion.gaps} == {
        ("unscreened:sanctions", "person"),
        ("unscreened:reputation", "person"),
    }


async def test_party_that_nobody_screened_is_not_clear() -> None:
    only_the_first = replace(SPECIALIST, gather=_only_the_first)
    conclusion = await run_playbook(only_the_first, TOOLS, a_case(UNLISTED, LISTED))
    assert facts(conclusion) == {}
    assert conclusion.gaps[0].detail == "party:2 is not screened (sanctions)"


async def _only_the_first(assignment: Any, call: Any) -> None:
    await call("screen_party", {"party": assignment.parties[0]})


async def test_answer_of_the_tool_holds_no_identity() -> None:
    answer = await run_tool(TOOLS[0], a_case(LISTED), {"party": "party:1"})
    shown = str(answer.result).lower()
    assert not [word for word in ("anatol", "varenik", "1961") if word in shown]


async def test_nobody_is_screened_without_a_list() -> None:
    with pytest.raises(Unavailable, match="no sanctions list is loaded"):
        await screened(a_case(UNLISTED, listed=None))


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
    conclusion = await screened(a_case(person, country="VE", listed=treasury))
    assert "22790 (score 1000)" in conclusion.flags[0].detail


async def test_office_holder_is_flagged_and_holds_nothing() -> None:
    conclusion = await screened(a_case(("Leopold Harrowgate Demo", "1958-03-03")))
    assert facts(conclusion) == CLEAR | {"pep_status": "potential"}
    assert [(flag.code, flag.hold) for flag in conclusion.flags] == [("political_exposure", False)]
    assert "Minister of Demonstration" in conclusion.flags[0].detail


async def test_report_asks_whether_it_is_about_this_person_and_names_nobody() -> None:
    context = a_case(("Corin Saltmarsh Demo", "1972-06-21"), country="US")
    conclusion = await screened(context)
    assert facts(conclusion)["adverse_media"] == "reported"
    assert conclusion.asks == ("report_about_this_person",)
    (answer,) = (await run_tool(TOOLS[1], context, {"party": "party:1"})).result["reports"]
    assert "[name], who ran a building firm" in answer["text"]
    assert not [word for word in ("Corin", "Saltmarsh") if word.lower() in str(answer).lower()]


@pytest.mark.parametrize("name", ["pep", "adverse_media"])
async def test_nobody_is_looked_up_without_the_lists(name: str) -> None:
    context = a_case(UNLISTED)
    with pytest.raises(Unavailable, match=f"no {name.replace('_', ' ')} list is loaded"):
        await screened(replace(context, lists={k: v for k, v in context.lists.items() if k != name}))


class Remembered:
    """Clearances in memory."""

    def __init__(self, *cleared: Clearance) -> None:
        self.cleared = cleared

    def mark(self, identity: str) -> str:
        return f"mark of {identity.lower()}"

    async def of(self, subject: str, list_name: str) -> tuple[Clearance, ...]:
        return tuple(each for each in self.cleared if (each.subject, each.list_name) == (subject, list_name))


def cleared(version: str, born: str = "1961-02-14") -> Remembered:
    """Somebody of the listed person's name was cleared of entry 9900002 as it stood then."""
    subject = f"mark of individual|anatoly demo varenikov|{born}|cy"
    return Remembered(
        Clearance(
            subject=subject,
            list_name="sanctions",
            entry_number="9900002",
            entry_version=version,
            approval_id="c-1.compliance.1",
            cleared_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC),
        )
    )


async def test_unchanged_hit_of_the_same_person_is_reported_as_cleared_and_holds_nothing() -> None:
    remembered = cleared(DEMO.entry_version("9900002"))
    conclusion = await screened(replace(a_case(LISTED), clearances=remembered))
    assert facts(conclusion) == CLEAR
    (flag,) = conclusion.flags
    assert (flag.code, flag.hold) == ("cleared_before", False)
    assert "cleared before by c-1.compliance.1" in flag.detail


@pytest.mark.parametrize(
    "remembered", [cleared("an older version"), cleared(DEMO.entry_version("9900002"), born="1971-02-14")]
)
async def test_changed_entry_or_another_person_is_held_again(remembered: Remembered) -> None:
    conclusion = await screened(replace(a_case(LISTED), clearances=remembered))
    assert facts(conclusion)["sanctions_status"] == "potential_match"
    assert conclusion.flags[0].hold


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        (
            datetime(2027, 3, 2, 23, 59, tzinfo=UTC),
            "clear",
            "cleared before by c-1.compliance.1 until 2027-03-02",
        ),
        (datetime(2027, 3, 3, tzinfo=UTC), "potential_match", "c-1.compliance.1 cleared it until 2027-03-02"),
    ],
)
async def test_clearance_counts_through_its_last_day_and_then_the_hit_holds_again(
    day: datetime, status: str, said: str
) -> None:
    remembered = cleared(DEMO.entry_version("9900002"))
    conclusion = await screened(replace(a_case(LISTED), clearances=remembered, as_of=day))
    assert facts(conclusion)["sanctions_status"] == status
    assert said in conclusion.flags[0].detail
    assert conclusion.flags[0].hold is (status == "potential_match")


async def test_book_that_gives_no_term_lets_no_clearance_count() -> None:
    context = replace(a_case(LISTED), clearances=cleared(DEMO.entry_version("9900002")))
    conclusion = await screened(replace(context, parameters={"screening_threshold": 850}))
    assert facts(conclusion)["sanctions_status"] == "potential_match"


@pytest.mark.parametrize("book", shipped(VOCABULARY), ids=lambda book: book.rules.kind)
def test_every_book_that_screens_says_how_long_a_clearance_counts(book: Book) -> None:
    values = [section.content["values"] for section in book.parameters]
    screens = any("sanctions_screener" in jobs for jobs in book.rules.workers.values())
    assert all(("clearance_terms" in each) is screens for each in values)


def test_version_of_an_entry_changes_with_anything_that_the_list_says_of_it() -> None:
    (alias,) = [each for each in DEMO.aliases if each.entry_number == "9900003"]
    renamed = replace(alias, name="QUILLFEATHER DEMO PARTNERS")
    changed = replace(DEMO, aliases=tuple(renamed if each is alias else each for each in DEMO.aliases))
    assert changed.entry_version("9900003") != DEMO.entry_version("9900003")
    assert changed.entry_version("9900002") == DEMO.entry_version("9900002")
