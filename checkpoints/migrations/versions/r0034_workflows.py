"""Revision 0034: runs ``0034_workflows.sql``."""

from checkpoints.migrate import run_sql

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0034_workflows.sql")
