"""Forbids an order whose arguments are not exactly those of its effect."""

from __future__ import annotations

from pydantic import ValidationError

from domain.canonical import canonical
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.leaving import leaving_of

RULES = {"extra_forbidden": "extra", "missing": "missing"}


class OrderSchema:
    """Stage: output. Refuses an order with an argument too many, one missing, or one out of type or range.

    The typed arguments are the effect's own (``terms``): what goes downstream has that shape and no other. Fails
    closed: an effect without typed arguments is refused, and whoever runs it treats an error as a refusal. No
    false positives: the shape is decided.
    """

    name = "order_schema"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass; the value of an argument is never repeated."""
        leaving = leaving_of(passage)
        if leaving is None:
            return Verdict(Ruling.PASS, "OS0")
        if leaving.terms is None:
            return Verdict(Ruling.REFUSE, "schema_none", f"{leaving.what} has no typed arguments")
        try:
            leaving.terms.model_validate_json(canonical(dict(leaving.args)), strict=True)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "arguments"
            rule = f"schema_{RULES.get(first['type'], 'type')}"
            return Verdict(Ruling.REFUSE, rule, f"{leaving.what}: {where}: {first['msg']}")
        return Verdict(Ruling.PASS, "OS1")
