"""Revision 0029: runs ``0029_drift.sql``."""

from checkpoints.migrate import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0029_drift.sql")
