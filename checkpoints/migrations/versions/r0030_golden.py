"""Revision 0030: runs ``0030_golden.sql``."""

from checkpoints.migrate import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0030_golden.sql")
