"""Whether a number is what its form claims: check digits and ranges. Never looks for a number in a text."""

from __future__ import annotations

import re

from stdnum import iban, luhn
from stdnum.iso7064 import mod_97_10
from stdnum.us import itin, rtn, ssn

from domain.machine_readable import zone_digit

LONGEST_CARD = 19
SHORTEST_CARD = 12
ISSUERS = re.compile(r"1800|2131|2[2-7]|3[0-9]|4|5|6|81")
TWELVE_DIGITS = re.compile(
    r"0604|5018|5020|5038|5[678]|6304|6390|675|676"
)  # Maestro, the only issuer of such
PRINTED_IBAN = re.compile(r"\w{15,34}|\w{4}(?:[ .-]\w{4}){2,7}(?:[ .-]\w{1,3})?")
LEAST_IBAN_DIGITS = 8  # where only the check digits hold, not the country's structure
ZONES = {2: (44, 36), 3: (30,), 1: (44, 36)}  # lines -> their width; one: the second of two
PHONE_DIGITS = range(7, 16)  # E.164: fifteen at most
LEAST_REFERENCE_DIGITS = 4
DATE = re.compile(r"\d{1,2}[ ./-]\d{1,2}[ ./-](?:19|20)?\d{2}|(?:19|20)\d{2}[ ./-]\d{1,2}[ ./-]\d{1,2}")
YEARS = re.compile(r"(?:19|20)\d{2}(?:[ -](?:19|20)\d{2})+")


def is_written_tax_number(text: str) -> bool:
    """Any with hyphens, since who writes it so means it so; else one that was or could be issued."""
    return "-" in text or is_issued_tax_number(text)


def is_issued_tax_number(text: str) -> bool:
    """Ranges of the Social Security Administration, or of the IRS for an ITIN."""
    bare = re.sub(r"\D", "", text)
    return bool(ssn.is_valid(bare) or itin.is_valid(bare))


def is_iban(text: str) -> bool:
    """Modulo 97 with the country's structure; without it, as banks' own systems write them, enough digits."""
    bare = re.sub(r"[^A-Za-z0-9]", "", text).upper()
    if iban.is_valid(bare, check_country=False):
        return True
    if not PRINTED_IBAN.fullmatch(text) or sum(sign.isdigit() for sign in bare[4:]) < LEAST_IBAN_DIGITS:
        return False
    return bool(mod_97_10.is_valid(bare[4:] + bare[:4]))


def is_card(text: str) -> bool:
    """12 to 19 digits that pass Luhn's check (ISO/IEC 7812-1) and begin as issuers' numbers do."""
    bare = re.sub(r"\D", "", text)
    begins = TWELVE_DIGITS if len(bare) == SHORTEST_CARD else ISSUERS
    return bool(begins.match(bare)) and is_named_card(bare)


def is_named_card(text: str) -> bool:
    """The same where the text says that it is a card: of any issuer."""
    bare = re.sub(r"\D", "", text)
    return SHORTEST_CARD <= len(bare) <= LONGEST_CARD and len(set(bare)) > 1 and bool(luhn.is_valid(bare))


def is_routing_number(text: str) -> bool:
    """Nine digits with the ABA's check digit."""
    return bool(rtn.is_valid(re.sub(r"\D", "", text)))


def is_reference(text: str) -> bool:
    """A number that a word beside it names: digits enough, and neither a date nor years."""
    if DATE.fullmatch(text) or YEARS.fullmatch(text):
        return False
    return sum(sign.isdigit() for sign in text) >= LEAST_REFERENCE_DIGITS


def is_phone(text: str) -> bool:
    """As many digits as a telephone number may have, its extension aside; neither a date nor years."""
    spoken = re.split(r"[xe#]", text, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    bare = re.sub(r"\D", "", spoken)
    if DATE.fullmatch(spoken) or YEARS.fullmatch(spoken):
        return False
    return len(bare) in PHONE_DIGITS and len(set(bare)) > 1


def is_zone(text: str) -> bool:
    """Lines of a machine-readable zone whose document number, birth and expiry fit their check digits.

    One of the three may be misread where the whole zone is there; a second line alone needs all.
    """
    lines = text.split()
    if len({len(line) for line in lines}) != 1 or len(lines[0]) not in ZONES.get(len(lines), ()):
        return False
    if len(lines) == 3:
        fields = ((lines[0][5:14], lines[0][14]), (lines[1][:6], lines[1][6]), (lines[1][8:14], lines[1][14]))
    else:
        last = lines[-1]
        fields = ((last[:9], last[9]), (last[13:19], last[19]), (last[21:27], last[27]))
    return sum(zone_digit(field) == digit for field, digit in fields) >= (3 if len(lines) == 1 else 2)
