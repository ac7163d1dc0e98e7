"""References of parties: how everything outside the vault speaks of somebody without a name.

party:1     the first borrower of the application, and so on
entity:1    the company that applies
owner:h1    a holder of the ownership record, under the id that the record gives it
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

BORROWER, COMPANY, OWNER = "party:", "entity:1", "owner:"
HOLDER_ID = r"[a-z]{1,2}[1-9][0-9]{0,5}"  # too short for a name
REFERENCE = re.compile(rf"party:[1-9][0-9]*|entity:1|owner:{HOLDER_ID}")


def is_reference(text: str) -> bool:
    """Whether this can name a party; whether the case has it is another question."""
    return REFERENCE.fullmatch(text) is not None


def parties_of(application: Mapping[str, Any]) -> tuple[str, ...]:
    """References of the parties that an application itself names: ``party:1`` …, and its company."""
    borrowers = application.get("borrowers") or ()
    company = (COMPANY,) if application.get("company") else ()
    return (*(f"{BORROWER}{n}" for n, _ in enumerate(borrowers, 1)), *company)
