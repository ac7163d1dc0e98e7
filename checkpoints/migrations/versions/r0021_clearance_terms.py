"""Revision 0021: runs ``0021_clearance_terms.sql``."""

from checkpoints.migrate import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0021_clearance_terms.sql")
