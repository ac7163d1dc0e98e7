"""Identifiers are recognised by form, check digit and the words beside them; every value here is made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guard import Passage, Ruling
from guardrails.output.identity_in_text import IdentityInText
from guardrails.recognise import recognised

PASSPORT_ZONE = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"  # ICAO 9303
)
CARD_ZONE = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"


def forms(text: str) -> list[tuple[str, str]]:
    """Form and value of everything recognised."""
    return [(str(each.form), each.value) for each in recognised(text)]


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("Write to demo.person+loans@bank.example.", "email", "demo.person+loans@bank.example"),
        ("mail (demo@bank.example-based)", "email", "demo@bank.example"),
        ("My SSN is 123-45-6789", "ssn", "123-45-6789"),
        ("social security number: 123 45 6789.", "ssn", "123 45 6789"),
        ("it reads 536904399 in full", "ssn", "536904399"),
        ("IBAN GB82 WEST 1234 5698 7654 32, please", "iban", "GB82 WEST 1234 5698 7654 32"),
        ("send it to de89370400440532013000 today", "iban", "de89370400440532013000"),
        ("card 4111 1111 1111 1111 exp 09/27", "card", "4111 1111 1111 1111"),
        ("on 12 4111-1111-1111-1111 was charged", "card", "4111-1111-1111-1111"),
        ("pay with 378282246310005", "card", "378282246310005"),
        ("my card is 6759 6498 2648", "card", "6759 6498 2648"),
        ("my driver's licence number is D123-4567-8901", "driver_licence", "D123-4567-8901"),
        ("driver license issued in Ohio is TL545796", "driver_licence", "TL545796"),
        ("passport no. C03005988", "passport", "C03005988"),
        ("account no. 0012 3456 789", "account", "0012 3456 789"),
        ("loan number LN-20418837", "account", "LN-20418837"),
        ("routing number 021000021", "account", "021000021"),
        ("call me at 202-555-0143 x12", "phone", "202-555-0143 x12"),
        ("+44 (0)20 7946 0958", "phone", "+44 (0)20 7946 0958"),
        ("(0191) 4960719 before noon", "phone", "(0191) 4960719"),
        ("my mobile: 699 956 915", "phone", "699 956 915"),
        ("fax 573669236", "phone", "573669236"),
        ("+358 573669236", "phone", "+358 573669236"),
    ],
)
def test_identifier_is_recognised_whole_and_as_what_it_is(text: str, form: str, value: str) -> None:
    assert forms(text) == [(form, value)]


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1112",  # Luhn fails
        "IBAN GB82 WEST 1234 5698 7654 33",  # modulo 97 fails
        "routing number 021000022",  # the ABA's digit fails
        "the loan amount is $250,000.00 over 360 months at 6.875 %",
        "savings 100000 at 4 percent, loan of 250000",
        "account opened 2021-03-04, closed in 2024",
        "call option expires 03-15-2018",
        "text from the 2019-2020 report",
        "order 12345678 and ticket 52476020",
        "my licence expires on 03/15/2028",
        "a balance of $123456789",
        "application 2026-000123",
        "meet me @ noon.Then we talk",
        "between 2015 2016 2017 2018 and 2019",
        "version 1.2.3.4 of 10.45.2.1",
    ],
)
def test_figures_dates_and_numbers_that_fail_their_check_are_nobodys_identity(text: str) -> None:
    assert forms(text) == []


@pytest.mark.parametrize("zone", [PASSPORT_ZONE, CARD_ZONE, PASSPORT_ZONE.splitlines()[1]])
def test_machine_readable_zone_is_one_document(zone: str) -> None:
    assert forms(f"scan: {zone} end") == [("mrz", zone)]


def test_zone_whose_digits_do_not_fit_is_none() -> None:
    assert forms(PASSPORT_ZONE.replace("7408122", "7408123").replace("L898902C3", "L898902C4")) == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("４１１１ １１１１ １１１１ １１１１", "4111 1111 1111 1111"),
        ("4111\u00ad1111\u200b1111\u20601111", "4111111111111111"),
        ("4111\u20111111\u20131111\u20141111", "4111-1111-1111-1111"),
        ("٤١١١١١١١١١١١١١١١", "4111111111111111"),
    ],
)
def test_other_scripts_dashes_and_unseen_signs_hide_no_card(written: str, value: str) -> None:
    text = f"take {written} now"
    found = list(recognised(text))
    assert [each.value for each in found] == [value]
    assert text[found[0].start : found[0].end] == written


def test_stretches_never_overlap_and_the_longer_reading_wins() -> None:
    assert forms("account DE89 3704 0044 0532 0130 00 of +1 202-555-0143") == [
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("phone", "+1 202-555-0143"),
    ]


@given(st.text(alphabet="0123456789 .-+()/@a,<A\n", max_size=120))
def test_whatever_is_written_stretches_stand_in_order_within_the_text(text: str) -> None:
    found = list(recognised(text))
    edges = [edge for each in found for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(0 <= each.start < each.end <= len(text) for each in found)


async def test_output_with_a_named_account_is_refused_by_its_kind() -> None:
    verdict = await IdentityInText().check(Passage("case-1", "It goes to account 00123456789.", {}))
    assert (verdict.ruling, verdict.rule) == (Ruling.REFUSE, "identity_account_number")
