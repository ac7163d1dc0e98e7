"""What the title report gives reason to flag.

Owns the flags of liens and of a clouded title. Never decides whether the title can be taken.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.contract import flag
from domain.finding import Flag, Severity
from domain.money import dollars
from tools.gateway import ToolAnswer


def title_flags(title: ToolAnswer) -> tuple[Flag, ...]:
    """Flags of the latest report; none while the title was not examined."""
    return tuple(_flags(title))


def _flags(title: ToolAnswer) -> Iterable[Flag]:
    result = title.result
    if result["defects"]:
        named = ", ".join(sorted(defect.replace("_", " ") for defect in result["defects"]))
        yield flag("title_clouded", f"the title report names defects: {named}", title, Severity.SERIOUS)
    open_liens = [lien for lien in result["liens"] if lien["settled"] == "open"]
    if open_liens:
        kinds = ", ".join(sorted({lien["lien"] for lien in open_liens}))
        detail = f"open liens of record ({kinds}) of {dollars(result['open_liens_cents'])}"
        yield flag("title_lien", detail, title, Severity.SERIOUS)
    if result["surviving_liens_cents"] > result["stated_liens_cents"]:
        of_record, stated = (
            dollars(result["surviving_liens_cents"]),
            dollars(result["stated_liens_cents"]),
        )
        detail = (
            f"liens of record after closing {of_record}, the application states {stated}; the larger counts"
        )
        yield flag("liens_contradicted", detail, title)
