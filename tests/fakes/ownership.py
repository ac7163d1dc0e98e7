"""A demo company with owners, for tests: invented names, marked as such."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.records import OwnershipRecord
from tests.fakes.context import borrower, tool_context
from tools.contract import ToolContext
from tools.screening.ofac_list import SanctionsList

BOOK = {
    "screening_threshold": 750,
    "ubo_threshold_bps": 2500,
    "ubo_exempt": [
        {"entity_type": "listed_company", "ownership": False, "control": False},
        {"entity_type": "nonprofit", "ownership": False, "control": True},
    ],
}
COMPANY = {
    "name": "tok_company",
    "tax_number": "tok_tax",
    "country": "US",
    "entity_type": "limited_liability_company",
    "industry_code": "212311",
    "incorporated_on": "2012-05-01",
}
LISTED = ("VARENIKOV DEMO, Anatoly", "1961-02-14")  # an entry of the demo sanctions list


def holder(key: str, kind: str = "individual", **more: Any) -> dict[str, Any]:
    """One holder; its name is a token in the context of these tests."""
    born = {"birth_date": "1970-01-01"} if kind == "individual" else {}
    return {"id": key, "kind": kind, "name": f"tok_{key}", **born, **more}


def owned(*stakes: tuple[str, str, int], holders: tuple[dict[str, Any], ...], **more: Any) -> OwnershipRecord:
    """An ownership record of the company ``entity:1``."""
    rows = [{"owner": owner, "owned": of, "share_bps": share} for owner, of, share in stakes]
    body = {"kind": "ownership_record", "stated_on": "2026-02-01", "holders": holders, "stakes": rows}
    return OwnershipRecord.model_validate(body | more)


def company_case(
    *records: Any,
    names: dict[str, str] | None = None,
    company: dict[str, Any] | None = COMPANY,
    sanctions: SanctionsList | None = None,
    **parameters: Any,
) -> ToolContext:
    """An onboarding of the company by one signer, with these records; ``names`` by token."""
    application = {
        "kind": "kyc_onboarding",
        "application_date": "2026-03-02",
        "product": "deposit",
        "amount_cents": 0,
        "borrowers": [borrower()],
        "company": company,
    }
    lists = {"sanctions": sanctions} if sanctions else {}
    context = tool_context(*records, application=application, parameters=BOOK | parameters, lists=lists)
    vault = {"tok_company": "DEMO QUARRY LLC", "party:1": "DEMO SIGNER ONE", "tok_birth_date": "1980-05-17"}

    async def reveal(token: str) -> str:
        if token.startswith(("19", "20")):
            return token  # a date of birth stands for itself here
        return (vault | (names or {})).get(token, f"QUIET DEMO {token[4:]}")

    return replace(context, reveal=reveal)
