"""Where the database is: the configured one, or the embedded one, which is started when needed."""

from __future__ import annotations

from api.settings import Settings
from checkpoints import embedded


def database_url(settings: Settings) -> str:
    """The configured database, or the embedded one (started, and left running for other processes)."""
    return settings.database_url or embedded.start(embedded.default_folder(settings.home), keep_running=True)
