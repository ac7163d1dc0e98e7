"""Writes the register entry of a finished home loan, on the outbox's own connection.

Owns the order of checks: terms are complete, reasons are those really used, the row meets every published
edit that blocks a filing; then it is written once. Never decides, never holds a name, an address or a
birthday, and never corrects an entry that was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from checkpoints.database import Connection
from checkpoints.queries import load
from domain.approval import Action, ApprovalDecision
from domain.canonical import canonical
from domain.clock import parse_time
from domain.effect import EffectOrder
from domain.errors import Refused
from domain.identity import Record
from domain.leaving import Audience, Wording

from .edits import Kind, failures
from .entry_values import Denial, EntryTerms, entry_values
from .fields import SHEET_FIELDS
from .filing import register_text
from .notices import MOST_REASONS
from .register import parse_register

SQL = load("register")
REJECTION = load("notices")["rejection"]
OTHER = "9"  # the reason that has to be explained


class RegisterEntry:
    """Writes one row of ``countersign.register_entries``.

    Arguments of the action, all flat: those of ``EntryTerms``; for a denial either ``denials`` (HMDA codes,
    semicolons between them) with ``explained``, or ``reasons_from`` (approval id) with ``denial_codes``
    (``reason=code; ...``) and ``wordings`` (``reason=words; ...``). The action date is the day of writing.
    """

    name = "register_entry"
    terms: type[Record] = EntryTerms
    audience = Audience.SYSTEM
    undone_by: str | None = None
    lasting = "the entry stands in the loan application register: correct the action taken before it is filed"
    money: str | None = None
    counterparty: str | None = None
    sort: str | None = None
    region = "US"

    async def perform_in(self, connection: Connection, order: EffectOrder, now: str) -> str:
        """Write it and give ``<case>/<ULI>``; the same order writes nothing twice.

        Raises:
            Refused: arguments are missing or impossible, nobody rejected as said, the row would not be valid,
                or another order wrote the entry of this case.
        """
        terms, written = _terms(order.action), parse_time(now)
        values = entry_values(terms, written.date(), await _denial(connection, order, terms))
        _valid(values, terms, written.date())
        row = (
            order.case_id,
            order.key,
            written.year,
            terms.uli,
            canonical(values).decode(),
            written,
        )
        cursor = await connection.execute(SQL["insert"], row)
        if not cursor.rowcount and await self.read_back_in(connection, order) is None:
            raise Refused("another order wrote the register entry of this case", control="register.once")
        return f"{order.case_id}/{terms.uli}"

    async def read_back_in(self, connection: Connection, order: EffectOrder) -> Mapping[str, Any] | None:
        """The row that this order wrote: case, year, ULI and values."""
        return await (await connection.execute(SQL["by_key"], (order.key,))).fetchone()

    async def said_in(self, connection: Connection, order: EffectOrder) -> Wording:
        """The terms with the explanation as it will be filed; that of a person who rejected is their own."""
        terms = _terms(order.action)
        denial = await _denial(connection, order, terms)
        text = canonical({**order.action.args, "explained": denial.explained}).decode()
        theirs = terms.reasons_from is not None and denial.explained not in _pairs(terms.wordings).values()
        return Wording(text, (denial.explained,) if theirs and denial.explained else ())


def _terms(action: Action) -> EntryTerms:
    try:
        return EntryTerms.model_validate(action.args)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        message = f"register_entry: {first['loc'][0]}: {first['msg']}"
        raise Refused(message, control="register.arguments") from error


async def _denial(connection: Connection, order: EffectOrder, terms: EntryTerms) -> Denial:
    if not terms.denied:
        return Denial()
    args = order.action.args
    if "reasons_from" in args:
        return await _rejected(connection, order)
    codes = tuple(dict.fromkeys(_split(str(args.get("denials", "")))))[:MOST_REASONS]
    return _checked(codes, str(args.get("explained", "")))


async def _rejected(connection: Connection, order: EffectOrder) -> Denial:
    """The reason of the person who rejected: its HMDA code, or "other" in that person's words."""
    args = order.action.args
    source = str(args["reasons_from"])
    row = await (await connection.execute(REJECTION, (source, order.case_id))).fetchone()
    if row is None:
        raise Refused(f"nobody rejected {source} in this case", control="register.reasons")
    decided = ApprovalDecision.model_validate(row["decision"])
    code = _pairs(str(args.get("denial_codes", ""))).get(decided.reason_code or "", OTHER)
    worded = _pairs(str(args.get("wordings", ""))).get(decided.reason_code or "", decided.reason)
    return _checked((code,), worded)


def _checked(codes: tuple[str, ...], explained: str) -> Denial:
    try:
        return Denial(codes=codes, explained=explained.strip()[:255])
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise Refused(
            f"register_entry: {first['loc'][0]}: {first['msg']}", control="register.reasons"
        ) from error


def _valid(values: Mapping[str, str], terms: EntryTerms, on: date) -> None:
    """Refuse a row that fails an edit which would stop the filing; the sheet is judged when a file is written."""
    sheet = dict.fromkeys(SHEET_FIELDS, "-") | {"lei": terms.lei}
    register = parse_register(register_text(sheet, on.year, [values]).encode(), "entry")
    failed = [each.edit for each in failures(register) if each.row and each.edit.kind is not Kind.QUALITY]
    if failed:
        told = "; ".join(f"{edit.code}: {edit.text}" for edit in failed)
        raise Refused(f"the register entry would not be valid: {told}", control="register.edits")


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _pairs(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in _split(text) if "=" in part)


EFFECTS = (RegisterEntry,)
