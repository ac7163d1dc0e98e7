"""How telephone numbers are written: shapes that nothing else has, and digits that words beside them explain.

Owns shapes and cue words. Never dials, never says whose a number is. A shape alone counts with a country code, in
the North American plan, or with a trunk zero; other groups of seven to fifteen digits could be an amount or a
reference as well, so that they count beside a word such as "call" or "fax" only.
"""

from __future__ import annotations

import re

EXTENSION = r"(?: ?(?:x|ext\.?|extension|#) ?\d{1,6})?"
OPEN = r"(?<![^\W_])(?<!\d[.-])(?<![$£€])"
CLOSE = rf"{EXTENSION}(?![^\W_]|[-/]\d)"
LOOSE = r"(?:[./-]\d(?!\d)| \d(?= \d{3})|[ ./-]{1,2}\d{2,8}){0,6}"
GROUPS = r"(?:[ ./-]{1,2}\d{2,8}){0,6}"
NORTH_AMERICA = r"(?:(?:\+|00)?1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}"
TRUNK_ZERO = r"0\d{1,4}(?:[ /-]\d{2,4}){2,4}|0\d(?:\.\d{2}){4}|0\d{2,4}[ /-]\d{5,8}"
AREA_IN_BRACKETS = (
    r"\(\d{3}\) ?(?:\d{9}|\d{3} \d{3} \d{3})|\(0\d{0,4}\)[ /-]{0,2}\d{2,8}(?:[ /-]\d{2,5}){0,3}|"
    r"\(\d{2,4}\)[ /-]{0,2}\d{3,4}[ -]\d{3,4}"
)


def _re(shape: str) -> re.Pattern[str]:
    return re.compile(rf"{OPEN}(?P<value>(?:{shape}){CLOSE})", re.IGNORECASE)


PLUS = r"(?:\(?\+|\b00(?=[1-9]\d?[ .-]))0?[1-9]\d{0,2}\)?"
COUNTRY_CODE = _re(rf"{PLUS}[ .-]?(?:\(0?\d{{0,4}}\)[ .-]?)?\d{{1,12}}{GROUPS}")
SHAPED = _re(f"{NORTH_AMERICA}|{TRUNK_ZERO}|{AREA_IN_BRACKETS}")
BARE = _re(r"0[1-9]\d{8,9}")
DIGITS = re.compile(
    rf"{OPEN}(?<!\d[,])(?P<value>(?:\(\d{{1,5}}\)|\d{{1,11}}){LOOSE}{EXTENSION})(?![^\W_]|[.,/-]\d)",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"\b(?:tele)?phones?\b|\btel\b|\bmobile\b|\bcell\b|\bfax\b|\b(?:desk|office|home)(?! is| was| at| in)\b|"
    r"\bcall(?:s|ed|ing|back)?\b|\bdial|\bring\b|\breach\b|\btext(?:ed|ing)?\b|\bwhats ?app|\bsms\b|\bcontact\b|"
    r"\banswering\b|\bmessages?\b|\b(?<!account )(?<!card )(?<!order )number(?: is| at| on|:| from| to)|\bmy number\b",
    re.IGNORECASE,
)
AFTER = re.compile(r"[\s,;:\\()-]{1,3}(?:office|fax|mobile|cell|home|work|desk|phone|tel)\b", re.IGNORECASE)
AGAINST = re.compile(
    r"\b(?:cards?|accounts?|acct|iban|ssn|licen[cs]e|passport|loan|ref(?:erence)?|invoice|case|zip|postcode|code|"
    r"pin|orders?|application|policy|amounts?|usd|eur|gbp|dollars?|box|apt|suite|street|road|avenue|ticket|parcel|"
    r"tracking|isbn|serial|version|report|expires|dated|transaction|transfer|payment|balance|limit|price|total)\b",
    re.IGNORECASE,
)
NEAR = 32  # signs before a number in which a word may explain it


def is_named(text: str, start: int, end: int) -> bool:
    """Whether the words beside some digits say that they are a telephone number."""
    if AFTER.match(text, end):
        return True
    called = _last(BEFORE, text, start)
    return called >= 0 and called > _last(AGAINST, text, start)


def nothing_against(text: str, start: int, _end: int) -> bool:
    """Whether no word before a number says that it is something else than a person's."""
    return _last(AGAINST, text, start) <= _last(BEFORE, text, start)


def _last(cues: re.Pattern[str], text: str, start: int) -> int:
    """Where the last of these words before a number ends; -1 without one."""
    return max((cue.end() for cue in cues.finditer(text, max(0, start - NEAR), start)), default=-1)
