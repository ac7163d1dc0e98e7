"""What is said of a text: the rule that found an attempt to turn a model, or nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detection:
    """``rule`` is empty when nothing was found."""

    rule: str = ""
    says: str = ""

    @property
    def found(self) -> bool:
        """Whether something was found."""
        return bool(self.rule)


NOTHING = Detection()
