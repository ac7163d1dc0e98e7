"""The core banking system: its client, the effects that change it, and the tool that reads a customer.

Owns the wire to the bank and the difference between "it said no" and "it may have happened". Never
decides whether an effect is allowed, never sends one twice by itself, never logs the token or an address
that holds a customer number, and never lets a revealed value back out.
"""

from __future__ import annotations

import logging
import ssl
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import quote

import httpx
from pydantic import Field, ValidationError

from domain.effect import EffectOrder, EffectReceipt, ExternalEffect
from domain.errors import Misconfigured, NotFound, Refused, Unavailable
from domain.finding import Fact
from domain.identity import Record
from domain.leaving import Audience
from tools.contract import NoArguments, Tool, ToolContext

CONTROL = "core_bank"
VAULT_MARK = "tok_"  # every vault token starts like this
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]
Entry = dict[str, Any]  # one JSON object of the bank
Reveal = Callable[[str, str], Awaitable[str]]  # case id, token -> value


class _Unlogged(logging.Filter):
    """Drops httpx's request lines to one address: customer numbers are part of them."""

    def __init__(self, address: httpx.URL) -> None:
        super().__init__()
        self._address = str(address)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line may be written."""
        named = record.args if isinstance(record.args, tuple) else ()
        return not any(isinstance(each, httpx.URL) and str(each).startswith(self._address) for each in named)


@cache
def _authorities() -> ssl.SSLContext:
    """Whose certificates are believed; read from disk once per process."""
    return httpx.create_ssl_context(trust_env=False)


class CoreBankClient:
    """Speaks HTTP with the core bank. Call ``close`` when done.

    Every call has its own connection: an idle one that died would turn a sure "not sent" into a "maybe".

    Args:
        url: base address, http or https.
        token: bearer token.
        timeout_seconds: for connecting, for sending and for each wait on an answer.

    Raises:
        Misconfigured: the address has no host, or the token is empty or has characters no header can carry.
    """

    def __init__(self, url: str, token: str, timeout_seconds: float = 5) -> None:
        address = httpx.URL(url)
        if address.scheme not in ("http", "https") or not address.host:
            raise Misconfigured("the core bank's address must be http(s)://host[:port]")
        if not token or not all("!" <= character <= "~" for character in token):
            raise Misconfigured("the core bank's token is empty or has characters that a header cannot carry")
        self._unlogged = _Unlogged(address)
        logging.getLogger("httpx").addFilter(self._unlogged)
        self._client = httpx.AsyncClient(
            base_url=address,
            headers={"authorization": f"Bearer {token}"},
            timeout=timeout_seconds,
            trust_env=False,
            verify=_authorities(),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def close(self) -> None:
        """Release connections."""
        await self._client.aclose()
        logging.getLogger("httpx").removeFilter(self._unlogged)

    async def customer(self, number: str) -> Entry | None:
        """One customer's profile, or nothing; ``Unavailable`` when the bank cannot be read."""
        return await self.get(f"/customers/{quote(number, safe='')}")

    async def find(self, collection: str, reference: str) -> list[Entry]:
        """What the bank holds under our reference, oldest first; ``Unavailable`` when it cannot be read."""
        found = (await self.get(f"/{collection}", reference=reference) or {}).get(collection)
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise Unavailable(f"the core bank's list of {collection} cannot be read", control=CONTROL)
        return [entry for entry in found if entry.get("reference") == reference]

    async def get(self, path: str, **parameters: str) -> Entry | None:
        """Read one object; ``None`` for 404, ``Unavailable`` for everything else that is no answer."""
        try:
            response = await self._client.get(path, params=parameters)
        except httpx.RequestError as error:
            raise _unanswered(error) from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return _object(response)

    async def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Entry:
        """Send one change, once.

        Args:
            path: below the base address.
            body: JSON object.
            key: sent as ``Idempotency-Key``; a 409 then says that the key is known, so it may have happened.

        Raises:
            Refused: it certainly did not happen (no connection, 4xx).
            Unavailable: it was sent and may have happened (timeout, broken connection, 5xx, no JSON object).
        """
        headers = {"idempotency-key": key} if key else {}
        try:
            response = await self._client.post(path, json=body, headers=headers)
        except NEVER_SENT as error:
            raise Refused("the core bank cannot be reached: nothing was sent", control=CONTROL) from error
        except httpx.RequestError as error:
            raise _unanswered(error) from error
        known_key = key is not None and response.status_code == httpx.codes.CONFLICT
        if response.is_client_error and not known_key:
            raise Refused(f"the core bank said no ({response.status_code})", control=CONTROL)
        return _object(response)


