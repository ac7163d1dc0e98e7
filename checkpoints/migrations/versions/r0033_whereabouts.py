"""Revision 0033: runs ``0033_whereabouts.sql``."""

from checkpoints.migrate import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0033_whereabouts.sql")
