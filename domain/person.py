"""People as the bank's directory names them: who they are, what groups they are in, what they may sign."""

from __future__ import annotations

from dataclasses import dataclass, field

AUDITORS = "auditors"  # may read every case, decide none


@dataclass(frozen=True, slots=True)
class Person:
    """An authenticated caller.

    Args:
        id: stable subject of the directory.
        name: shown to other people.
        groups: directory groups, e.g. ``underwriters``.
        limits: most this person may approve, in cents, by product (``*`` = any other product).
        scopes: what the token allows, e.g. ``cases:write``.
        country: where they are, ISO 3166-1 alpha-2; empty when the token does not say.
    """

    id: str
    name: str = ""
    groups: frozenset[str] = frozenset()
    limits: dict[str, int] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    country: str = ""

    def limit_for(self, product: str) -> int:
        """Cents this person may approve for a product; 0 when nothing is granted."""
        return self.limits.get(product, self.limits.get("*", 0))


SYSTEM = Person("system", "Countersign")
