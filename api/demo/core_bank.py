"""A stand-in core banking system: its own process, its own sqlite file, its own faults. Demonstration only.

Owns loans, amendments and demo customer profiles behind one bearer token, and misbehaves on demand
(``POST /_faults``), so that the outbox can be shown against a system that commits and then does not
answer. ``POST /loans`` honours ``Idempotency-Key``; ``POST /amendments`` on purpose does not. It never
touches the control plane's database and nothing in production imports it.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from domain.canonical import Json
from domain.errors import BadInput, Conflict, Misconfigured, NotFound
from domain.identity import Record

SCHEMA = """create table if not exists entry (
    id text primary key, kind text not null, reference text not null, status text not null,
    body text not null, idempotency_key text unique)"""
COUNTED = ("loans_booked", "loans_cancelled", "amendments_applied", "amendments_reversed")
KINDS = {"loan": ("LN", "booked"), "amendment": ("AM", "applied")}  # prefix of ids, first status
ANSWERED: tuple[int | type[Exception], ...] = (RequestValidationError, HTTPException, NotFound, Conflict)
Entry = dict[str, Json]

Reference = Annotated[str, Field(min_length=1, max_length=200)]
Endpoint = Literal["POST /loans", "GET /loans", "POST /loans/{id}/cancel", "GET /customers/{number}",
                   "POST /amendments", "GET /amendments", "POST /amendments/{id}/reverse"]  # fmt: skip
Name = Annotated[str, Field(min_length=1, max_length=100)]
Key = Annotated[str | None, Header(min_length=1, max_length=255)]


class _Body(Record, strict=True, str_strip_whitespace=False):
    reference: Reference  # the caller's own, searchable


class LoanRequest(_Body):
    """A loan to be booked."""

    customer: Name  # customer number
    product: Name
    principal_cents: Annotated[int, Field(gt=0, le=10**13)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"  # ISO 4217
    rate_bps: Annotated[int, Field(ge=0, le=10_000)]  # nominal yearly rate, basis points
    term_months: Annotated[int, Field(ge=1, le=600)]
    covenants: Annotated[str, Field(max_length=2_000)] = ""


class AmendmentRequest(_Body):
    """A change of terms of a booked loan."""

    loan: Name  # id of the loan
    changes: Annotated[dict[str, str | int], Field(min_length=1, max_length=50)]  # term: new value


Mode = Literal["commit_then_timeout", "error_500", "hang", "refuse"]  # the first does it, and answers late
NOT_DONE: dict[str, tuple[int, str]] = {
    "error_500": (500, "error"),  # at once
    "hang": (503, "unavailable"),  # after ``seconds``
    "refuse": (422, "refused"),  # at once: the bank says no
}


class FaultRequest(Record):
    """The next ``times`` calls of ``endpoint`` go wrong; later orders for it queue behind."""

    endpoint: Endpoint
    mode: Mode
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    seconds: Annotated[float, Field(ge=0, le=3_600)] = 30.0  # a waiting time, not a figure of the bank


class CustomerProfile(Record):
    """What the core bank knows of a demo customer."""

    kyc_reviewed_on: date
    screened_on: date | None = None
    risk_rating: Literal["low", "medium", "high"]
    customer_since: date
    accounts: tuple[str, ...] = ()  # loans that were on the books before the demonstration


class Ledger:
    """Loans and amendments in one sqlite file; a connection per operation, so any thread may call it.

    Args:
        database: the file; what is in it stays.
        accounts: loans that are on the books already.
    """

    def __init__(self, database: Path, accounts: Iterable[str] = ()) -> None:
        self._database = database
        rows = [(account, "account", account, "booked", "{}", None) for account in accounts]
        with self._transaction() as db:
            db.execute(SCHEMA)
            db.executemany("insert or ignore into entry values (?, ?, ?, ?, ?, ?)", rows)

    def book(self, loan: LoanRequest, idempotency_key: Key = None) -> Entry:
        """The loan, the earlier one when the key is known; ``Conflict`` when that had another body."""
        with self._transaction() as db:
            found = db.execute("select * from entry where idempotency_key = ?", (idempotency_key,)).fetchone()
            if found and json.loads(found["body"]) != loan.model_dump():
                raise Conflict("this Idempotency-Key was used for another body")
            return _entry(found) if found else _add(db, "loan", loan, idempotency_key)

    def amend(self, amendment: AmendmentRequest) -> Entry:
        """A new amendment at every call; ``NotFound`` without the loan, ``Conflict`` if it is cancelled."""
        with self._transaction() as db:
            sql = "select status from entry where kind in ('loan', 'account') and id = ?"
            loan = db.execute(sql, (amendment.loan,)).fetchone()
            if loan is None:
                raise NotFound(f"no loan {amendment.loan}")
            if loan["status"] != "booked":
                raise Conflict(f"loan {amendment.loan} is {loan['status']}")
            return _add(db, "amendment", amendment)

    def disburse(self, id: str) -> Entry:  # noqa: A002 - the name in the route
        """The loan with its money out; ``Conflict`` when it is cancelled, ``NotFound`` when there is none."""
        return self._move("loan", id, "disbursed")

    def cancel(self, id: str) -> Entry:  # noqa: A002 - the name in the route
        """The loan, cancelled, however often it is asked; ``Conflict`` once money is out, ``NotFound`` for none."""
        return self._move("loan", id, "cancelled")

    def reverse(self, id: str) -> Entry:  # noqa: A002 - the name in the route
        """The amendment, reversed, however often it is asked; ``NotFound`` when there is none."""
        return self._move("amendment", id, "reversed")

    def loans(self, reference: Reference) -> dict[str, list[Entry]]:
        """Every loan with this reference, oldest first."""
        return {"loans": self._find("loan", reference)}

    def amendments(self, reference: Reference) -> dict[str, list[Entry]]:
        """Every amendment with this reference, oldest first."""
        return {"amendments": self._find("amendment", reference)}

    def counts(self) -> dict[str, int]:
        """How many there are, by kind and status."""
        sql = "select kind || 's_' || status, count(*) from entry where kind != 'account' group by 1"
        with self._transaction() as db:
            found = {name: int(many) for name, many in db.execute(sql)}
        return dict.fromkeys(COUNTED, 0) | found

    def _move(self, kind: str, entry_id: str, status: str) -> Entry:
        """From its first status only; asking for where it stands changes nothing."""
        with self._transaction() as db:
            sql = "update entry set status = ? where kind = ? and id = ? and status in (?, ?) returning *"
            row = db.execute(sql, (status, kind, entry_id, KINDS[kind][1], status)).fetchone()
            held = db.execute(
                "select status from entry where kind = ? and id = ?", (kind, entry_id)
            ).fetchone()
        if held is None:
            raise NotFound(f"no {kind} {entry_id}")
        if row is None:
            raise Conflict(f"{kind} {entry_id} is {held['status']}")
        return _entry(row)

    def _find(self, kind: str, reference: str) -> list[Entry]:
        with self._transaction() as db:
            sql = "select * from entry where kind = ? and reference = ? order by rowid"
            return [_entry(row) for row in db.execute(sql, (kind, reference))]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._database, timeout=30, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("begin immediate")
            with db:  # commits, or rolls back when something is raised
                yield db


def _add(db: sqlite3.Connection, kind: str, body: _Body, key: str | None = None) -> Entry:
    number = db.execute("select count(*) + 1 from entry where kind = ?", (kind,)).fetchone()[0]
    prefix, status = KINDS[kind]
    row = (f"{prefix}-{number:06}", kind, body.reference, status, json.dumps(body.model_dump()), key)
    return _entry(db.execute("insert into entry values (?, ?, ?, ?, ?, ?) returning *", row).fetchone())


def _entry(row: sqlite3.Row) -> Entry:
    return {"id": row["id"], "status": row["status"], **json.loads(row["body"])}


class Faults:
    """Faults waiting for their endpoint, and how often each endpoint was called."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[FaultRequest]] = defaultdict(deque)

    async def order(self, fault: FaultRequest) -> FaultRequest:
        """Have the next calls go wrong."""
        self._waiting[fault.endpoint].extend([fault] * fault.times)
        return fault

    def take(self, endpoint: str) -> FaultRequest | None:
        """Count a call of ``endpoint`` and give its fault, if one is waiting."""
        self.calls[endpoint] += 1
        return self._waiting[endpoint].popleft() if self._waiting[endpoint] else None


