"""The step that meets a wish: it opens or shows the governed way, and never does what was asked.

An amendment is opened through intake with whoever asked as its maker; approvals are shown to whoever may decide them.
"""

from __future__ import annotations

from typing import Any

from agents.advisor.wishes import Wish
from domain.canonical import digest
from domain.case import Case
from domain.chat import AmendmentWish, ChatAnswer, Citation, Lead, Segment
from domain.errors import BadInput, Conflict, with_remedy
from domain.money import dollars
from domain.person import Person
from graphs.advisor.scope import PersonScope
from graphs.advisor.state import ChatState
from graphs.services import services
from tools.scope import CaseApproval, CaseView, open_to_see, reference

MAKERS = "advisors"  # who may open cases, as on the HTTP front
NOT_YOURS = "There is no case of that name for you."


async def offer_lead(state: ChatState) -> dict[str, Any]:
    """Opens the amendment that was asked for, or says who may do it and how. Opens once however often it runs."""
    asked = state["asked"]
    wish = Wish.model_validate(asked["wish"])
    person = Person(asked["person"], groups=frozenset(asked["groups"]))
    named = tuple(asked["cases"].values()) or ((state["spoken_of"],) if state.get("spoken_of") else ())
    scope = PersonScope(services(), person, named)
    view = await scope.case(reference(named[0])) if named else None
    if named and view is None:
        return _said(NOT_YOURS)
    match wish.kind:
        case "decide":
            return _said(*_who_decides(wish, view, person))
        case "other":
            return _said(
                f"To {wish.verb} something is not done from the chat. Submit it as an application, or, when it waits "
                "for a decision, decide it at the desk."
            )
        case _:
            return await _amend(state, wish, view, person)


async def _amend(state: ChatState, wish: Wish, view: CaseView | None, person: Person) -> dict[str, Any]:
    lacks = _lacks(wish, view)
    if MAKERS not in person.groups:
        return _said("Amendments are opened by advisors; ask one of them to.")
    if lacks or view is None:
        return _said(f"To open that amendment, say {' and '.join(lacks)}.")
    made = AmendmentWish(
        product="fee_refund" if wish.kind == "fee_refund" else "due_date_change",
        like=view.case,
        thread=state["case_id"],
        account=wish.account,
        amount_cents=wish.amount_cents or 0,
        new_due_day=wish.new_due_day,
    )
    try:
        opened = await services().intake(person, made, _key(made, state["asked"]["at"]))
    except (BadInput, Conflict) as error:
        return _said(f"The amendment was not opened: {with_remedy(error.message, error.remedy)}.")
    return _said(*_opened(opened, made, view))


def _key(made: AmendmentWish, at: str) -> str:
    """The same wish on the same day is the same amendment, in whichever thread and however often it is said."""
    said = made.model_dump(exclude={"thread", "account"})
    return f"chat/{digest([said, at[:10]])[:24]}"


def _opened(
    opened: Case, made: AmendmentWish, view: CaseView
) -> tuple[str, tuple[Citation, ...], tuple[Lead, ...]]:
    what = (
        f"a refund of {dollars(made.amount_cents)}"
        if made.product == "fee_refund"
        else f"the due date on day {made.new_due_day}"
    )
    text = (
        f"I did not do it: I opened amendment {opened.id} for {what}, with you as its maker, for the borrowers and on "
        f"the consent of case {view.case}. Policy decides it, or a person other than you."
    )
    link = f"/v1/cases/{opened.id}"
    lead = Lead(kind="opened", what=what, case=opened.id, link=link, command=f"countersign case {opened.id}")
    cited = Citation(
        ref=opened.id, case=opened.id, what=f"amendment {opened.id}", source=opened.policy_version
    )
    return text, (cited,), (lead,)


def _who_decides(
    wish: Wish, view: CaseView | None, person: Person
) -> tuple[str, tuple[Citation, ...], tuple[Lead, ...]]:
    if view is None:
        return "Say which case is meant. Decisions are made at the desk, not from the chat.", (), ()
    pending = [each for each in view.approvals if open_to_see(each.boundary)]
    if not pending:
        return (
            f"Nothing of case {view.case} waits for a decision now, and none is made from the chat.",
            (),
            (),
        )
    sentences = [_who(each, person) for each in pending]
    leads = tuple(
        Lead(
            kind="decide",
            what=f"decide {each.approval}",
            case=view.case,
            link=f"/v1/approvals/{each.approval}/decide",
            command=f"countersign decide {each.approval}",
        )
        for each in pending
    )
    cited = tuple(
        Citation(
            ref=f"{view.case}#{each.approval}",
            case=view.case,
            what=f"approval request at the boundary {each.boundary}",
            source=each.approval,
        )
        for each in pending
    )
    return f"To {wish.verb} is not done from the chat. {' '.join(sentences)}", cited, leads


def _who(each: CaseApproval, person: Person) -> str:
    groups = " or ".join(group.replace("_", " ") for group in each.groups)
    sentence = (
        f"{each.approval} may be decided by {groups} ({each.quorum} of them) at the desk, its evidence read."
    )
    if each.own:
        return f"{sentence} You made it, so you may not check it."
    mine = person.groups & set(each.groups)
    return f"{sentence} {'You are one of them.' if mine else 'You are none of them.'}"


def _lacks(wish: Wish, view: CaseView | None) -> list[str]:
    lacks = [] if view is not None else ["which case of the customer it is for"]
    if wish.kind == "fee_refund" and not wish.amount_cents:
        lacks.append("how much, for example USD 35.00")
    if wish.kind == "due_date_change" and not wish.new_due_day:
        lacks.append("which day of the month, from 1 to 28")
    return lacks


def _said(text: str, citations: tuple[Citation, ...] = (), leads: tuple[Lead, ...] = ()) -> dict[str, Any]:
    segment = Segment(text=text, cites=tuple(each.ref for each in citations))
    answer = ChatAnswer(segments=(segment,), citations=citations, leads=leads, produced_by="policy")
    return {"answer": answer.model_dump(mode="json")}
