"""What is wrong with a request that does not fit its schema: where, what and the remedy, never the value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError

from domain.errors import BadInput

SAYS_ENOUGH = {  # pydantic's messages that quote the schema and never the value
    *("missing", "extra_forbidden", "literal_error", "enum", "finite_number"),
    *("string_too_short", "string_too_long", "too_short", "too_long", "string_pattern_mismatch"),
    *("greater_than", "greater_than_equal", "less_than", "less_than_equal", "int_parsing", "int_type"),
    *("string_type", "bool_type", "dict_type", "list_type", "tuple_type", "date_type"),
    *("model_type", "model_attributes_type", "impossible"),  # the last: our own, said in full
}
REMEDIES = {
    "missing": "add it",
    "union_tag_not_found": "say of what kind it is",
    "extra_forbidden": "leave it out: unknown fields are refused",
    "json_invalid": "send one complete JSON object as application/json",
    "model_attributes_type": "send a JSON object as application/json",
}
HEADER_REMEDIES = {
    "idempotency-key": "send the header Idempotency-Key: 1 to 200 characters of your own without spaces, "
    "new for each piece of work and the same when you repeat it"
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Args:
        place: body, header, path or query.
        field: dotted; empty for the whole.
        message: what is wrong with it.
        remedy: what to do about it.
        readable: false when it could not even be understood as this request (400 instead of 422).
    """

    place: str
    field: str
    message: str
    remedy: str
    readable: bool

    @classmethod
    def of(cls, error: Mapping[str, Any]) -> Fault:
        """From one of pydantic's."""
        kind, (place, *path) = str(error["type"]), [str(part) for part in error["loc"]]
        malformed = kind == "json_invalid"
        field = "" if malformed else _readable(".".join(path))
        remedy = REMEDIES.get(kind, BadInput.usual_remedy)
        if place == "header":
            remedy = HEADER_REMEDIES.get(field.lower(), remedy)
        return cls(place, field, _message(kind, error), remedy, place == "body" and not malformed)

    def shown(self) -> dict[str, str]:
        """Members of a problem."""
        members = {"in": self.place, "field": self.field, "message": self.message, "remedy": self.remedy}
        return {name: value for name, value in members.items() if value}


def invalid_body(faults: Sequence[Any], *where: str) -> RequestValidationError:
    """Pydantic's faults of a body that FastAPI did not read itself, below the field ``where``."""
    return RequestValidationError([{**fault, "loc": ("body", *where, *fault["loc"])} for fault in faults])


def _readable(name: str) -> str:
    """A field's name as far as it is needed to find it; what UTF-8 cannot carry is escaped."""
    return name[:200].encode("utf-8", "backslashreplace").decode()


def _message(kind: str, error: Mapping[str, Any]) -> str:
    if kind == "union_tag_invalid":
        return f"its kind is not one of {error.get('ctx', {}).get('expected_tags', 'those that are known')}"
    if kind == "union_tag_not_found":
        return f"it lacks {error.get('ctx', {}).get('discriminator', 'its kind')}"
    if kind == "json_invalid":
        return "not JSON"
    return str(error["msg"]) if kind in SAYS_ENOUGH else f"not valid ({kind.replace('_', ' ')})"
