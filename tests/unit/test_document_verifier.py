"""Identity is verified when every party's document is sound, in date and of the person who applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from agents.contract import Conclusion
from agents.kyc.document_verifier import SPECIALIST
from domain.errors import Refused
from domain.records import IdentityDocument
from tests.fakes.context import borrower, codes, facts, home_loan, run_playbook, run_tool, tool_context
from tests.fakes.ownership import company_case, holder, owned
from tools.contract import ToolContext
from tools.identity_documents import TOOLS, name_agrees
from tools.travel_document import read_travel_document

# Specimens of ICAO 9303 (Utopia is no state, the holder no person).
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
IN_DATE, EXPIRED = datetime(2010, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
SPECIMENS = {"specimen_states": "UTO"}
HOLDER = {"name": "Anna Maria Eriksson", "birth_date": "1974-08-12", "mrz": PASSPORT}


def a_case(*mrz: str, as_of: datetime = IN_DATE, **stated: str) -> ToolContext:
    """A case whose parties apply as the specimen's holder, unless ``stated`` otherwise, with these scans."""
    vault = {**HOLDER, **stated, **{f"mrz:{n}": zone for n, zone in enumerate(mrz, 1)}}
    scans = [_scan(n) for n, _ in enumerate(mrz, 1)]
    borrowers = [{**borrower(), "name": "name", "birth_date": "birth_date"} for _ in mrz] or [borrower()]
    context = tool_context(*scans, application=home_loan(*borrowers), parameters=SPECIMENS)

    async def reveal(token: str) -> str:
        return vault[token]

    return replace(context, as_of=as_of, reveal=reveal)


def _scan(party: int, token: int | None = None) -> IdentityDocument:
    mrz = f"mrz:{token or party}"
    received = date(2010, 3, 1)
    return IdentityDocument(kind="identity_document", party=f"party:{party}", mrz=mrz, received_on=received)


async def verified(context: ToolContext) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, context)


async def checks(context: ToolContext) -> Mapping[str, Any]:
    return (await run_tool(TOOLS[0], context, {"party": "party:1"})).result


@pytest.mark.parametrize("mrz", [PASSPORT, CARD])
async def test_sound_document_of_the_applicant_verifies_identity(mrz: str) -> None:
    conclusion = await verified(a_case(mrz))
    assert facts(conclusion) == {"identity_verified": True}
    assert codes(conclusion) == conclusion.asks == ()


@pytest.mark.parametrize(
    ("context", "detail"),
    [
        (a_case(PASSPORT.replace("L898902C3", "L898903C3")), "check digits do not fit"),
        (a_case(PASSPORT, as_of=EXPIRED), "it has expired"),
        (a_case(PASSPORT, name="Demo Somebody"), "the name is not the one applied for"),
        (a_case(PASSPORT, birth_date="1974-12-08"), "the date of birth is not the one applied for"),
    ],
)
async def test_each_failing_check_contradicts_the_application(context: ToolContext, detail: str) -> None:
    conclusion = await verified(context)
    assert facts(conclusion) == {"identity_verified": False}
    (flag,) = conclusion.flags
    assert (flag.code, flag.severity, flag.hold) == ("document_inconsistent", "serious", False)
    assert flag.detail == f"travel document of party:1: {detail}"


async def test_name_that_alone_differs_asks_whether_the_difference_is_ordinary() -> None:
    assert (await verified(a_case(PASSPORT, name="Anna Demo"))).asks == ("name_difference_ordinary",)
    assert (await verified(a_case(PASSPORT, name="Anna Demo", as_of=EXPIRED))).asks == ()


async def test_one_bad_document_spoils_the_case_of_two_and_is_the_source() -> None:
    conclusion = await verified(a_case(PASSPORT, CARD.replace("7408122", "7408132")))
    assert facts(conclusion) == {"identity_verified": False}
    assert conclusion.figures[0].source == conclusion.flags[0].source == "e2"


async def test_party_without_a_document_leaves_identity_open() -> None:
    conclusion = await verified(a_case())
    assert facts(conclusion) == {}
    assert [(gap.code, gap.needs) for gap in conclusion.gaps] == [
        ("missing:identity_document", "identity_document")
    ]


async def test_scan_that_cannot_be_read_asks_for_another_and_says_where() -> None:
    conclusion = await verified(a_case(PASSPORT[:-1]))
    assert facts(conclusion) == {}
    assert "party:1 cannot be read" in conclusion.gaps[0].detail
    assert "Remedy: Send every line in full" in conclusion.gaps[0].detail


