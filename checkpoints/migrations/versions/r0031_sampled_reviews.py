"""Revision 0031: runs ``0031_sampled_reviews.sql``."""

from checkpoints.migrate import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0031_sampled_reviews.sql")