def _unanswered(error: httpx.RequestError) -> Unavailable:
    return Unavailable(f"the core bank did not answer ({type(error).__name__})", control=CONTROL)


def _object(response: httpx.Response) -> Entry:
    """The JSON object of a 2xx answer. Messages never quote an answer: it may repeat an account number."""
    if not response.is_success:
        raise Unavailable(f"the core bank answered {response.status_code}", control=CONTROL)
    try:
        body = response.json()
    except ValueError as error:
        raise Unavailable("the core bank's answer is not JSON", control=CONTROL) from error
    if not isinstance(body, dict):
        raise Unavailable("the core bank's answer is not an object", control=CONTROL)
    return body


def id_of(entry: Entry) -> str:
    """The bank's id of an entry; ``Unavailable`` when it has none."""
    if not isinstance(entry.get("id"), str) or not entry["id"]:
        raise Unavailable("the core bank's answer has no id", control=CONTROL)
    return str(entry["id"])


class OfferTerms(Record):
    """A loan as it is booked."""

    customer: Annotated[str, Field(min_length=1, max_length=200)]  # a vault token, or ``new``
    product: Code
    principal_cents: Annotated[int, Field(gt=0)]
    rate_bps: Annotated[int, Field(ge=0, le=10_000)]
    term_months: Annotated[int, Field(gt=0, le=600)]
    covenants: Annotated[str, Field(max_length=4000)] = ""


class AmendmentTerms(Record):
    """A change of a booked loan."""

    loan_account: Annotated[str, Field(pattern=rf"^{VAULT_MARK}\w+$")]
    change: Code
    amount_cents: Annotated[int, Field(ge=0)]
    new_due_day: Annotated[int, Field(ge=1, le=28)]


class _Posting(ABC):
    """What the effects share: reveal tokens right before sending, find by reference, show only tokens."""

    name: str
    terms: type[Record]
    audience = Audience.SYSTEM
    collection: str
    idempotent: bool
    undone_by: str | None
    stands: str
    lasting: str
    money: str | None
    counterparty: str | None = None
    sort: str | None = None
    region = "US"
    tokens: tuple[str, ...] = ()  # arguments that must be vault tokens

    def __init__(self, client: CoreBankClient, reveal: Reveal) -> None:
        self._client = client
        self._reveal = reveal

    async def perform(self, order: EffectOrder) -> str:
        """Send it; gives the bank's id. ``Refused``: not done. ``Unavailable``: may be done."""
        body = await self._revealed(order)
        key = order.key if self.idempotent else None
        return id_of(await self._client.post(f"/{self.collection}", body, key))

    async def read_back(self, order: EffectOrder) -> EffectReceipt | None:
        """What the bank holds under this order's key, identity as tokens; ``None`` when it holds nothing.

        Raises:
            Unavailable: the bank cannot be read, or holds more than one entry or other terms than ordered.
        """
        found = await self._client.find(self.collection, order.key)
        if not found:
            return None
        try:
            ordered = await self._revealed(order)
        except Refused as error:
            raise Unavailable(f"it cannot be compared: {error.message}", control=CONTROL) from error
        if len(found) > 1 or any(found[0].get(name) != value for name, value in ordered.items()):
            raise Unavailable("the core bank holds something else under this order", control=CONTROL)
        standing = {"id": id_of(found[0]), "status": str(found[0].get("status", "unknown"))}
        shown = self._body(order.key, order.action.args) | standing
        return EffectReceipt(receipt=standing["id"], read_back=shown)

    @abstractmethod
    def _body(self, key: str, args: Mapping[str, Fact]) -> Entry:
        """What is posted for these arguments."""

    async def _revealed(self, order: EffectOrder) -> Entry:
        args = order.action.args
        plain = [name for name in self.tokens if not _is_token(args.get(name))]
        if plain:
            raise Refused(f"{', '.join(plain)}: a vault token is needed", control="core_bank.arguments")
        try:
            values = {
                name: await self._reveal(order.case_id, str(value)) if _is_token(value) else value
                for name, value in args.items()
            }
        except NotFound as error:
            raise Refused(f"{error.message}: nothing was sent", control="core_bank.vault") from error
        return self._body(order.key, values)


