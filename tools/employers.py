"""Which employer a record names, for comparison inside tools only: the name never leaves one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.identity import IdentityKind, normalise
from tools.contract import ToolContext


async def employer_of(row: Mapping[str, Any], context: ToolContext) -> str:
    """The normalised name, or nothing where the record names none."""
    token = row.get("employer")
    return normalise(IdentityKind.EMPLOYER, await context.reveal(token)) if token else ""


async def same_employer(one: Mapping[str, Any], other: Mapping[str, Any], context: ToolContext) -> bool:
    """By normalised name; a record that names none is taken to be of the same."""
    names = {await employer_of(one, context), await employer_of(other, context)}
    return len(names - {""}) < 2
