"""Revision 0023: runs ``0023_records_as_sent.sql``."""

from checkpoints.migrate import run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0023_records_as_sent.sql")
