"""Marks of identity stand where intake finds them: on the field, never inside its type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from domain.application import Application
from domain.identity import Identity
from domain.records import SourceRecord

MODELS = [*get_args(get_args(SourceRecord)[0]), *get_args(get_args(Application)[0])]


def hidden(annotation: Any) -> Iterator[Any]:
    """Marks below the top of a field's type, where ``identity_fields`` does not look."""
    if get_origin(annotation) is Annotated:
        yield from (mark for mark in annotation.__metadata__ if isinstance(mark, Identity))
    for part in get_args(annotation):
        yield from hidden(part)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_mark_of_identity_is_hidden_inside_a_type(model: type[BaseModel]) -> None:
    assert [name for name, field in model.model_fields.items() if list(hidden(field.annotation))] == []
