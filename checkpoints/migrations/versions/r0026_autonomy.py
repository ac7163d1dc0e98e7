"""Revision 0026: runs ``0026_autonomy.sql``."""

from checkpoints.migrate import run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Forward only: a database that holds cases is restored, not downgraded."""
    run_sql("0026_autonomy.sql")
