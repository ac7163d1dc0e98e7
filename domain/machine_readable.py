"""The check digit of machine-readable zones, for whoever reads or recognises one."""

from __future__ import annotations

WEIGHTS = (7, 3, 1)
FILLER = "<"


def zone_digit(text: str) -> str:
    """Check digit of a field: weights 7, 3, 1; letters 10 to 35; filler 0; modulo 10.

    Domain: characters A-Z, 0-9 and ``<``; others raise ``ValueError``.
    Source: ICAO 9303, part 3, section 4.9 (eighth edition, 2021).
    """
    values = (0 if character == FILLER else int(character, 36) for character in text)
    return str(sum(value * WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)
