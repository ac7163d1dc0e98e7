"""A text as it may be read: as it stands, folded, with what is hidden in it brought to light. Judges nothing.

Hidden is what a person does not see and a model does: comments of HTML, XML and Markdown, attributes, tag characters;
and what both may decipher: base64, hexadecimal, percent signs, rot13, text backwards, letters set apart, digits and
letters of other scripts in place of Latin ones.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from urllib.parse import unquote_plus

from guardrails.folding import folded_sign
from guardrails.injection.decoding import decoded

HIDDEN = "<hidden> "  # begins a reading of what a reader does not see: rules are stricter there
LONGEST = 40_000  # signs of a text that are read whole; of what follows only the comments are
COMMENT = re.compile(
    r"<!--(.*?)-->|<!\[CDATA\[(.*?)\]\]>|^\[[^\]\n]{0,20}\]:\s*(?:#|<>)\s*[(\"'](.*?)[)\"']\s*$", re.S | re.M
)
MARKUP = re.compile(r"<[^<>]{0,400}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
TAG = re.compile(r"<[^<>]{0,400}>")
UNSHOWN = re.compile(
    r"<(\w+)[^<>]{0,200}(?:display\s*:\s*none|font-size\s*:\s*0|visibility\s*:\s*hidden|color\s*:\s*(?:white|#fff))"
    r"[^<>]{0,200}>(.{1,2000}?)</\1>",
    re.S | re.I,
)
ATTRIBUTE = re.compile(r"(?:alt|title|content|value|aria-label)\s*=\s*[\"']([^\"'<>]{8,400})", re.IGNORECASE)
BROKEN = re.compile(r"(?<=[a-zA-Z])-\n\s*(?=[a-z])")  # a word that a hyphen breaks at the end of a line
LINES = re.compile(r"[ \t\r]*\n\s*")
SET_APART = re.compile(r"\b[A-Za-z]([ .\-_*|])[A-Za-z](?:\1[A-Za-z])+(?![A-Za-z])")
MIXED = re.compile(r"(?<![\w@$])(?:[a-z]++[0134578@$]|[0134578@$]++[a-z])[\w@$]*", re.IGNORECASE)
FOR_LETTERS = str.maketrans("0134578@$", "oieastbas")
UNPRINTED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
TAGGED = re.compile("[\U000e0020-\U000e007e]")  # invisible copies of ASCII
ACCENTS = re.compile("[\u0300-\u036f]")
ALIKE = str.maketrans(  # letters of other scripts and small capitals that look like Latin ones
    "аеорсхуіјѕԁһԛԝкмтвнгαοερτυνικɑɡıᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "aeopcxyijsdhqwkmtbhraoeptuvikagiabcdefghijklmnoprstuvwyz",
)
OTHER = re.compile("[^ -~\n\t\r]+")  # signs that are folded
FOREIGN = re.compile(r"[^\x00-\x7f]+")
TURNED = (
    "vtaber", "qvfertneq", "sbetrg", "bireevqr", "cebzcg", "vafgehpgvba", "vafgehpgvbaf", "flfgrz", "ehyrf", "nccebir",
)  # fmt: skip
BACKWARDS = (
    "erongi",
    "drageresid",
    "tegrof",
    "edirrevo",
    "tpmorp",
    "snoitcurtsni",
    "metsys",
    "selur",
    "evorppa",
)
WORD = re.compile(r"\w+")


def readings(text: str) -> Iterator[str]:
    """The readings of a text, in small letters with single blanks; the plain one first."""
    whole, text = text, text[:LONGEST]
    plain = _folded(text)
    for reading in chain((plain,), _hidden(text, plain), _comments(whole[LONGEST:])):
        yield " ".join(reading.split()).lower()


def _folded(text: str) -> str:
    if text.isascii():
        return text.translate(UNPRINTED)
    return OTHER.sub(lambda found: "".join(map(folded_sign, found[0])), text)


def _hidden(text: str, plain: str) -> Iterator[str]:
    if tagged := TAGGED.findall(text):
        yield HIDDEN + "".join(chr(ord(sign) - 0xE0000) for sign in tagged)
    if "\n" in plain:
        yield LINES.sub(". ", plain)  # a line begins like a sentence
    yield from _comments(plain)
    if MARKUP.search(plain):
        if "=" in plain:
            yield from (HIDDEN + found[1] for found in ATTRIBUTE.finditer(plain))
        yield from (HIDDEN + found[2] for found in UNSHOWN.finditer(plain))
        yield html.unescape(TAG.sub(" ", plain))
    yield from (HIDDEN + said for said in decoded(plain))
    if "%" in plain or "+" in plain:
        yield from (unquote_plus(word) for word in plain.split() if "%" in word or "+" in word)
    yield from _respelt(plain)


def _comments(text: str) -> Iterator[str]:
    if "<!" not in text and "]:" not in text:
        return
    for found in COMMENT.finditer(text):
        yield HIDDEN + next((each for each in found.groups() if each), "")


def _respelt(plain: str) -> Iterator[str]:
    """The whole text with words put together, letters in place of digits, or Latin ones for their look-alikes."""
    if "-\n" in plain and BROKEN.search(plain):
        yield BROKEN.sub("", plain)
    if SET_APART.search(plain):
        yield SET_APART.sub(lambda found: re.sub(r"[ .\-_*|]", "", found[0]), plain)
    respelt, times = MIXED.subn(lambda found: found[0].lower().translate(FOR_LETTERS), plain)
    if times:
        yield respelt
    small = plain.lower()
    if not plain.isascii():
        yield FOREIGN.sub(lambda found: _latin(found[0]), small)
    if _holds(small, TURNED):
        yield codecs.encode(small, "rot13")
    if _holds(small, BACKWARDS):
        yield small[::-1]


def _latin(signs: str) -> str:
    return ACCENTS.sub("", unicodedata.normalize("NFD", signs)).translate(ALIKE)


def _holds(small: str, known: Sequence[str]) -> bool:
    """Whether one of these stands there as a word; most texts do not even hold the letters."""
    return any(each in small for each in known) and not set(known).isdisjoint(WORD.findall(small))
