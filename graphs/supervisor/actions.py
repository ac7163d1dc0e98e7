"""Which exact actions follow from which end of a case: what an approver countersigns, to the cent."""

from __future__ import annotations

from collections.abc import Mapping

from domain.approval import Action
from domain.finding import Fact
from domain.money import in_words
from graphs.supervisor.known import Standing, decision, facts
from graphs.supervisor.planning import jobs_of
from graphs.supervisor.reporting import DENIED, ORIGINATED, entry_terms
from graphs.supervisor.state import CaseState
from policies.concluding import filed, filed_by, of_applicants, told, told_by, wordings
from policies.consumer_reports import disclosure, lacking

ENTRY = "register_entry"
RATES = {"home_loan": "note_rate_bps", "commercial_credit": "loan_rate_bps"}  # form -> what prices it
EDITABLE = {"principal_cents": "loan_amount_cents", "amount_cents": "amount_cents"}  # argument -> term


def proposed(here: Standing, state: CaseState) -> tuple[Action, ...]:
    """What approving leads to: the offer, or the decline that policy concluded."""
    if decision(state).outcome.value == "decline":
        return declining(here, state, decision(state).principal_reasons)
    return approving(here, state)


def approving(here: Standing, state: CaseState) -> tuple[Action, ...]:
    """The book's effects of an approval; none while a rate is not known that the book has somebody find out."""
    if unpriced(here, state):
        return ()
    return tuple(_action(name, here, state) for name in here.book.rules.effects.approve)


def unpriced(here: Standing, state: CaseState) -> tuple[str, ...]:
    """What an offer would have to state and nobody knows; while there is any, none is proposed."""
    form = here.application["kind"]
    rate, found = RATES.get(form, ""), {fact for each in jobs_of(here.book) for fact in each.provides}
    priced_here = rate in found or form == "commercial_credit"
    return (in_words(rate),) if priced_here and rate not in facts(state) else ()


def declining(here: Standing, state: CaseState, reasons: tuple[str, ...]) -> tuple[Action, ...]:
    """The book's effects of a decline, with the reasons that were really used."""
    return _adverse(here, state, told(reasons), filed(here.book.rules, reasons))


def rejecting(here: Standing, state: CaseState, approval_id: str) -> tuple[Action, ...]:
    """A person's rejection: the reason is the one that they give."""
    return _adverse(here, state, told_by(approval_id), filed_by(here.book.rules, approval_id))


def unsaid(here: Standing, state: CaseState) -> tuple[str, ...]:
    """What an adverse action would have to say and nobody knows; while there is any, none is proposed."""
    return lacking(here.book, _of_applicants(here, state)) if here.book.rules.effects.decline else ()


def _of_applicants(here: Standing, state: CaseState) -> dict[str, Fact]:
    """Facts of the people who apply; those who guarantee a company's credit do not (12 CFR 1002.2(e))."""
    return of_applicants(here.application["kind"], facts(state))


def _adverse(
    here: Standing, state: CaseState, stated: Mapping[str, Fact], entered: Mapping[str, Fact]
) -> tuple[Action, ...]:
    """The notice as told to the applicant, the register entry as filed."""
    if unsaid(here, state):
        return ()
    disclosed = disclosure(here.book, _of_applicants(here, state))
    notice = {**_notice(here, state, "adverse_action"), **disclosed, **stated}
    return tuple(
        Action(
            name=name,
            args={**entry_terms(here, state, DENIED), **entered} if name == ENTRY else notice,
            adverse=True,
            irreversible=True,
        )
        for name in here.book.rules.effects.decline
    )


def _action(name: str, here: Standing, state: CaseState) -> Action:
    match name:
        case "book_offer":
            offer = _credit_offer if here.application["kind"] == "commercial_credit" else _offer
            return Action(name=name, args=offer(here, facts(state)))
        case "register_entry":
            return Action(name=name, args=entry_terms(here, state, ORIGINATED))
        case "amend_loan":
            return Action(name=name, args=_amendment(here, state))
        case _:
            notice = "amendment_confirmation" if here.application["kind"] == "loan_amendment" else "approval"
            return Action(name=name, args=_notice(here, state, notice) | {"reasons": ""})


def _offer(here: Standing, known: dict[str, Fact]) -> dict[str, Fact]:
    application = here.application
    return {
        "customer": str(application["borrowers"][0].get("customer_number") or "new"),
        "product": application["product"],
        "principal_cents": application["loan_amount_cents"],
        "rate_bps": known.get("note_rate_bps", 0),
        "term_months": 180 if application["product"] == "fixed_15" else 360,
    }


def _credit_offer(here: Standing, known: dict[str, Fact]) -> dict[str, Fact]:
    application = here.application
    return {
        "customer": "new",
        "product": application["product"],
        "principal_cents": application["loan_amount_cents"],
        "rate_bps": known["loan_rate_bps"],
        "term_months": application["term_months"],
        "covenants": known.get("covenant_terms", ""),
    }


def _amendment(here: Standing, state: CaseState) -> dict[str, Fact]:
    application = here.application
    return {
        "loan_account": application["loan_account"],
        "change": application["product"],
        "amount_cents": facts(state).get("amount_cents", application["amount_cents"]),
        "new_due_day": application["new_due_day"],
    }


def _notice(here: Standing, state: CaseState, notice: str) -> dict[str, Fact]:
    rules, application = here.book.rules, here.application
    companys = application["kind"] == "commercial_credit"
    addressed = [application["company"]] if companys else application["borrowers"]
    terms: dict[str, Fact] = {
        "notice": notice,
        "application_date": here.case.application_date.isoformat(),
        "creditor": rules.creditor,
        "agency": rules.agency,
        "borrowers": ";".join(str(each["name"]) for each in addressed),
        "wordings": wordings(rules),
    }
    return terms | _timing(here, facts(state))


def _timing(here: Standing, known: dict[str, Fact]) -> dict[str, Fact]:
    """A company of more revenue than the book's row is told within a reasonable time; everybody else in 30 days."""
    row, revenue = here.book.rules.business_notice, known.get("annual_revenue_cents")
    if row is None or not isinstance(revenue, int) or revenue <= row.above_revenue_cents:
        return {}
    return {"timing": "reasonable_time", "within_days": row.days}
