"""Options that several processes take; what is given on the line wins over the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import Settings

Home = Annotated[Path | None, typer.Option(help="folder of keys and the embedded database")]
BankUrl = Annotated[str | None, typer.Option(help="address of the core banking system")]
Port = Annotated[int | None, typer.Option(help="port on 127.0.0.1", min=1, max=65535)]


def settings_with(**given: Any) -> Settings:
    """The settings of the environment, with those that were given."""
    return Settings(**{name: value for name, value in given.items() if value is not None})
