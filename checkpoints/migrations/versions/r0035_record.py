"""Revision 0035: runs ``0035_record.sql``."""

from checkpoints.migrate import run_sql

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0035_record.sql")
