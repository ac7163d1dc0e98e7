"""Recognises identifiers by their own form: check digits and shapes, never by a list of people.

Owns where in a text a tax number, IBAN, card, e-mail address, telephone number, driver's licence, passport,
machine-readable zone or account number may stand. Never keeps or replaces anything. The text is folded first,
so that full-width digits, other scripts' digits, dashes of every kind and unseen signs hide nothing. Numbers
with check digits are validated (``numbers``); numbers without are recognised where words beside them say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.identity import IdentityKind
from guardrails import numbers
from guardrails.folding import Folded, fold
from guardrails.numbers import is_phone
from guardrails.telephone import BESIDE, PHONE, is_named_phone


class Form(StrEnum):
    """What an identifier looks like; finer than what the vault keeps it as."""

    EMAIL = "email"
    SSN = "ssn"
    IBAN = "iban"
    CARD = "card"
    PHONE = "phone"
    LICENCE = "driver_licence"
    PASSPORT = "passport"
    ZONE = "mrz"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that is an identifier of a kind; ``value`` is its folded form."""

    start: int
    end: int
    kind: IdentityKind
    value: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One form: where it may stand (the group ``value``, else all of the match) and what confirms it."""

    form: Form
    kind: IdentityKind
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool
    cut: bool = False  # it may run on into what follows: the longest part that holds counts


NUMBER_WORD = r"(?:(?: ?(?:number|no|num|nr|id))?\.?(?: ?#)?(?: (?:is|was|reads|ending|in|of))*[\s:=#-]{0,4})"
LETTERS_AND_DIGITS = r"(?P<value>(?=[A-Z-]{0,4}\d)[A-Z0-9](?:[A-Z0-9]|[ -](?=\d)){4,18}[A-Z0-9])(?!\w)"


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser(Form.EMAIL, IdentityKind.CONTACT, _re(r"[\w.+'-]+ ?@ ?(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w-])")),
    Recogniser(
        Form.ZONE,
        IdentityKind.DOCUMENT,
        re.compile(r"(?<![A-Z0-9<])[A-Z0-9<]{30,44}(?:\s+[A-Z0-9<]{30,44}){1,2}(?![A-Z0-9<])"),
        numbers.is_zone,
    ),
    Recogniser(
        Form.IBAN,
        IdentityKind.ACCOUNT_NUMBER,
        _re(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}"),
        numbers.is_iban,
        cut=True,
    ),
    Recogniser(
        Form.SSN,
        IdentityKind.TAX_NUMBER,
        _re(r"(?<![\w-])\d{3}(?P<by>[-. /]?)\d{2}(?P=by)\d{4}(?![\w-]|\.\d)"),
        numbers.is_tax_number,
    ),
    Recogniser(
        Form.SSN,
        IdentityKind.TAX_NUMBER,
        _re(
            rf"\b(?:ssn|itin|tin|social(?: security)?|tax(?:payer)?(?: id\w*)?){NUMBER_WORD}"
            r"(?P<value>\d(?:[ .-]?\d){8})(?!\w)"
        ),
    ),
    Recogniser(
        Form.CARD,
        IdentityKind.ACCOUNT_NUMBER,
        _re(r"(?<![\w-])(?<!\d\.)\d(?:[ .-]?\d){12,22}"),
        numbers.is_card,
        cut=True,
    ),
    Recogniser(
        Form.CARD,
        IdentityKind.ACCOUNT_NUMBER,
        _re(
            rf"\b(?:cards?|cc|pan|visa|master ?card|amex|maestro|debit|credit){NUMBER_WORD}"
            r"(?P<value>\d(?:[ .-]?\d){11,22})"
        ),
        numbers.is_named_card,
        cut=True,
    ),
    Recogniser(
        Form.ACCOUNT,
        IdentityKind.ACCOUNT_NUMBER,
        _re(
            rf"\b(?:accounts?|acct|a/c|loan|savings|checking|chequing|sort code){NUMBER_WORD}{LETTERS_AND_DIGITS}"
        ),
    ),
    Recogniser(
        Form.ACCOUNT,
        IdentityKind.ACCOUNT_NUMBER,
        _re(rf"\b(?:routing|aba|transit|rtn){NUMBER_WORD}(?P<value>\d{{4}}[ -]?\d{{4}}[ -]?\d)(?!\w)"),
        numbers.is_routing_number,
    ),
    Recogniser(
        Form.LICENCE,
        IdentityKind.DOCUMENT,
        _re(
            r"\b(?:driv(?:er'?s?’?s?|ing) ?-?licen[cs]e|driver ?-?licen[cs]e|dl|licen[cs]e number)"
            rf"{NUMBER_WORD}{LETTERS_AND_DIGITS}"
        ),
    ),
    Recogniser(
        Form.PASSPORT,
        IdentityKind.DOCUMENT,
        _re(rf"\bpassport{NUMBER_WORD}{LETTERS_AND_DIGITS}"),
    ),
)


def recognised(text: str) -> Iterator[Found]:
    """Every identifier that its form or the words beside it give away; stretches may overlap."""
    folded = fold(text)
    certain = [found for each in RECOGNISERS for found in _by(each, folded)]
    yield from certain
    for phone in _phones(folded):
        if not any(each.start < phone.end and phone.start < each.end for each in certain):
            yield phone


def _phones(folded: Folded) -> Iterator[Found]:
    """Telephone numbers by shape, and digits that the words beside them call one."""
    for pattern in (PHONE, BESIDE):
        for match in pattern.finditer(folded.text):
            value = match.group()
            if is_phone(value) if pattern is PHONE else is_named_phone(folded.text, match):
                yield Found(*folded.span(*match.span()), IdentityKind.CONTACT, value, Form.PHONE)


def _by(each: Recogniser, folded: Folded) -> Iterator[Found]:
    group = "value" if "value" in each.pattern.groupindex else 0
    for match in each.pattern.finditer(folded.text):
        begin = match.start(group)
        for value in _cuts(match.group(group), folded.text, match.end(group)) if each.cut else (match.group(group),):
            if each.holds(value):
                start, end = folded.span(begin, begin + len(value))
                yield Found(start, end, each.kind, value, each.form)
                break


def _cuts(value: str, text: str, end: int) -> Iterable[str]:
    """The value and its beginnings, longest first, that do not end inside a word or number."""
    following = text[end : end + 1]
    if not following.isalnum():
        yield value
    for size in range(len(value) - 1, 0, -1):
        if value[size - 1].isalnum() and not value[size].isalnum():
            yield value[:size]
