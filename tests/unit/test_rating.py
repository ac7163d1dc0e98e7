"""The rating of tools and effects follows from their manifests, and a worse trait never makes it milder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.effect import manifest_of
from domain.rating import Manifest, Rating, rank, rate
from tools import manifest
from tools.catalog import EFFECTS, TOOLS

PLAIN = Manifest("x", "case", "nothing", reversible=True, permission="mandate", money=False)
WORSE: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("reads", ("nothing", "case", "identity")),
    ("writes", ("nothing", "own", "other")),
    ("reversible", (True, False)),
    ("permission", ("mandate", "consent")),
    ("money", (False, True)),
)
MANIFESTS = st.builds(
    Manifest,
    name=st.just("x"),
    **{name: st.sampled_from(scale) for name, scale in WORSE},
)


@pytest.mark.parametrize(
    ("traits", "rating"),
    [
        ({}, "low"),
        ({"reads": "identity"}, "moderate"),
        ({"permission": "consent"}, "moderate"),
        ({"writes": "own"}, "moderate"),
        ({"writes": "own", "reversible": False}, "elevated"),
        ({"writes": "other"}, "elevated"),
        ({"writes": "other", "reversible": False}, "high"),
        ({"writes": "other", "money": True}, "high"),
        ({"writes": "other", "money": True, "reversible": False}, "critical"),
    ],
)
def test_each_trait_is_rated_as_the_scale_says(traits: dict[str, Any], rating: Rating) -> None:
    rated = rate(replace(PLAIN, **traits))
    assert rated.rating == rating
    assert rated.because


@given(MANIFESTS, st.sampled_from(WORSE))
def test_worse_trait_never_makes_the_rating_milder(
    given: Manifest, trait: tuple[str, tuple[Any, ...]]
) -> None:
    name, scale = trait
    at = scale.index(getattr(given, name))
    worse = replace(given, **{name: scale[min(at + 1, len(scale) - 1)]})
    assert rank(rate(worse).rating) >= rank(rate(given).rating)


def test_tools_and_effects_are_rated_by_what_they_declare() -> None:
    tools = {name: rate(manifest.manifest_of(tool)).rating for name, tool in TOOLS.items()}
    assert (tools["price_loan"], tools["screen_party"], tools["bureau_file"]) == (
        "low",
        "moderate",
        "moderate",
    )
    effects = {each.name: rate(manifest_of(each)).rating for each in EFFECTS}
    assert effects == {
        "book_offer": "high",
        "amend_loan": "high",
        "decision_notice": "elevated",
        "register_entry": "elevated",
        "publish_book": "elevated",
        "cancel_offer": "critical",
        "reverse_amendment": "critical",
    }
