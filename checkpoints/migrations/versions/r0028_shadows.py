"""Revision 0028: runs ``0028_shadows.sql``."""

from checkpoints.migrate import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0028_shadows.sql")
