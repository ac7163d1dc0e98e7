"""Revision 0004: runs ``0004_clearances.sql``."""

from checkpoints.migrate import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0004_clearances.sql")
