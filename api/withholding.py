"""Free text that comes in keeps no identity that its case is known to hold. Finds only values it is given."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from domain.identity import IdentityKind, identity_fields, prose_fields

IN_PROSE = 3  # identity shorter than this is not looked for in free text
LONGEST_IN_PROSE = 500  # a longer value is a whole document: it stands in no sentence
IN_RECORDS = 4  # the same for words of a name in a record: names of companies have short common words
Values = list[tuple[IdentityKind, str]]


def without_identity(plain: dict[str, Any], application: BaseModel) -> dict[str, Any]:
    """Free text keeps no identity of this application: each value in it becomes its token's place."""
    letter = plain.get("letter_of_explanation")
    if not isinstance(letter, str):
        return plain
    for borrower in getattr(application, "borrowers", ()):
        for value in (borrower.name, *borrower.name.split(), borrower.tax_number, str(borrower.birth_date)):
            if len(value) >= IN_PROSE:
                letter = _loosely(value).sub("[withheld]", letter)
    return plain | {"letter_of_explanation": letter}


def identity_of(model: BaseModel) -> Values:
    """Every identity value of a model with its kind."""
    return [(kind, value) for _, kind, value in identity_fields(model)]


def without_names(body: dict[str, Any], record: BaseModel, known: Values) -> dict[str, Any]:
    """Free text of a record keeps no identity of the case."""
    for field in prose_fields(record):
        text = str(body.get(field) or "")
        for kind, value in known:
            words = [part for part in value.split() if len(part) >= IN_RECORDS]
            for each in (value, *(words if kind is IdentityKind.NAME else ())):
                text = (
                    _loosely(each).sub("[withheld]", text)
                    if IN_PROSE <= len(each) <= LONGEST_IN_PROSE
                    else text
                )
        body |= {field: text or None}
    return body


def _loosely(value: str) -> re.Pattern[str]:
    """The value in any case, with any or no separators between its parts."""
    parts = [re.escape(part) for part in re.split(r"[\W_]+", value) if part]
    return re.compile(rf"\b{'[^a-z0-9]{0,3}'.join(parts)}\b", re.IGNORECASE)
