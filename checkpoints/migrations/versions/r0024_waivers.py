"""Revision 0024: runs ``0024_waivers.sql``."""

from checkpoints.migrate import run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0024_waivers.sql")
