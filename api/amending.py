"""Opens an amendment that was asked for in a chat: borrowers, consent and account as the bank knows them already.

Identity goes from one vault into the next here, in front of LangGraph, and nowhere else. Nothing is decided: the
amendment is a case like any other, with whoever asked as its maker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.intake import Submission, parse_application, submit
from domain.case import Case
from domain.chat import AmendmentWish
from domain.errors import BadInput
from domain.identity import IdentityKind
from domain.person import Person
from graphs.services import Services, services

KEPT = {  # of a borrower's form that an amendment takes over
    *("name", "birth_date", "tax_number", "customer_number", "country"),
    *("employment", "stated_monthly_income_cents"),
}


async def open_amendment(person: Person, wish: AmendmentWish, key: str) -> Case:
    """Open the amendment, or give the one that was opened under this key.

    Raises:
        BadInput: names what is not known and has to be said.
    """
    here = services()
    like = await _plain(here, wish.like)
    if like.get("credit_consent") is not True:
        raise BadInput(
            "the customer's consent to a credit look-up is not on record",
            field="credit_consent",
            remedy="submit the amendment with the customer's consent",
        )
    application = {
        "kind": "loan_amendment",
        "application_date": here.clock.now().date().isoformat(),
        "product": wish.product,
        "loan_account": await _account(here, wish, like),
        "amount_cents": wish.amount_cents,
        "borrowers": [{k: v for k, v in each.items() if k in KEPT} for each in like.get("borrowers", ())],
        "credit_consent": True,
    }
    if wish.new_due_day is not None:
        application["new_due_day"] = wish.new_due_day
    return await submit(here, person, Submission(parse_application(application), key))


async def _account(here: Services, wish: AmendmentWish, like: Mapping[str, Any]) -> str:
    said = await here.vault.values(wish.thread) if wish.account else {}
    if wish.account in said:
        return said[wish.account][1]
    if isinstance(like.get("loan_account"), str):
        return str(like["loan_account"])
    raise BadInput("the loan account is not known", field="loan_account", remedy="name the loan account")


async def _plain(here: Services, case_id: str) -> dict[str, Any]:
    """The case's application with its values back in place."""
    values = await here.vault.values(case_id)
    plain: dict[str, Any] = _restored(await here.cases.application(case_id), values)
    return plain


def _restored(part: Any, values: Mapping[str, tuple[IdentityKind, str]]) -> Any:
    if isinstance(part, dict):
        return {name: _restored(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_restored(each, values) for each in part]
    return values[part][1] if isinstance(part, str) and part in values else part
