"""Revision 0027: runs ``0027_policy_changes.sql``."""

from checkpoints.migrate import run_sql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0027_policy_changes.sql")
