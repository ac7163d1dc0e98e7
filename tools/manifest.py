"""The manifest of each tool, read from what it declares; the tool gateway holds it to that. Rates nothing itself."""

from __future__ import annotations

from domain.rating import Manifest, Permission, Reads
from tools.contract import Tool

CONSENTED = frozenset({"bureau_file"})  # consumer reports: permissible purpose, 15 U.S.C. 1681b(a)


def manifest_of(tool: Tool) -> Manifest:
    """A tool changes nothing; it reads the case, and identity only where it says so."""
    reads: Reads = "identity" if tool.identity else "case"
    permission: Permission = "consent" if tool.records & CONSENTED else "mandate"
    return Manifest(tool.name, reads, "nothing", reversible=True, permission=permission, money=False)
