"""What the customer is told when everything that can be taken back was: the notice that the book names, or none."""

from __future__ import annotations

from domain.approval import Action
from graphs.supervisor.known import Standing
from graphs.unwinding.state import UnwindingState
from policies.concluding import told_of_defect

NOTICE = "notice"  # stands for it among the signatures


def notice_of(here: Standing, state: UnwindingState) -> tuple[Action, ...]:
    """The notice, addressed to whom the unwound case was about; none where the book is silent or nobody is known."""
    addressees = here.application.get("addressees", ())
    told = told_of_defect(here.book.rules, here.application, here.case.opened_at.date())
    if told is None or not addressees:
        return ()
    args = {**told, "borrowers": ";".join(str(each["name"]) for each in addressees)}
    adverse = told["notice"] == "adverse_action"
    return (Action(name="decision_notice", args=args, adverse=adverse, irreversible=True),)
