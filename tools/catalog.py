"""Every tool and every effect, on one screen."""

from __future__ import annotations

from domain.effect import manifest_of
from domain.rating import rate
from tools import (
    ability_to_repay,
    bureau,
    casework,
    core_bank,
    credit_assessment,
    credit_rating,
    credit_ratios,
    customer_risk,
    employment_records,
    filings,
    identity_documents,
    income_records,
    letter,
    market_records,
    notices,
    ownership,
    policy_books,
    pricing,
    property_records,
    register,
    rental_records,
    reputation,
    statements,
    supposing,
    title_records,
    undoing,
)
from tools import sanctions as sanctions_tools
from tools.contract import Tool
from tools.hmda import entry

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for module in (
        identity_documents,
        sanctions_tools,
        ownership,
        reputation,
        customer_risk,
        filings,
        bureau,
        income_records,
        employment_records,
        rental_records,
        letter,
        property_records,
        title_records,
        market_records,
        pricing,
        ability_to_repay,
        core_bank,
        register,
        casework,
        supposing,
        statements,
        credit_ratios,
        credit_rating,
        credit_assessment,
    )
    for tool in module.TOOLS
}
EFFECT_NAMES = frozenset(
    {
        *("book_offer", "amend_loan", "decision_notice", "register_entry", "publish_book"),
        *("cancel_offer", "reverse_amendment"),
    }
)
EFFECTS = (
    *core_bank.EFFECTS,
    *notices.EFFECTS,
    *entry.EFFECTS,
    *policy_books.EFFECTS,
    *undoing.EFFECTS,
)
COMPENSATIONS = frozenset(each.undone_by for each in EFFECTS if each.undone_by)
MONEY_EFFECTS = frozenset(each.name for each in EFFECTS if each.money)
COUNTERPARTY_EFFECTS = frozenset(each.name for each in EFFECTS if each.counterparty)
SORTED_EFFECTS = frozenset(each.name for each in EFFECTS if each.sort)
EFFECT_RATINGS = {each.name: rate(manifest_of(each)) for each in EFFECTS}
