"""Universal loan identifier: check digits made and verified.

Owns the identifier of HMDA (the mod 97-10 arithmetic is python-stdnum's). Never issues a
loan number and never checks that a legal entity identifier is registered.
"""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_97_10

from tools.lending import refuse_unless

_LOAN_ID = re.compile(r"[0-9A-Za-z]{21,43}")
_ULI = re.compile(r"[0-9A-Za-z]{23,45}")


def check_digits(loan_id: str) -> str:
    """The two check digits of a loan identifier (LEI plus the lender's own characters).

    Formula: letters become 10 to 35 whatever their case, ``00`` is appended, and the digits
    are 98 less the remainder by 97, with a leading zero.
    Domain: 21 to 43 ASCII letters and digits (20 of LEI, 1 to 23 of the lender).
    Source: 12 CFR 1003, appendix C (effective 2018-01-01), after ISO/IEC 7064.

    Raises:
        BadInput: when length or characters are wrong.
    """
    refuse_unless(
        _LOAN_ID.fullmatch(loan_id) is not None,
        "A loan identifier is 21 to 43 letters and digits.",
        field="loan_id",
        remedy="Send the 20 characters of the LEI followed by the lender's loan number, nothing else.",
    )
    return mod_97_10.calc_check_digits(loan_id)


def make_uli(loan_id: str) -> str:
    """The loan identifier followed by its check digits; raises ``BadInput`` as ``check_digits`` does."""
    return loan_id + check_digits(loan_id)


def is_valid_uli(uli: str) -> bool:
    """Whether the check digits fit: the converted identifier leaves 1 when divided by 97.

    Source: 12 CFR 1003, appendix C.

    Raises:
        BadInput: when it is not 23 to 45 ASCII letters and digits.
    """
    refuse_unless(
        _ULI.fullmatch(uli) is not None,
        "A universal loan identifier is 23 to 45 letters and digits.",
        field="uli",
        remedy="Send it without spaces or punctuation.",
    )
    return uli[-2:].isdigit() and mod_97_10.is_valid(uli)
