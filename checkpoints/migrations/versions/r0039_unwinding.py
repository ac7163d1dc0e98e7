"""Revision 0039: runs ``0039_unwinding.sql``."""

from checkpoints.migrate import run_sql

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0039_unwinding.sql")
