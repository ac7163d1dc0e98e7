"""Revision 0007: runs ``0007_clearances.sql``."""

from checkpoints.migrate import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0007_clearances.sql")
