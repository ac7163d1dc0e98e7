"""Revision 0025: runs ``0025_openings.sql``."""

from checkpoints.migrate import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0025_openings.sql")
