"""Revision 0038: runs ``0038_inbox.sql``."""

from checkpoints.migrate import run_sql

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0038_inbox.sql")
