"""Revision 0020: runs ``0020_referrals.sql``."""

from checkpoints.migrate import run_sql

revision = "0020"
down_revision = "0007"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0020_referrals.sql")
