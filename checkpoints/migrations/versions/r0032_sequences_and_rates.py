"""Revision 0032: runs ``0032_sequences_and_rates.sql``."""

from checkpoints.migrate import run_sql

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0032_sequences_and_rates.sql")
