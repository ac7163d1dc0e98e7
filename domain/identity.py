"""Which fields name a person or an account, and the tokens that stand for them outside the vault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class IdentityKind(StrEnum):
    """What sort of value stands in the vault; decides how it is normalised for blind indexes."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    TAX_NUMBER = "tax_number"
    CUSTOMER_NUMBER = "customer_number"
    ACCOUNT_NUMBER = "account_number"
    DOCUMENT = "document"
    ADDRESS = "address"
    CONTACT = "contact"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Identity:
    """Marks a field: ``name: Annotated[str, Identity(IdentityKind.NAME)]``; intake replaces it by a token."""

    kind: IdentityKind


@dataclass(frozen=True, slots=True)
class Prose:
    """Marks free text: intake withholds every identity value of the case in it, so that it can be read."""


class Record(BaseModel):
    """Base of everything read from outside: unknown fields are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def identity_fields(model: BaseModel, path: str = "") -> Iterator[tuple[str, IdentityKind, str]]:
    """Every marked, filled field below ``model`` as ``(dotted path, kind, value)``."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        here = f"{path}.{name}" if path else name
        marks = [mark for mark in field.metadata if isinstance(mark, Identity)]
        if marks and value is not None:
            yield here, marks[0].kind, str(value)
        else:
            yield from _below(value, here)


def prose_fields(model: BaseModel) -> tuple[str, ...]:
    """Names of the free texts of a model, at its top."""
    marked = type(model).model_fields.items()
    return tuple(name for name, each in marked if any(isinstance(mark, Prose) for mark in each.metadata))


def _below(value: Any, here: str) -> Iterator[tuple[str, IdentityKind, str]]:
    if isinstance(value, BaseModel):
        yield from identity_fields(value, here)
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _below(item, f"{here}.{index}")


def normalise(kind: IdentityKind, value: str) -> str:
    """The form that is compared across cases: letters and digits only, upper case, words sorted for names."""
    if kind in (IdentityKind.NAME, IdentityKind.ADDRESS, IdentityKind.EMPLOYER):
        return " ".join(sorted("".join(c if c.isalnum() else " " for c in value.upper()).split()))
    return "".join(c for c in value.upper() if c.isalnum())
