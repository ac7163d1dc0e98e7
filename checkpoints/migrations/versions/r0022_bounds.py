"""Revision 0022: runs ``0022_bounds.sql``."""

from checkpoints.migrate import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0022_bounds.sql")
