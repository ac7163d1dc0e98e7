"""A reference leads to one party, whether the application or the ownership record names it."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from domain.party import is_reference
from tests.fakes.ownership import company_case, holder, owned
from tools.parties import party_of

RECORD = owned(
    ("h1", "entity:1", 6000), ("h2", "entity:1", 4000),
    holders=(holder("h1", country="DE"), holder("h2", "trust", trustee="h3"), holder("h3", party="party:1")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "kind", "name", "country"),
    [
        ("party:1", "individual", "party:1", "US"),
        ("entity:1", "entity", "tok_company", "US"),
        ("owner:h1", "individual", "tok_h1", "DE"),
        ("owner:h2", "trust", "tok_h2", "US"),
    ],
)
async def test_reference_leads_to_its_party(reference: str, kind: str, name: str, country: str) -> None:
    party = await party_of(company_case(RECORD), reference)
    assert (party.kind, party.name, party.country) == (kind, name, country)


@pytest.mark.parametrize("reference", ["party:2", "owner:h3", "owner:h9", "entity:2", "somebody"])
async def test_reference_without_a_party_is_refused(reference: str) -> None:
    with pytest.raises(Refused, match=r"the case has party:1, entity:1, owner:h1, owner:h2$"):
        await party_of(company_case(RECORD), reference)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("party:1", True), ("entity:1", True), ("owner:ho12", True), ("party:0", False), ("owner:john", False)],
)
def test_name_is_no_reference(text: str, is_one: bool) -> None:
    assert is_reference(text) is is_one