async def test_party_that_was_not_looked_at_leaves_identity_open() -> None:
    context = a_case(PASSPORT, PASSPORT)
    seen_one = replace(SPECIALIST, gather=_only_the_first)
    conclusion = await run_playbook(seen_one, TOOLS, context)
    assert facts(conclusion) == {}
    assert conclusion.gaps[0].detail == "the document of party:2 was not looked at"


async def _only_the_first(assignment: Any, call: Any) -> None:
    await call("travel_document", {"party": assignment.parties[0]})


async def test_document_that_arrived_last_counts() -> None:
    context = a_case(PASSPORT[:-1], PASSPORT)
    later = tool_context(_scan(1), _scan(1, token=2)).warehouse
    result = await checks(replace(context, warehouse=later))
    assert (result["documents"], result["problem"], result["valid"]) == (2, "", True)


async def test_answer_of_the_tool_holds_no_identity() -> None:
    shown = str(await checks(a_case(PASSPORT, name="Anna Eriksson"))).upper()
    assert not [word for word in ("ERIKSSON", "ANNA", "1974", "740812", "L898902C3") if word in shown]


async def test_party_that_the_case_does_not_have_is_refused() -> None:
    with pytest.raises(Refused, match=r"the case has party:1$"):
        await run_tool(TOOLS[0], a_case(PASSPORT), {"party": "party:9"})


@pytest.mark.parametrize(
    ("surname", "given", "stated", "agrees"),
    [
        ("ERIKSSON", "ANNA<MARIA", "Eriksson, Anna", True),
        ("ERIKSSON", "ANNA<MARIA", "Anna M. Eriksson", True),
        ("ERIKSSON", "ANNA<MARIA", "Maria Eriksson", False),
        ("ERIKSSON", "ANNA<MARIA", "A. Eriksson", False),
        ("ERIKSSON", "ANNA", "Anna Louise Eriksson", False),
        ("ERIKSSON<LIND", "ANNA", "Anna Lind", False),
        ("OESTROEM", "AASE", "Åse Öström", True),
        ("OSTROM", "ASE", "Åse Öström", True),
        ("ONEIL<SMITH", "JEAN<LUC", "Jean-Luc O’Neil-Smith", True),
        ("WEISS", "", "Weiß", True),
        ("ERIKSSON", "", "Demo", False),
        ("", "", "Anna", False),
    ],
)
def test_name_agrees_by_the_rule_of_its_words(surname: str, given: str, stated: str, agrees: bool) -> None:
    line = f"P<UTO{surname}<<{given}".ljust(44, "<")
    document = read_travel_document([line, PASSPORT.splitlines()[1]], IN_DATE.date())
    assert name_agrees(document, stated) is agrees


def test_name_that_was_cut_off_on_the_document_may_go_on_in_the_application() -> None:
    line = f"P<UTOERIKSSON<<ANNA<{'CHRISTINA<' * 9}"[:44]
    document = read_travel_document([line, PASSPORT.splitlines()[1]], IN_DATE.date())
    assert document.names_cut
    assert name_agrees(document, "Anna Christina Christina Louise Eriksson")
    assert not name_agrees(document, "Louise Eriksson")


def page(**printed: Any) -> ToolContext:
    """The specimen with what its page says."""
    scan = _scan(1).model_copy(update=printed)
    context = a_case(PASSPORT)
    vault = {**HOLDER, "mrz:1": PASSPORT, "right": "L 898902-C3", "wrong": "L898902C4"}

    async def reveal(token: str) -> str:
        return vault[token]

    return replace(context, warehouse=tool_context(scan).warehouse, reveal=reveal)


@pytest.mark.parametrize(
    ("printed", "detail"),
    [
        ({"page_number": "wrong"}, "the number in the zone is not the one on the page"),
        ({"page_sex": "M"}, "the sex in the zone is not the one on the page"),
    ],
)
async def test_zone_that_contradicts_its_page_contradicts_the_application(
    printed: dict[str, str], detail: str
) -> None:
    assert facts(await verified(page(page_number="right", page_sex="F"))) == {"identity_verified": True}
    conclusion = await verified(page(**printed))
    assert conclusion.flags[0].detail == f"travel document of party:1: {detail}"


async def test_specimen_state_exists_only_where_the_book_says_so() -> None:
    conclusion = await verified(replace(a_case(PASSPORT), parameters={}))
    assert facts(conclusion) == {"identity_verified": False}
    assert "the code of its issuing state does not exist" in conclusion.flags[0].detail


async def test_company_needs_no_travel_document_and_an_owner_does() -> None:
    record = owned(("h1", "entity:1", 10_000), holders=(holder("h1"),))
    context = company_case(record)
    company, owner = [
        (await run_tool(TOOLS[0], context, {"party": reference})).result
        for reference in ("entity:1", "owner:h1")
    ]
    assert (company["needed"], owner["needed"], owner["found"]) == (False, True, False)
