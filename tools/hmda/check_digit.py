"""The check digits of a universal loan identifier. Owns their calculation; never looks at anything else."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_97_10

from domain.errors import BadInput

LOAN_ID = re.compile(r"[A-Za-z0-9]{21,43}")
ULI = re.compile(r"[A-Za-z0-9]{21,43}[0-9]{2}")
NULI_LONGEST = 22  # characters; an identifier up to this long is non-universal and carries no check digits


def check_digits(loan_id: str) -> str:
    """The two digits that make ``loan_id`` a universal loan identifier.

    ISO/IEC 7064 MOD 97-10: letters become 10..35 whatever their case, two zeros are appended, and the check
    is 98 minus the remainder modulo 97, written with two digits. Nothing is rounded.

    Args:
        loan_id: legal entity identifier (20 characters) and the lender's number; 21 to 43 letters or digits.

    Raises:
        BadInput: another length or another character.

    Source: 12 CFR part 1003, appendix C.
    """
    if not LOAN_ID.fullmatch(loan_id):
        raise BadInput(
            "A loan identifier has 21 to 43 letters or digits and nothing else.",
            field="loan_id",
            remedy="Give the legal entity identifier followed by the loan number, without the check digits.",
        )
    return mod_97_10.calc_check_digits(loan_id)


def is_universal(identifier: str) -> bool:
    """Whether it has more than 22 characters and so is read as a universal loan identifier (edit V608)."""
    return len(identifier) > NULI_LONGEST


def is_valid_uli(uli: str) -> bool:
    """Whether it is 23 to 45 letters or digits ending in its own check digits (remainder 1 modulo 97).

    Source: 12 CFR part 1003, appendix C; edit V609.
    """
    return ULI.fullmatch(uli) is not None and mod_97_10.is_valid(uli)
