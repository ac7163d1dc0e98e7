"""Revision 0002: runs ``0002_langgraph.sql``."""

from checkpoints.migrate import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0002_langgraph.sql")
