"""Revision 0001: runs ``0001_house.sql``."""

from checkpoints.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0001_house.sql")