class _FaultyRoute(APIRoute):
    """A route that goes wrong as ordered, around the real handler and its commit."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def faulty(request: Request) -> Response:
            fault: FaultRequest | None = request.app.state.faults.take(f"{request.method} {self.path_format}")
            if fault and fault.mode in NOT_DONE:
                response: Response = _problem(*NOT_DONE[fault.mode], "fault on demand: nothing was done")
            else:
                response = await handle(request)  # committed from here on
            if fault and fault.mode in ("hang", "commit_then_timeout"):
                await asyncio.sleep(fault.seconds)
            return response

        return faulty


def create_app(database: Path, token: str, customers: Mapping[str, Mapping[str, Json]]) -> FastAPI:
    """The application; ``Misconfigured`` without a token, ``BadInput`` for an unreadable profile."""
    if not token:
        raise Misconfigured("the core bank does not start without a bearer token")
    app = FastAPI(title="Stand-in core bank", exception_handlers=dict.fromkeys(ANSWERED, _on_error))
    app.router.route_class = _FaultyRoute
    app.state.faults = Faults()
    profiles = _profiles(customers)
    ledger = Ledger(database, (account for profile in profiles.values() for account in profile.accounts))
    _add_routes(app, ledger, profiles)
    expected = f"Bearer {token}".encode()

    @app.middleware("http")
    async def require_token(request: Request, proceed: RequestResponseEndpoint) -> Response:
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
            return await proceed(request)
        refusal = _problem(401, "unauthenticated", "a bearer token is required")
        refusal.headers["www-authenticate"] = "Bearer"
        return refusal

    return app


def _add_routes(app: FastAPI, ledger: Ledger, profiles: Mapping[str, CustomerProfile]) -> None:
    def customer(number: str) -> Entry:
        if number not in profiles:
            raise NotFound(f"no customer {number}")
        return {"number": number} | profiles[number].model_dump(mode="json", exclude_defaults=True)

    async def counts() -> Entry:
        return ledger.counts() | {"calls": dict(app.state.faults.calls)}

    async def healthy() -> Entry:
        return {"status": "ok"}

    app.add_api_route("/loans", ledger.book, methods=["POST"], status_code=201)
    app.add_api_route("/loans", ledger.loans)
    app.add_api_route("/loans/{id}/cancel", ledger.cancel, methods=["POST"])
    app.add_api_route("/loans/{id}/disburse", ledger.disburse, methods=["POST"])
    app.add_api_route("/amendments", ledger.amend, methods=["POST"], status_code=201)
    app.add_api_route("/amendments", ledger.amendments)
    app.add_api_route("/amendments/{id}/reverse", ledger.reverse, methods=["POST"])
    app.add_api_route("/customers/{number}", customer)
    app.add_api_route("/_faults", app.state.faults.order, methods=["POST"], status_code=201)
    app.add_api_route("/_counts", counts)
    app.add_api_route("/healthz", healthy)


def _problem(status: int, code: str, detail: str, **more: Json) -> JSONResponse:
    body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail} | more
    return JSONResponse(body, status, media_type="application/problem+json")


async def _on_error(_: Request, error: Any) -> Response:
    if isinstance(error, RequestValidationError):
        wrong = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        return _problem(422, "bad_input", "the request cannot be read", errors=wrong)
    if isinstance(error, HTTPException):
        return _problem(error.status_code, "no_route", error.detail)
    return _problem(404 if isinstance(error, NotFound) else 409, error.code, error.message)


def _profiles(customers: Mapping[str, Mapping[str, Json]]) -> dict[str, CustomerProfile]:
    try:
        return TypeAdapter(dict[str, CustomerProfile]).validate_python(customers)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInput(first["msg"], field=field, remedy="correct the demo customer") from error


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve on 127.0.0.1 until stopped."""
    parser = argparse.ArgumentParser(prog="python -m api.demo.core_bank", description="Stand-in core bank")
    parser.add_argument("--port", type=int, required=True)
    for name in ("--database", "--token-file"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--customers", type=Path, help="JSON: customer number to profile")
    given = parser.parse_args(arguments)
    customers = json.loads(given.customers.read_text("utf-8")) if given.customers else {}
    app = create_app(given.database, given.token_file.read_text("utf-8").strip(), customers)
    uvicorn.run(app, host="127.0.0.1", port=given.port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
