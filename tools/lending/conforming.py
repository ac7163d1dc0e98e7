"""The conforming loan limit of a county, from a list, or from a baseline where there is no list.

Owns the reading of the agency's county file and what its absence leaves open. Ships no list: a bank
configures the year's file, and without one only what the baseline settles is settled.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from domain.errors import BadInput, Misconfigured
from tools.lending import positive
from tools.places import STATE_FIPS

UNIT_COLUMNS = ("limit-1-unit", "limit-2-units", "limit-3-units", "limit-4-units")
COLUMNS = ("program", "limit-type", *UNIT_COLUMNS, "state", "county-fips", "limit-transaction-date")
NO_CEILING = ("02", "15", "66", "78")  # Alaska, Hawaii, Guam, Virgin Islands: limits above the ceiling


class LimitStatus(StrEnum):
    """How a loan stands to the conforming limit."""

    CONFORMING = "conforming"  # at or below the limit
    ABOVE_LIMIT = "above_limit"  # above it
    UNDETERMINED = "undetermined"  # the county's own limit is needed and not known


@dataclass(frozen=True, slots=True)
class Baseline:
    """The nationwide limits of one year for homes of ``units`` units, cents; ``ceiling_cents`` in dear areas."""

    units: int
    baseline_cents: int
    ceiling_cents: int


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """The answer: the limit that counts (none when undetermined), and which source gave it."""

    status: LimitStatus
    limit_cents: int | None
    source: str  # ``county_list`` or ``book_baseline``
    list_version: str = ""  # of the county list, where that gave it


@dataclass(frozen=True, slots=True)
class CountyLimits:
    """One year's limits by county FIPS code, cents for one to four units."""

    year: int
    limits: Mapping[str, tuple[int, ...]]
    version: str  # SHA-256 of the file's text

    @classmethod
    def load(cls, file: Path) -> CountyLimits:
        """Read the agency's CSV layout (dollars, zero-padded); the baseline row says for which year.

        Raises:
            Misconfigured: there is no such file.
            BadInput: it cannot be read; names file, row, field and remedy.
        """
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(f"the conforming-limit list {file} cannot be read: {error}") from error
        year, limits = _read(csv.DictReader(io.StringIO(text)), file.name)
        return cls(year, limits, hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Where the limit is asked for: county FIPS code, dwelling units (1 to 4), year whose limits count."""

    area: str
    units: int
    year: int


def check_limit(
    amount_cents: int, home: Dwelling, baseline: Baseline | None, counties: CountyLimits | None
) -> LimitCheck:
    """Whether a first lien is within the conforming limit of its county.

    Formula: with a list of that year which has the county, the amount is compared with the county's limit.
    Without one, an amount up to the baseline conforms everywhere and one above the ceiling conforms nowhere
    (but in Alaska, Hawaii, Guam and the Virgin Islands, which have a higher one); between them the county
    decides and the answer is undetermined. Units: cents; nothing is rounded. Source: 12 U.S.C. 1454(a)(2).

    Args:
        amount_cents: note amount.
        home: county, units and year.
        baseline: the book's row for these units, if it has one.
        counties: the list, if one is configured.

    Raises:
        BadInput: when the amount is not above zero.
    """
    positive(amount_cents, "amount_cents")
    if counties is not None and counties.year == home.year and home.area in counties.limits:
        found = _against(amount_cents, counties.limits[home.area][home.units - 1], "county_list")
        return replace(found, list_version=counties.version)
    if baseline is not None and amount_cents <= baseline.baseline_cents:
        return _against(amount_cents, baseline.baseline_cents, "book_baseline")
    bounded = baseline is not None and home.area[:2] not in NO_CEILING
    if baseline is not None and bounded and amount_cents > baseline.ceiling_cents:
        return _against(amount_cents, baseline.ceiling_cents, "book_baseline")
    return LimitCheck(LimitStatus.UNDETERMINED, None, "book_baseline")


def _read(reader: csv.DictReader[str], file: str) -> tuple[int, dict[str, tuple[int, ...]]]:
    lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if lacking:
        raise _bad(file, 1, lacking[0], "this column is missing")
    limits: dict[str, tuple[int, ...]] = {}
    year: int | None = None
    for number, row in enumerate(reader, 2):
        if row["program"] != "GSE":
            continue
        amounts = tuple(_cents(row[name] or "", (file, number, name)) for name in UNIT_COLUMNS)
        if row["county-fips"]:
            limits[_county(row, (file, number, "county-fips"))] = amounts
        else:
            year = _year(row, (file, number, "limit-transaction-date"))
    if year is None or not limits:
        raise _bad(file, 1, "limit-transaction-date", "no baseline row and county say which year this is")
    return year, limits


def _against(amount: int, limit: int, source: str) -> LimitCheck:
    status = LimitStatus.CONFORMING if amount <= limit else LimitStatus.ABOVE_LIMIT
    return LimitCheck(status, limit, source)


def _cents(text: str, place: tuple[str, int, str]) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise _bad(*place, f"{text!r} is no amount in whole dollars")
    return int(text) * 100


def _county(row: Mapping[str, str], place: tuple[str, int, str]) -> str:
    state = STATE_FIPS.get(row["state"])
    if state is None or not row["county-fips"].isdigit() or len(row["county-fips"]) != 3:
        raise _bad(*place, f"{row['state']} {row['county-fips']} is no county")
    return state + row["county-fips"]


def _year(row: Mapping[str, str], place: tuple[str, int, str]) -> int:
    written = row["limit-transaction-date"] or ""
    if not written.isdigit() or len(written) != 8:
        raise _bad(*place, f"{written!r} is no date YYYYMMDD")
    return int(written[:4])


def _bad(file: str, row: int, field: str, message: str) -> BadInput:
    return BadInput(
        message, file=file, row=row, field=field, remedy="use the agency's county file of the year"
    )