def _is_token(value: Fact | None) -> bool:
    return isinstance(value, str) and value.startswith(VAULT_MARK)


class BookOffer(_Posting):
    """Books a loan. The bank honours our key, so sending it again gives the same loan.

    The arguments go out as they are, with the order's key as ``reference``.
    """

    name = "book_offer"
    terms: type[Record] = OfferTerms
    collection = "loans"
    idempotent = True
    undone_by: str | None = "cancel_offer"
    stands = "booked"
    lasting = "money may be out: agree with the customer how it comes back, and have the loan corrected"
    money: str | None = "principal_cents"

    def _body(self, key: str, args: Mapping[str, Fact]) -> Entry:
        return {**args, "reference": key}


class AmendLoan(_Posting):
    """Changes the terms of a booked loan. The bank does not honour our key: never sent twice.

    ``loan_account`` (a token) names the loan; every other argument is a changed term.
    """

    name = "amend_loan"
    terms: type[Record] = AmendmentTerms
    collection = "amendments"
    idempotent = False
    undone_by: str | None = "reverse_amendment"
    stands = "applied"
    lasting = "the changed terms or the refund stand: agree with the customer how they come back"
    money: str | None = "amount_cents"
    counterparty: str | None = "loan_account"
    sort: str | None = "change"
    tokens = ("loan_account",)

    def _body(self, key: str, args: Mapping[str, Fact]) -> Entry:
        changes = {name: value for name, value in args.items() if name != "loan_account"}
        return {"reference": key, "loan": args.get("loan_account"), "changes": changes}


EFFECTS = (BookOffer, AmendLoan)


def effects(client: CoreBankClient, reveal: Reveal) -> tuple[ExternalEffect, ...]:
    """Every effect of this system, ready for the outbox."""
    return tuple(effect(client, reveal) for effect in EFFECTS)


class CustomerProfile(Record):
    """What the bank knows of a customer; days it does not know are empty."""

    found: bool
    kyc_reviewed_on: date | None = None
    screened_on: date | None = None
    risk_rating: Literal["low", "medium", "high"] | None = None
    customer_since: date | None = None


async def customer_profile(_: NoArguments, context: ToolContext) -> CustomerProfile:
    """The first borrower's profile; ``Unavailable`` without a core bank or when its answer cannot be read."""
    if context.bank is None:
        raise Unavailable("no core bank is connected", control=CONTROL)
    token = context.application["borrowers"][0].get("customer_number")
    profile = await context.bank.customer(await context.reveal(token)) if token else None
    if profile is None:
        return CustomerProfile(found=False)
    known = {name: profile.get(name) for name in CustomerProfile.model_fields if name != "found"}
    try:
        return CustomerProfile.model_validate({"found": True} | known)
    except ValidationError as error:
        field = error.errors(include_input=False)[0]["loc"][0]
        raise Unavailable(f"the core bank's {field} cannot be read", control=CONTROL) from error


TOOLS = (
    Tool(
        name="customer_profile",
        description="Tells whether the first borrower is a customer, since when, and how fresh KYC is.",
        args=NoArguments,
        result=CustomerProfile,
        run=customer_profile,
        identity=True,
    ),
)
