"""The list is read whole or refused with file, row and field."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from domain.errors import BadInput
from tools.screening.ofac_list import ANY_DAY, Entry, ListedKind, Period, SanctionsList

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DEMO = Path(__file__).resolve().parents[2] / "tools" / "screening" / "demo_list"
EMPTY = ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "list"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
def test_treasury_list_has_every_row_of_its_three_files() -> None:
    facts = json.loads((SHARED / "facts" / "ofac.json").read_text())
    sanctions = SanctionsList.load(SHARED / "data" / "kyc" / "ofac")
    assert len(sanctions.entries) == facts["sdn_rows"]
    assert sum(not alias.weak for alias in sanctions.aliases) == facts["alt_rows"]
    assert len(sanctions.addresses) == facts["add_rows"]


def test_every_demo_entry_is_marked_as_demo() -> None:
    assert {entry.title for entry in SanctionsList.load(DEMO).entries} == {"DEMO"}


def test_version_changes_exactly_when_contents_change(folder: Path) -> None:
    before = SanctionsList.load(folder).version
    assert before == SanctionsList.load(DEMO).version
    with (folder / "add.csv").open("a", encoding="utf-8") as file:
        file.write('9900003,9920004,"3 Demo Plaza","Panama City","Panama",-0- \n')
    assert SanctionsList.load(folder).version != before


def test_end_of_file_byte_closes_a_file(folder: Path) -> None:
    with (folder / "alt.csv").open("ab") as file:
        file.write(b"\x1a")
    assert len(SanctionsList.load(folder).aliases) == len(SanctionsList.load(DEMO).aliases)


def test_countries_come_from_remarks_and_addresses() -> None:
    countries = SanctionsList.load(DEMO).countries
    assert (countries["9900002"], countries["9900003"]) == (frozenset({"cy"}), frozenset({"pa"}))


@pytest.mark.parametrize(
    ("file", "line", "field"),
    [
        ("sdn.csv", f'x,"DEMO A",-0- ,"DEMO"{EMPTY}', "ent_num"),
        ("sdn.csv", f'9900001,"DEMO A",-0- ,"DEMO"{EMPTY}', "ent_num"),
        ("sdn.csv", f'7,-0- ,-0- ,"DEMO"{EMPTY}', "sdn_name"),
        ("sdn.csv", f'7,"DEMO A","ghost","DEMO"{EMPTY}', "sdn_type"),
        ("alt.csv", '7,1,"aka","DEMO A",-0- ', "ent_num"),
        ("add.csv", '9900001,1,"street"', "city"),
    ],
)
def test_unreadable_row_is_refused_with_file_row_and_field(
    folder: Path, file: str, line: str, field: str
) -> None:
    rows = (folder / file).read_text(encoding="utf-8").splitlines()
    (folder / file).write_text("\n".join([*rows, line]), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        SanctionsList.load(folder)
    named = refused.value.attributes
    assert (named["file"], named["row"], named["field"]) == (file, len(rows) + 1, field)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b'1,"open'])
def test_empty_or_broken_list_is_refused_rather_than_clearing_everybody(folder: Path, body: bytes) -> None:
    (folder / "sdn.csv").write_bytes(body)
    with pytest.raises(BadInput, match=r"sdn\.csv"):
        SanctionsList.load(folder)


def test_missing_file_is_refused(folder: Path) -> None:
    (folder / "alt.csv").unlink()
    with pytest.raises(BadInput, match=r"alt\.csv"):
        SanctionsList.load(folder)


@pytest.mark.parametrize(
    ("remark", "period"),
    [
        ("DOB 14 Feb 1961", Period(date(1961, 2, 14), date(1961, 2, 14))),
        ("DOB Feb 1961.", Period(date(1961, 2, 1), date(1961, 2, 28))),
        ("DOB 1961", Period(date(1961, 1, 1), date(1961, 12, 31))),
        ("DOB circa 1961", Period(date(1959, 1, 1), date(1963, 12, 31))),
        ("DOB 1961 to 1963", Period(date(1961, 1, 1), date(1963, 12, 31))),
        ("DOB unknown", ANY_DAY),
        ("DOB 31 Feb 1961", ANY_DAY),
        ("DOB 00 Feb 1961", ANY_DAY),
        ("DOB circa 0001", ANY_DAY),
        ("DOB 0000", ANY_DAY),
        ("DOB Dec 9999", ANY_DAY),
    ],
)
def test_date_of_birth_in_remarks_covers_its_whole_period(remark: str, period: Period) -> None:
    entry = Entry("1", "DEMO", ListedKind.INDIVIDUAL, ("DEMO",), "", remark)
    assert entry.births == (period,)
