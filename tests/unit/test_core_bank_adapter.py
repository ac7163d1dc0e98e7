"""The core bank adapter over real HTTP: what is sure, what is in doubt, and what never leaves it."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.demo.core_bank import create_app
from domain.approval import Action
from domain.effect import EffectOrder, EffectReceipt
from domain.errors import Misconfigured, NotFound, Refused, Unavailable
from tools import undoing
from tools.contract import NoArguments, ToolContext
from tools.core_bank import TOOLS, AmendLoan, BookOffer, CoreBankClient, CustomerProfile, effects

Args = dict[str, int | str | bool]
BEARER = "demo-bearer"
PROFILE = {"kyc_reviewed_on": "2026-02-03", "risk_rating": "low", "customer_since": "2019-05-01"}
CUSTOMER, ACCOUNT = "tok_application_borrowers_0_customer_number", "tok_application_loan_account"
VAULT = {CUSTOMER: "DEMO-1", ACCOUNT: "LN-000001"}
LOAN: Args = {
    "customer": CUSTOMER, "product": "fixed_30", "principal_cents": 25_000_000,
    "rate_bps": 612, "term_months": 360,
}  # fmt: skip
TERMS: Args = {"loan_account": ACCOUNT, "product": "due_date_change", "new_due_day": 15}


CREATED = b"HTTP/1.1 201 Created\r\nconnection: close\r\n\r\n"


async def reveal(case_id: str, token: str) -> str:
    if case_id != "case-7" or token not in VAULT:
        raise NotFound(f"the vault holds nothing under {token}")
    return VAULT[token]


def order(name: str, args: Args, key: str = "key-1") -> EffectOrder:
    return EffectOrder(case_id="case-7", step="fund", action=Action(name=name, args=args), key=key)


BOOKING, AMENDING = order("book_offer", LOAN), order("amend_loan", TERMS, "key-2")
CANCELLING = order(
    "cancel_offer",
    {"undoes": "key-1", "receipt": "LN-000001", "attempt": 1, "principal_cents": 25_000_000},
    "key-3",
)
REVERSING = order(
    "reverse_amendment",
    {"undoes": "key-2", "receipt": "AM-000001", "attempt": 1, "amount_cents": 0},
    "key-4",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    app = create_app(tmp_path / "bank.sqlite", BEARER, {"DEMO-1": PROFILE})
    config = uvicorn.Config(app, port=free_port(), log_level="error", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
async def client(address: str) -> AsyncIterator[CoreBankClient]:
    client = CoreBankClient(address, BEARER, timeout_seconds=2)
    yield client
    await client.close()


async def break_next(client: CoreBankClient, endpoint: str, mode: str, seconds: float = 0.0) -> None:
    await client.post("/_faults", {"endpoint": endpoint, "mode": mode, "seconds": seconds})


async def counts(client: CoreBankClient) -> dict[str, Any]:
    return await client.get("/_counts") or {}


async def test_offer_is_booked_once_however_often_it_is_sent(client: CoreBankClient) -> None:
    offer = BookOffer(client, reveal)
    assert [await offer.perform(BOOKING) for _ in range(3)] == ["LN-000001"] * 3
    assert (await counts(client))["loans_booked"] == 1


async def test_booked_offer_is_read_back_with_tokens_in_place_of_identity(client: CoreBankClient) -> None:
    offer = BookOffer(client, reveal)
    assert await offer.read_back(BOOKING) is None
    await offer.perform(BOOKING)
    shown = LOAN | {"reference": "key-1", "id": "LN-000001", "status": "booked"}
    assert await offer.read_back(BOOKING) == EffectReceipt(receipt="LN-000001", read_back=shown)


async def test_amendment_reaches_the_real_account_and_shows_only_its_token(client: CoreBankClient) -> None:
    await BookOffer(client, reveal).perform(BOOKING)
    amend = AmendLoan(client, reveal)
    assert await amend.perform(AMENDING) == "AM-000001"
    found = await amend.read_back(AMENDING)
    assert found is not None
    assert "LN-000001" not in found.model_dump_json()
    assert found.read_back["loan"] == ACCOUNT
    assert found.read_back["changes"] == {"product": "due_date_change", "new_due_day": 15}


async def test_every_effect_can_be_undone_and_says_how_it_stands(client: CoreBankClient) -> None:
    offer, amend = effects(client, reveal)
    await offer.perform(BOOKING)
    await amend.perform(AMENDING)
    cancel, reverse = undoing.effects(client)
    assert await cancel.read_back(CANCELLING) is None
    assert [await reverse.perform(REVERSING) for _ in range(2)] == ["AM-000001"] * 2
    assert [await cancel.perform(CANCELLING) for _ in range(2)] == ["LN-000001"] * 2
    told = await reverse.read_back(REVERSING)
    assert told == EffectReceipt(
        receipt="AM-000001 reversed", read_back={"id": "AM-000001", "status": "reversed"}
    )
    found = await offer.read_back(BOOKING)
    assert found is not None
    assert found.read_back["status"] == "cancelled"


@pytest.mark.parametrize(
    "change", [{"undoes": "key-2"}, {"receipt": "LN-000002"}, {"principal_cents": 25_000_001}]
)
async def test_nothing_but_exactly_what_was_booked_is_cancelled(client: CoreBankClient, change: Args) -> None:
    await BookOffer(client, reveal).perform(BOOKING)
    cancel, _ = undoing.effects(client)
    with pytest.raises((Refused, Unavailable), match=r"nothing|something else"):
        await cancel.perform(order("cancel_offer", {**CANCELLING.action.args, **change}))
    assert (await counts(client))["loans_cancelled"] == 0


async def test_what_the_bank_does_not_hold_is_not_read_back_as_taken_back(client: CoreBankClient) -> None:
    with pytest.raises(Unavailable, match="nothing"):
        await undoing.effects(client)[0].read_back(CANCELLING)


async def test_loan_whose_money_is_out_is_not_cancelled(client: CoreBankClient) -> None:
    await BookOffer(client, reveal).perform(BOOKING)
    await client.post("/loans/LN-000001/disburse", {})
    with pytest.raises(Refused, match="said no"):
        await undoing.effects(client)[0].perform(CANCELLING)


async def test_commit_without_an_answer_is_in_doubt_and_found(address: str, client: CoreBankClient) -> None:
    hasty = CoreBankClient(address, BEARER, timeout_seconds=0.3)
    await break_next(client, "POST /loans", "commit_then_timeout", seconds=0.8)
    with pytest.raises(Unavailable, match="ReadTimeout"):
        await BookOffer(hasty, reveal).perform(BOOKING)
    await hasty.close()
    found = await BookOffer(client, reveal).read_back(BOOKING)
    assert found is not None
    assert found.receipt == "LN-000001"


async def test_server_error_may_have_happened_and_a_refusal_has_not(client: CoreBankClient) -> None:
    offer = BookOffer(client, reveal)
    await break_next(client, "POST /loans", "error_500")
    with pytest.raises(Unavailable, match="500"):
        await offer.perform(BOOKING)
    await break_next(client, "POST /loans", "refuse")
    with pytest.raises(Refused, match="said no") as refusal:
        await offer.perform(BOOKING)
    assert not isinstance(refusal.value, Unavailable)


async def test_bank_that_is_down_took_nothing_and_cannot_be_read() -> None:
    client = CoreBankClient(f"http://127.0.0.1:{free_port()}", BEARER)
    offer = BookOffer(client, reveal)
    with pytest.raises(Refused, match="nothing was sent") as refusal:
        await offer.perform(BOOKING)
    assert not isinstance(refusal.value, Unavailable)
    with pytest.raises(Unavailable):
        await offer.read_back(BOOKING)
    await client.close()


async def test_wrong_token_refuses_a_change_and_makes_reading_unavailable(address: str) -> None:
    client = CoreBankClient(address, "another")
    with pytest.raises(Refused, match="401") as refusal:
        await client.post("/loans", {})
    assert not isinstance(refusal.value, Unavailable)
    with pytest.raises(Unavailable, match="401"):
        await client.find("loans", "key-1")
    await client.close()


async def test_other_terms_under_our_key_are_in_doubt_not_confirmed(client: CoreBankClient) -> None:
    await BookOffer(client, reveal).perform(BOOKING)
    changed = order("book_offer", LOAN | {"principal_cents": 25_000_001})
    with pytest.raises(Unavailable, match="409"):
        await BookOffer(client, reveal).perform(changed)
    with pytest.raises(Unavailable, match="something else"):
        await BookOffer(client, reveal).read_back(changed)


async def test_amendment_that_stands_there_twice_goes_to_a_person(client: CoreBankClient) -> None:
    await BookOffer(client, reveal).perform(BOOKING)
    amend = AmendLoan(client, reveal)
    for _ in range(2):
        await amend.perform(AMENDING)
    with pytest.raises(Unavailable, match="something else"):
        await amend.read_back(AMENDING)


@pytest.mark.parametrize("account", [{"loan_account": "LN-000001"}, {"loan_account": "tok_erased"}, {}])
async def test_account_in_the_clear_or_erased_is_never_sent(client: CoreBankClient, account: Args) -> None:
    terms = account | {"new_due_day": 15}
    with pytest.raises(Refused, match=r"token|vault") as refusal:
        await AmendLoan(client, reveal).perform(order("amend_loan", terms))
    assert not isinstance(refusal.value, Unavailable)
    assert "POST /amendments" not in (await counts(client))["calls"]


async def test_refusal_never_repeats_the_account_that_the_bank_names(client: CoreBankClient) -> None:
    with pytest.raises(Refused) as refusal:
        await AmendLoan(client, reveal).perform(AMENDING)
    assert "LN-000001" not in str(refusal.value)
    assert "404" in str(refusal.value)


@pytest.mark.parametrize("answer", [
    b"", b"HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{", b"HTTP/1.1 307 Moved\r\nlocation: /\r\n\r\n",
    CREATED + b"", CREATED + b"[]", CREATED + b"{}", CREATED + b'{"id": 7}', CREATED + b"<html>",
])  # fmt: skip
async def test_connection_that_breaks_or_an_answer_without_an_id_is_in_doubt(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'"key-1"}')
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        client = CoreBankClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", BEARER)
        with pytest.raises(Unavailable):
            await BookOffer(client, reveal).perform(BOOKING)
        await client.close()


async def test_neither_token_nor_customer_number_is_logged(
    client: CoreBankClient, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (None, "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    assert (await client.customer("DEMO-1") or {})["risk_rating"] == "low"
    assert caplog.records
    assert not any(secret in caplog.text for secret in (BEARER, "DEMO-1"))
    assert BEARER not in repr(vars(client))


@pytest.mark.parametrize(
    ("url", "bearer"), [("bank:80", "x"), ("http://", "x"), ("http://bank", ""), ("http://bank", "a\nb")]
)
def test_client_does_not_start_without_a_usable_address_and_token(url: str, bearer: str) -> None:
    with pytest.raises(Misconfigured):
        CoreBankClient(url, bearer)


async def profile(bank: Any, number: str | None) -> CustomerProfile:
    async def reveal_one(token: str) -> str:
        return token.removeprefix("tok_")

    context = ToolContext(
        case_id="case-7", as_of=datetime(2026, 3, 1, tzinfo=UTC),
        application={"borrowers": [{"customer_number": number}]}, inputs={}, parameters={},
        warehouse=None, reveal=reveal_one, bank=bank,  # type: ignore[arg-type]
    )  # fmt: skip
    result = await TOOLS[0].run(NoArguments(), context)
    return CustomerProfile.model_validate(result.model_dump())


async def test_profile_of_a_customer_is_read_by_number_and_does_not_show_it(client: CoreBankClient) -> None:
    known = await profile(client, "tok_DEMO-1")
    assert known.model_dump(mode="json") == PROFILE | {"found": True, "screened_on": None}


@pytest.mark.parametrize("number", ["tok_DEMO-9", "tok_../loans", None])
async def test_person_who_is_no_customer_is_not_found(client: CoreBankClient, number: str | None) -> None:
    assert await profile(client, number) == CustomerProfile(found=False)


async def test_profile_without_a_bank_or_with_an_unknown_rating_is_unavailable() -> None:
    class OddBank:
        async def customer(self, number: str) -> dict[str, Any]:
            return PROFILE | {"risk_rating": "unrated"}

    for bank in (None, OddBank()):
        with pytest.raises(Unavailable):
            await profile(bank, "tok_DEMO-1")
