"""Revision 0041: runs ``0041_more_stamps.sql``."""

from checkpoints.migrate import run_sql

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0041_more_stamps.sql")
