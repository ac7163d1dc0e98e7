"""Which exact actions follow from which end of a case: what an approver countersigns, to the cent."""

from __future__ import annotations

from collections.abc import Mapping

from domain.approval import Action
from domain.finding import Fact
from graphs.supervisor.consumer_reports import disclosure, lacking
from graphs.supervisor.known import Standing, decision, facts
from graphs.supervisor.reporting import DENIED, ORIGINATED, denied_by, denied_for, entry_terms
from graphs.supervisor.state import CaseState

ENTRY = "register_entry"
EDITABLE = {"principal_cents": "loan_amount_cents", "amount_cents": "amount_cents"}  # argument -> term


def proposed(here: Standing, state: CaseState) -> tuple[Action, ...]:
    """What approving leads to: the offer, or the decline that policy concluded."""
    if decision(state).outcome.value == "decline":
        return declining(here, state, decision(state).principal_reasons)
    return approving(here, state)


def approving(here: Standing, state: CaseState) -> tuple[Action, ...]:
    """The book's effects of an approval."""
    return tuple(_action(name, here, state) for name in here.book.rules.effects.approve)


def declining(here: Standing, state: CaseState, reasons: tuple[str, ...]) -> tuple[Action, ...]:
    """The book's effects of a decline, with the reasons that were really used."""
    return _adverse(here, state, {"reasons": "; ".join(reasons)}, denied_for(here, reasons))


def rejecting(here: Standing, state: CaseState, approval_id: str) -> tuple[Action, ...]:
    """A person's rejection: the reason is the one that they give."""
    told: dict[str, Fact] = {"reasons": "", "reasons_from": approval_id}
    return _adverse(here, state, told, denied_by(here, approval_id))


def unsaid(here: Standing, state: CaseState) -> tuple[str, ...]:
    """What an adverse action would have to say and nobody knows; while there is any, none is proposed."""
    return lacking(here.book, facts(state)) if here.book.rules.effects.decline else ()


def _adverse(
    here: Standing, state: CaseState, told: Mapping[str, Fact], filed: Mapping[str, Fact]
) -> tuple[Action, ...]:
    """The notice as told to the applicant, the register entry as filed."""
    if unsaid(here, state):
        return ()
    notice = {**_notice(here, "adverse_action"), **disclosure(here.book, facts(state)), **told}
    return tuple(
        Action(
            name=name,
            args={**entry_terms(here, state, DENIED), **filed} if name == ENTRY else notice,
            adverse=True,
            irreversible=True,
        )
        for name in here.book.rules.effects.decline
    )


def _action(name: str, here: Standing, state: CaseState) -> Action:
    match name:
        case "book_offer":
            return Action(name=name, args=_offer(here, facts(state)))
        case "register_entry":
            return Action(name=name, args=entry_terms(here, state, ORIGINATED))
        case "amend_loan":
            return Action(name=name, args=_amendment(here, state))
        case _:
            notice = "amendment_confirmation" if here.application["kind"] == "loan_amendment" else "approval"
            return Action(name=name, args=_notice(here, notice) | {"reasons": ""})


def _offer(here: Standing, known: dict[str, Fact]) -> dict[str, Fact]:
    application = here.application
    return {
        "customer": str(application["borrowers"][0].get("customer_number") or "new"),
        "product": application["product"],
        "principal_cents": application["loan_amount_cents"],
        "rate_bps": known.get("note_rate_bps", 0),
        "term_months": 180 if application["product"] == "fixed_15" else 360,
    }


def _amendment(here: Standing, state: CaseState) -> dict[str, Fact]:
    application = here.application
    return {
        "loan_account": application["loan_account"],
        "change": application["product"],
        "amount_cents": facts(state).get("amount_cents", application["amount_cents"]),
        "new_due_day": application["new_due_day"],
    }


def _notice(here: Standing, notice: str) -> dict[str, Fact]:
    rules = here.book.rules
    return {
        "notice": notice,
        "application_date": here.case.application_date.isoformat(),
        "creditor": rules.creditor,
        "agency": rules.agency,
        "borrowers": ";".join(str(each["name"]) for each in here.application["borrowers"]),
        "wordings": "; ".join(f"{code}={text}" for code, text in rules.reasons.items()),
    }
