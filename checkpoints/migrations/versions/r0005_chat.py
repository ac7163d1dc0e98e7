"""Revision 0005: runs ``0005_chat.sql``."""

from checkpoints.migrate import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Forward only."""
    run_sql("0005_chat.sql")
