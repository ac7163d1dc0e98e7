"""Every effect keeps the effect contract: performed, read back, undone or marked irreversible."""

from __future__ import annotations

import inspect

import pytest

from tools import core_bank, notices, policy_books, undoing
from tools.catalog import EFFECT_NAMES, EFFECTS
from tools.hmda import entry

EXTERNAL = (*core_bank.EFFECTS, *undoing.EFFECTS)
TRANSACTIONAL = (*notices.EFFECTS, *entry.EFFECTS, *policy_books.EFFECTS)


def test_books_may_name_exactly_the_effects_that_exist() -> None:
    assert {effect.name for effect in (*EXTERNAL, *TRANSACTIONAL)} == EFFECT_NAMES


@pytest.mark.parametrize("effect", [*EXTERNAL, *TRANSACTIONAL], ids=lambda each: each.name)
def test_effect_tells_what_it_moves_and_who_is_at_the_other_end(effect: type) -> None:
    assert effect.money is None or effect.money.endswith("_cents")  # type: ignore[attr-defined]
    assert effect.counterparty in (None, *getattr(effect, "tokens", ()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("effect", EXTERNAL, ids=lambda each: each.name)
def test_external_effect_says_whether_sending_again_is_safe_and_how_it_stands(effect: type) -> None:
    assert isinstance(effect.idempotent, bool)  # type: ignore[attr-defined]
    assert effect.stands  # type: ignore[attr-defined]
    assert all(inspect.iscoroutinefunction(getattr(effect, step)) for step in ("perform", "read_back"))


@pytest.mark.parametrize("effect", [*EXTERNAL, *TRANSACTIONAL], ids=lambda each: each.name)
def test_effect_names_what_takes_it_back_and_what_is_left_to_a_person_otherwise(effect: type) -> None:
    by = {each.name: each for each in EFFECTS}.get(effect.undone_by)  # type: ignore[attr-defined]
    assert (by is None) == (effect.undone_by is None)  # type: ignore[attr-defined]
    assert len(effect.lasting.split()) >= 5  # type: ignore[attr-defined]
    assert by is None or (by.undone_by is None and by.money == effect.money)  # type: ignore[attr-defined]


@pytest.mark.parametrize("effect", TRANSACTIONAL, ids=lambda each: each.name)
def test_transactional_effect_works_on_the_connection_it_is_handed(effect: type) -> None:
    assert list(inspect.signature(effect.perform_in).parameters)[:2] == ["self", "connection"]  # type: ignore[attr-defined]
    assert effect.undone_by is None  # type: ignore[attr-defined]
