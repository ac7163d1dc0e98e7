"""Revision 0043: runs ``0043_incidents.sql``."""

from checkpoints.migrate import run_sql

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0043_incidents.sql")
