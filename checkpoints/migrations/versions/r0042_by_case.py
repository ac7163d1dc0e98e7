"""Revision 0042: runs ``0042_by_case.sql``."""

from checkpoints.migrate import run_sql

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0042_by_case.sql")
