"""Revision 0040: runs ``0040_retention.sql``."""

from checkpoints.migrate import run_sql

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0040_retention.sql")
