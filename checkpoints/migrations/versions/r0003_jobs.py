"""Revision 0003: procrastinate's own schema, as the installed version ships it."""

from procrastinate.schema import SchemaManager

from checkpoints.migrate import run_text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward only."""
    run_text(SchemaManager.get_schema())
