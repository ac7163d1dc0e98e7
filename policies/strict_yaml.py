"""YAML in which a name stands once: a book that says something twice contradicts itself, whichever was meant.

Owns the refusal; reads nothing else otherwise than ``yaml.safe_load``. What a merge (``<<``) brings may be overridden.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

MERGE = "tag:yaml.org,2002:merge"


class _Strict(yaml.CSafeLoader):
    """The safe loader, for which a name that stands twice in one mapping is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """As the safe loader does, after looking at the names as they are written."""
        if isinstance(node, yaml.MappingNode):
            _require_once(node)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def _require_once(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag == MERGE or not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key.value!r} stands there twice", key.start_mark
            )
        seen.add(key.value)


def load(text: str) -> Any:
    """The content of a text; ``yaml.YAMLError`` names line and column of what cannot be read or stands twice."""
    reader = _Strict(text)
    try:
        return reader.get_single_data()
    finally:
        reader.dispose()
