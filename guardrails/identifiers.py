"""The forms of identifiers, on one screen: where each may stand, what confirms it, which comes first.

Owns patterns and words beside; check digits are ``numbers``', telephone numbers ``telephone``'s. Never reads a
text by itself. Order counts: of two equally long stretches at one place the form named first is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from domain.identity import IdentityKind
from guardrails import numbers, telephone


class Form(StrEnum):
    """What an identifier looks like; finer than what the vault keeps it as."""

    EMAIL = "email"
    ZONE = "mrz"
    IBAN = "iban"
    SSN = "ssn"
    CARD = "card"
    LICENCE = "driver_licence"
    PASSPORT = "passport"
    ACCOUNT = "account"
    PHONE = "phone"


def anywhere(_text: str, _start: int, _end: int) -> bool:
    """No word is needed beside it."""
    return True


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One form: where it may stand (the group ``value``), what confirms the value and its surroundings."""

    form: Form
    kind: IdentityKind
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool
    fits: Callable[[str, int, int], bool] = anywhere
    cut: bool = False  # it may run on into what follows: the longest beginning that holds counts


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


NUMBER = r"(?:number|numbers|no|num|nr|id|#)\b\.?"
SAID = rf"(?: ?{NUMBER}| ?#)?(?: (?:is|was|reads|ending|in))*[\s:=#-]{{0,4}}"
AMID = rf"(?:(?: {NUMBER}| ?#)|[ ,]{{1,2}}\(?[a-z]{{2,12}}\)?){{0,5}}[\s:=#-]{{0,4}}"  # "issued in Ohio is"
REFERENCE = r"(?P<value>(?=[A-Z-]{0,4}\d)[A-Z0-9](?:[A-Z0-9]|[ -](?=\d)){4,18}[A-Z0-9])(?!\w|[.,]\d)"
ALONE = r"(?<![^\W_])(?<!\d[.,])(?<!\d-)(?<![$£€])"  # not the rest of a longer word, number or amount
TAX_WORDS = r"ssn|itin|tin|social(?: security)?|tax(?:payer)?(?: id\w*)?"
CARD_WORDS = r"cards?|cc|pan|visa|master ?card|amex|maestro|debit|credit"
ACCOUNT_WORDS = (
    rf"(?:accounts?|acct|a/c|sort code){SAID}|(?:loan|savings|che(?:cking|quing))[ -]{NUMBER}[\s:=#-]{{0,4}}"
)
LICENCE_WORDS = (
    r"driv(?:er|ing)(?:[’']?s[’']?)?[ -]?(?:licen[cs]e|lic\b\.?|permit)|operator[’']?s? licen[cs]e|\bdln?\b|"
    rf"\blicen[cs]e {NUMBER}"
)
EMAIL = r"(?<![\w.+'%&-])(?P<value>[\w.+'%&!=~-]++@(?:[\w-]{1,63}\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,}))"
ZONE = r"(?<![A-Z0-9<])(?P<value>[A-Z0-9<]{30,44}(?:\s+[A-Z0-9<]{30,44}){0,2})(?![A-Z0-9<])"
FOURS = r"\d{4}([ .-])\d{4}\2\d{4}\2\d{1,4}(?:\2\d{1,3})?|\d{4}([ .-])\d{6}\3\d{4,5}|\d{12,19}"
CONTACT, ACCOUNT, DOCUMENT, TAX = (
    IdentityKind.CONTACT,
    IdentityKind.ACCOUNT_NUMBER,
    IdentityKind.DOCUMENT,
    IdentityKind.TAX_NUMBER,
)

RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser(Form.EMAIL, CONTACT, _re(EMAIL)),
    Recogniser(Form.ZONE, DOCUMENT, re.compile(ZONE), numbers.is_zone),
    Recogniser(
        Form.IBAN,
        ACCOUNT,
        _re(r"(?<![^\W_])(?P<value>[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30})(?![^\W_])"),
        numbers.is_iban,
        cut=True,
    ),
    Recogniser(
        Form.SSN, TAX, _re(rf"\b(?:{TAX_WORDS}){SAID}(?P<value>\d(?:[ .-]?\d){{8}})(?![^\W_]|[ -]\d)")
    ),
    Recogniser(
        Form.CARD,
        ACCOUNT,
        _re(rf"\b(?:{CARD_WORDS}){SAID}(?P<value>\d(?:[ .-]?\d){{11,22}})"),
        numbers.is_named_card,
        cut=True,
    ),
    Recogniser(
        Form.ACCOUNT,
        ACCOUNT,
        _re(rf"\b(?:routing|aba|transit|rtn){SAID}(?P<value>\d{{4}}[ -]?\d{{4}}[ -]?\d)(?!\w)"),
        numbers.is_routing_number,
    ),
    Recogniser(
        Form.LICENCE, DOCUMENT, _re(rf"\b(?:{LICENCE_WORDS}){AMID}\b{REFERENCE}"), numbers.is_reference
    ),
    Recogniser(Form.PASSPORT, DOCUMENT, _re(rf"\bpassport{AMID}\b{REFERENCE}"), numbers.is_reference),
    Recogniser(
        Form.SSN,
        TAX,
        _re(rf"{ALONE}(?P<value>\d{{3}}(?P<by>[-. /])\d{{2}}(?P=by)\d{{4}})(?![^\W_]|-|\.\d)"),
        numbers.is_written_tax_number,
    ),
    Recogniser(Form.CARD, ACCOUNT, _re(rf"(?=(?P<value>{ALONE}(?:{FOURS})(?!\d)))"), numbers.is_card),
    Recogniser(
        Form.CARD, ACCOUNT, _re(rf"{ALONE}(?P<value>\d(?:[ .-]?\d){{11,22}})"), numbers.is_card, cut=True
    ),
    Recogniser(Form.ACCOUNT, ACCOUNT, _re(rf"\b(?:{ACCOUNT_WORDS})\b{REFERENCE}"), numbers.is_reference),
    Recogniser(Form.PHONE, CONTACT, telephone.COUNTRY_CODE, numbers.is_phone),
    Recogniser(Form.PHONE, CONTACT, telephone.SHAPED, numbers.is_phone),
    Recogniser(Form.PHONE, CONTACT, telephone.BARE, numbers.is_phone, telephone.nothing_against),
    Recogniser(Form.PHONE, CONTACT, telephone.DIGITS, numbers.is_phone, telephone.is_named),
    Recogniser(
        Form.SSN,
        TAX,
        _re(rf"{ALONE}(?P<value>\d{{9}})(?![^\W_]|-|\.\d)"),
        numbers.is_issued_tax_number,
        telephone.nothing_against,
    ),
)
