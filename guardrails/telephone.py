"""How telephone numbers are written: shapes that nothing else has, and digits that words beside them explain.

Owns shapes and cue words. Never dials, never says whose a number is. A shape alone counts for numbers of the
North American plan, with a country code, or with a trunk zero; seven to twelve digits in groups could be an
amount or a reference as well, so that they count beside a word such as "call" or "fax" only.
"""

from __future__ import annotations

import re

from guardrails.numbers import is_phone

EXTENSION = r"(?: ?(?:x|ext\.?|extension|#) ?\d{1,6})?"
NORTH_AMERICA = r"(?:(?:\+|00)?1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}"
COUNTRY_CODE = r"(?:\+|\b00(?=[1-9]\d?[ .-]))[1-9]\d{0,2}[ .-]?(?:\(0?\d{0,4}\)[ .-]?)?\d{1,12}(?:[ .-]?\d{2,8}){0,6}"
TRUNK_ZERO = r"(?:0\d{1,4}(?:[ -]\d{2,4}){2,4}|0\d(?:\.\d{2}){4}|0\d{2,4}[ -]\d{5,8})"
BRACKETS = r"\(0?\d{1,4}\) ?\d{3,4}[ -]\d{3,4}"
PHONE = re.compile(
    rf"(?<![\w.-])(?<![$£€])(?:{COUNTRY_CODE}|{NORTH_AMERICA}|{TRUNK_ZERO}|{BRACKETS}){EXTENSION}(?![\w]|-\d)",
    re.IGNORECASE,
)
BESIDE = re.compile(r"(?<![\w$£€-])(?<!\d[.,])(?P<value>\d{2,11}(?:[ .-]\d{2,8}){0,4})" + EXTENSION + r"(?![\w]|[.,]\d)", re.I)
BEFORE = re.compile(
    r"\b(?:tele)?phone|\btel\b|\bmobile|\bcell\b|\bfax\b|\b(?:desk|office|home)(?! is| was| at| in)\b|\bcall(?:s|ed|ing)?\b|\bdial|"
    r"\bring\b|\breach\b|\btext(?:ed|ing)?\b|\bwhats ?app|\bsms\b|\bcontact\b|\banswering\b|\bmessages?\b|"
    r"\bnumber (?:is|at|on)\b|\bmy number\b",
    re.IGNORECASE,
)
AFTER = re.compile(r"[\s,;:\\()-]{1,3}(?:office|fax|mobile|cell|home|work|desk|phone|tel)\b", re.IGNORECASE)
NOT_A_PHONE = re.compile(
    r"\b(?:cards?|accounts?|acct|iban|ssn|licen[cs]e|passport|loan|reference|invoice|case|zip|postcode|code|pin|"
    r"order|application|policy|amount|usd|dollars?|box|apt|suite|street|road|avenue)\b",
    re.IGNORECASE,
)
DATE = re.compile(r"(?:\d{1,2}[ ./-]\d{1,2}[ ./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})")
NEAR = 32  # signs before a number in which a word may explain it


def is_named_phone(text: str, match: re.Match[str]) -> bool:
    """Whether the words beside some digits say that they are a telephone number."""
    value = match.group("value")
    if not is_phone(value) or DATE.fullmatch(value):
        return False
    before = text[max(0, match.start() - NEAR) : match.start()]
    if AFTER.match(text, match.end()):
        return True
    cues = [cue.end() for cue in BEFORE.finditer(before)]
    against = [cue.end() for cue in NOT_A_PHONE.finditer(before)]
    return bool(cues) and cues[-1] > max(against, default=-1)
