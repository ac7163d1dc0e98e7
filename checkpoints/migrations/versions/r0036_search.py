"""Revision 0036: runs ``0036_search.sql``."""

from checkpoints.migrate import run_sql

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0036_search.sql")
