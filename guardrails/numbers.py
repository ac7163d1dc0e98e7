"""Whether a number is what its form claims: check digits and ranges. Never looks for a number in a text."""

from __future__ import annotations

import re

from stdnum import iban, luhn
from stdnum.us import itin, rtn, ssn

from domain.machine_readable import zone_digit

SHORTEST_CARD, LONGEST_CARD = 13, 19
SHORTEST_NAMED_CARD = 12  # where the text calls it a card
ISSUERS = re.compile(r"1800|2131|2[2-7]|3[0-9]|4|5|6|81")
ZONES = {2: (44, 36), 3: (30,)}  # lines -> their width
PHONE_DIGITS = range(7, 16)  # E.164: fifteen at most


def is_tax_number(text: str) -> bool:
    """One that was or could be issued, or any in the full written form: who writes it so means it so."""
    bare = re.sub(r"\D", "", text)
    return bare != text or ssn.is_valid(bare) or itin.is_valid(bare)


def is_iban(text: str) -> bool:
    """Country, structure and modulo 97 (ISO 13616)."""
    return iban.is_valid(re.sub(r"[^A-Za-z0-9]", "", text), check_country=False)


def is_card(text: str) -> bool:
    """13 to 19 digits that pass Luhn's check (ISO/IEC 7812-1) and begin as issuers' numbers do."""
    bare = re.sub(r"\D", "", text)
    return SHORTEST_CARD <= len(bare) <= LONGEST_CARD and bool(ISSUERS.match(bare)) and luhn.is_valid(bare)


def is_named_card(text: str) -> bool:
    """The same where the text says that it is a card: from twelve digits, of any issuer."""
    bare = re.sub(r"\D", "", text)
    return SHORTEST_NAMED_CARD <= len(bare) <= LONGEST_CARD and luhn.is_valid(bare)


def is_routing_number(text: str) -> bool:
    """Nine digits with the ABA's check digit."""
    return bool(rtn.is_valid(re.sub(r"\D", "", text)))


def is_phone(text: str) -> bool:
    """As many digits as a telephone number may have, its extension aside."""
    bare = re.sub(r"\D", "", re.split(r"[xe#]", text, maxsplit=1, flags=re.IGNORECASE)[0])
    return len(bare) in PHONE_DIGITS and len(set(bare)) > 1


def is_zone(text: str) -> bool:
    """Lines of a machine-readable zone whose document number, birth and expiry fit their check digits."""
    lines = text.split()
    if len({len(line) for line in lines}) != 1 or len(lines[0]) not in ZONES.get(len(lines), ()):
        return False
    if len(lines) == 3:
        fields = ((lines[0][5:14], lines[0][14]), (lines[1][:6], lines[1][6]), (lines[1][8:14], lines[1][14]))
    else:
        last = lines[1]
        fields = ((last[:9], last[9]), (last[13:19], last[19]), (last[21:27], last[27]))
    return sum(zone_digit(field) == digit for field, digit in fields) >= 2  # one may be misread
