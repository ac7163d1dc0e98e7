"""Which revision of the database this code needs. Reads file names only: Alembic runs them (``migrate``)."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"


def newest() -> str:
    """The revision that this code needs: the highest number among ``versions/r<number>_<name>.py``."""
    return max(file.stem[1:].partition("_")[0] for file in (FOLDER / "versions").glob("r*.py"))
