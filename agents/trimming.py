"""Keeps a conversation below the book's limit: old tool results give way to pointers at their journal entry.

Done by langchain's context editing, over what is sent only: the conversation itself keeps every word. The
same conversation is always trimmed the same way, so the journal's digest is stable. Never touches the system
prompt, what a model said, or the newest results.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain.agents.middleware import ClearToolUsesEdit, ContextEditingMiddleware
from langchain_core.messages import AnyMessage, BaseMessage, SystemMessage, ToolMessage
from langchain_core.messages.utils import count_tokens_approximately

from domain.assignment import Mandate

POINTER = "[left out to save room: the result is on record as {entry}; call {tool} again if you need it]"


@dataclass(frozen=True, slots=True)
class PointToRecord:
    """langchain's edit, with a pointer instead of its placeholder."""

    edit: ClearToolUsesEdit

    def apply(
        self, messages: list[AnyMessage], *, count_tokens: Callable[[Sequence[BaseMessage]], int]
    ) -> None:
        """Replace, in place, old results once the limit is near."""
        before = list(messages)
        self.edit.apply(messages, count_tokens=count_tokens)
        for place, (old, new) in enumerate(zip(before, messages, strict=True)):
            if new is not old and isinstance(old, ToolMessage):
                pointer = POINTER.format(entry=old.artifact or "a refusal", tool=old.name)
                messages[place] = new.model_copy(update={"content": pointer})


def trimming(mandate: Mandate, system_prompt: str) -> ContextEditingMiddleware[None, None]:
    """The middleware for one session."""
    system = SystemMessage(system_prompt)
    edit = ClearToolUsesEdit(trigger=mandate.max_prompt_tokens, keep=mandate.keep_tool_results)
    return ContextEditingMiddleware(
        edits=[PointToRecord(edit)],
        token_counter=lambda messages: count_tokens_approximately([system, *messages]),
    )


def trimmed(messages: Sequence[BaseMessage]) -> int:
    """How many results were replaced in what is sent."""
    return sum("context_editing" in each.response_metadata for each in messages)
