"""Revision 0005: runs ``0005_conditions.sql``."""

from checkpoints.migrate import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0005_conditions.sql")
