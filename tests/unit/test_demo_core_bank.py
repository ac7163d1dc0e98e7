"""The stand-in core bank books, amends, refuses and misbehaves as ordered."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.demo.core_bank import Ledger, LoanRequest, create_app
from domain.errors import BadInput, Misconfigured

TOKEN = "demo-token"
LOAN: dict[str, str | int] = {
    "reference": "case-7/fund", "customer": "DEMO-1", "product": "home_loan",
    "principal_cents": 25_000_000, "rate_bps": 615, "term_months": 360,
    "covenants": "",
}  # fmt: skip
PROFILE = {"kyc_reviewed_on": "2026-02-03", "risk_rating": "low", "customer_since": "2019-05-01"}
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[httpx.Client]:
    app = create_app(tmp_path / "bank.sqlite", TOKEN, {"DEMO-1": PROFILE})
    config = uvicorn.Config(app, port=free_port(), log_level="error", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    headers = {"authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{config.port}", headers=headers, timeout=5) as client:
        yield client
    server.should_exit = True
    thread.join()


def book(bank: httpx.Client, key: str | None = None, **changed: Any) -> httpx.Response:
    return bank.post("/loans", json=LOAN | changed, headers={"idempotency-key": key} if key else {})


def amend(bank: httpx.Client, loan: str, key: str = "k") -> httpx.Response:
    body = {"reference": "case-7/amend", "loan": loan, "changes": {"rate_bps": 590}}
    return bank.post("/amendments", json=body, headers={"idempotency-key": key})


def order_fault(bank: httpx.Client, endpoint: str, mode: str, **more: Any) -> None:
    bank.post("/_faults", json={"endpoint": endpoint, "mode": mode} | more).raise_for_status()


@pytest.mark.parametrize("path", ["/loans?reference=x", "/healthz", "/_counts", "/openapi.json", "/nowhere"])
@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic ZGVtbw=="])
def test_nothing_is_shown_without_the_token(bank: httpx.Client, path: str, header: str) -> None:
    answer = bank.get(path, headers={"authorization": header})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_faults_cannot_be_ordered_without_the_token(bank: httpx.Client) -> None:
    order = {"endpoint": "POST /loans", "mode": "error_500"}
    assert bank.post("/_faults", json=order, headers={"authorization": "no"}).status_code == 401
    assert book(bank).status_code == 201


def test_same_key_and_body_book_one_loan(bank: httpx.Client) -> None:
    first, second = book(bank, "key-1"), book(bank, "key-1")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() == {"id": "LN-000001", "status": "booked", "currency": "USD"} | LOAN
    assert bank.get("/_counts").json()["loans_booked"] == 1


def test_same_key_with_another_amount_is_a_conflict(bank: httpx.Client) -> None:
    book(bank, "key-1")
    answer = book(bank, "key-1", principal_cents=25_000_001)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert bank.get("/_counts").json()["loans_booked"] == 1


def test_two_bookings_without_a_key_are_two_loans(bank: httpx.Client) -> None:
    assert book(bank).json()["id"] != book(bank).json()["id"]


def test_one_key_from_many_callers_at_once_books_one_loan(bank: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = {answer.json()["id"] for answer in pool.map(lambda _: book(bank, "key-1"), range(24))}
    assert ids == {"LN-000001"}


def test_booking_waits_for_another_writer_before_it_reads(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "bank.sqlite")
    other = sqlite3.connect(tmp_path / "bank.sqlite", timeout=0, isolation_level=None)
    with closing(other), ThreadPoolExecutor(1) as pool:
        other.execute("begin immediate")
        other.execute("insert into entry values ('LN-000001', 'loan', 'other', 'booked', '{}', null)")
        pending = pool.submit(ledger.book, LoanRequest.model_validate(LOAN))
        threading.Event().wait(0.2)
        other.execute("commit")
        assert pending.result(10)["id"] == "LN-000002"


def test_amendments_ignore_the_key_and_happen_twice(bank: httpx.Client) -> None:
    loan = book(bank).json()["id"]
    assert amend(bank, loan, "key-1").json()["id"] != amend(bank, loan, "key-1").json()["id"]
    assert bank.get("/_counts").json()["amendments_applied"] == 2


def test_loans_and_amendments_are_found_by_reference(bank: httpx.Client) -> None:
    loan = book(bank).json()
    amendment = amend(bank, loan["id"]).json()
    assert bank.get("/loans", params={"reference": "case-7/fund"}).json() == {"loans": [loan]}
    found = bank.get("/amendments", params={"reference": "case-7/amend"}).json()
    assert found == {"amendments": [amendment]} and amendment["changes"] == {"rate_bps": 590}
    assert bank.get("/loans", params={"reference": "case-8"}).json() == {"loans": []}


def test_cancelling_and_reversing_may_be_repeated(bank: httpx.Client) -> None:
    loan = book(bank).json()["id"]
    amendment = amend(bank, loan).json()["id"]
    for _ in range(2):
        assert bank.post(f"/amendments/{amendment}/reverse").json()["status"] == "reversed"
        assert bank.post(f"/loans/{loan}/cancel").json()["status"] == "cancelled"
    assert bank.get("/loans", params={"reference": "case-7/fund"}).json()["loans"][0]["status"] == "cancelled"


def test_cancelled_loan_cannot_be_amended_and_an_unknown_one_is_not_found(bank: httpx.Client) -> None:
    loan = book(bank).json()["id"]
    bank.post(f"/loans/{loan}/cancel")
    assert amend(bank, loan).status_code == 409
    assert amend(bank, "LN-000099").status_code == 404
    unknown = [f"/loans/{loan}9/cancel", "/amendments/AM-000001/reverse", f"/amendments/{loan}/reverse"]
    assert {bank.post(path).status_code for path in unknown} == {404}


@pytest.mark.parametrize(
    "changed",
    [{"principal_cents": 0}, {"principal_cents": 100.5}, {"principal_cents": "100"}, {"rate_bps": -1},
     {"reference": ""}, {"currency": "usd"}, {"note": "x"}, {"reference": "\ud800"}],
)  # fmt: skip
def test_unreadable_loan_is_refused_with_the_field(bank: httpx.Client, changed: dict[str, Any]) -> None:
    body, headers = json.dumps(LOAN | changed), {"content-type": "application/json"}
    answer = bank.post("/loans", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == f"body.{next(iter(changed))}"


def test_customer_profile_is_shown_and_an_unknown_customer_is_not_found(bank: httpx.Client) -> None:
    assert bank.get("/customers/DEMO-1").json() == {"number": "DEMO-1"} | PROFILE
    answer = bank.get("/customers/DEMO-2")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_commit_then_timeout_books_and_leaves_the_client_without_an_answer(bank: httpx.Client) -> None:
    order_fault(bank, "POST /loans", "commit_then_timeout", seconds=0.6)
    with pytest.raises(httpx.ReadTimeout):
        bank.post("/loans", json=LOAN, timeout=0.2)
    assert len(bank.get("/loans", params={"reference": LOAN["reference"]}).json()["loans"]) == 1


@pytest.mark.parametrize(("mode", "status"), [("error_500", 500), ("refuse", 422), ("hang", 503)])
def test_other_faults_book_nothing_and_end_after_their_times(
    bank: httpx.Client, mode: str, status: int
) -> None:
    order_fault(bank, "POST /loans", mode, times=2, seconds=0.05)
    answers = [book(bank, "key-1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 201]
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert bank.get("/_counts").json()["calls"]["POST /loans"] == 3


def test_fault_hits_its_endpoint_alone(bank: httpx.Client) -> None:
    order_fault(bank, "POST /loans/{id}/cancel", "error_500")
    loan = book(bank).json()["id"]
    assert [bank.post(f"/loans/{loan}/cancel").status_code for _ in range(2)] == [500, 200]


def test_fault_for_an_endpoint_that_is_not_there_is_refused(bank: httpx.Client) -> None:
    order = {"endpoint": "/loans", "mode": "error_500"}
    assert bank.post("/_faults", json=order).status_code == 422


def test_bank_does_not_start_without_a_token_or_with_an_unreadable_customer(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        create_app(tmp_path / "bank.sqlite", "", {})
    with pytest.raises(BadInput, match=r"field DEMO-1\.risk_rating"):
        create_app(tmp_path / "bank.sqlite", TOKEN, {"DEMO-1": PROFILE | {"risk_rating": "unknown"}})


def test_process_keeps_its_books_over_a_kill(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    (tmp_path / "customers.json").write_text(json.dumps({"DEMO-1": PROFILE}))
    ids = [run_process_and_book(tmp_path) for _ in range(2)]
    assert ids == ["LN-000001", "LN-000001"]


def run_process_and_book(folder: Path) -> str:
    port = free_port()
    files = ["--database", folder / "bank.sqlite", "--token-file", folder / "token"]
    command = [sys.executable, "-m", "api.demo.core_bank", "--port", str(port), *map(str, files)]
    process = subprocess.Popen([*command, "--customers", str(folder / "customers.json")], cwd=ROOT)
    headers = {"authorization": f"Bearer {TOKEN}"}
    transport = httpx.HTTPTransport(retries=8)  # connection attempts, with growing pauses
    with process, httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers=headers, transport=transport
    ) as client:  # fmt: skip
        try:
            assert client.get("/customers/DEMO-1").json()["risk_rating"] == "low"
            return str(book(client, "key-1").json()["id"])
        finally:
            process.kill()
