"""Amounts as source records carry them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Cents = Annotated[int, Field(ge=0, le=10**13)]
