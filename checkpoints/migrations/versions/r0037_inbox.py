"""Revision 0037: runs ``0037_inbox.sql``."""

from checkpoints.migrate import run_sql

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0037_inbox.sql")
