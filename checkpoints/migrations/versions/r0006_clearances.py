"""Revision 0006: runs ``0006_clearances.sql``."""

from checkpoints.migrate import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0006_clearances.sql")
