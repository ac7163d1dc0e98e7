"""Tools of the advisor chat that read cases: where one stands, its figures, its decision, what waits, whose it is.

They look only through the scope that the session was given. Results carry their own citations: figures with
the journal entry they came from, policy rows with the book's version. Amounts in cents, ratios in basis points.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.chat import Citation
from domain.errors import NotFound
from domain.finding import Fact
from domain.identity import Record
from domain.money import dollars, percent
from tools.contract import Tool, ToolContext
from tools.scope import CaseApproval, CaseFigure, CaseRow, CaseView, open_to_see

SPOKEN_OF = "spoken_of"  # the session's fact: reference of the case that the thread is about
NO_CASE = "no case of that name is yours to see"


class CaseArguments(Record):
    """Which case; empty: the one this thread is about."""

    case: str = ""  # case:abcdefgh


class WaitingArguments(Record):
    """How long something has waited at least."""

    longer_than_hours: Annotated[int, Field(ge=0, le=999)] = 0


class CustomerArguments(Record):
    """Which customer, by the token that stands in the message."""

    customer: str = ""  # tok_said_…


class Shown(Record):
    """A figure as people read it, with the reference under which it is cited."""

    name: str
    value: Fact
    unit: str
    shown: str
    ref: str


class Answered(Record):
    """What every case tool says first: whether there is such a case for this person."""

    found: bool
    reason: str = ""
    case: str | None = None
    citations: tuple[Citation, ...] = ()


class Standing(Answered):
    """Where a case stands."""

    kind: str = ""
    product: str = ""
    status: str = ""
    outcome: str | None = None
    opened_on: str = ""
    simulation: bool = False
    decided: str | None = None
    awaits: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()  # groups whose decision is pending
    due_on: str | None = None


class Figures(Answered):
    """Every figure of a case."""

    figures: tuple[Shown, ...] = ()


class Decided(Answered):
    """What policy concluded and on which rows."""

    decided: str | None = None
    policy_version: str = ""
    rows: tuple[str, ...] = ()  # id: outcome (source)
    reasons: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # gaps, facts the table lacked, records that are waited for


class Waits(Record):
    """A request that waits, with its age."""

    approval: str
    case: str
    boundary: str
    groups: tuple[str, ...]
    quorum: int
    age_hours: int
    due_on: str
    own: bool
    ref: str


class Inbox(Record):
    """What waits for the person's groups, oldest first."""

    longer_than_hours: int
    count: int
    waiting: tuple[Waits, ...]
    citations: tuple[Citation, ...] = ()


class CustomerCases(Record):
    """The cases of one customer within reach, newest first."""

    found: bool
    reason: str = ""
    cases: tuple[Standing, ...] = ()
    citations: tuple[Citation, ...] = ()


async def case_status(args: CaseArguments, context: ToolContext) -> Standing:
    """Where a case stands, who is asked, and what is waited for."""
    view = await looked_up(args.case, context)
    return Standing(found=False, reason=NO_CASE) if view is None else _standing(view)


async def case_figures(args: CaseArguments, context: ToolContext) -> Figures:
    """Every verified figure of a case with its journal entry; filings stay with compliance."""
    view = await looked_up(args.case, context)
    if view is None:
        return Figures(found=False, reason=NO_CASE)
    figures = tuple(shown(view, each) for each in view.figures if open_to_see(each.name))
    cited = tuple(cited_figure(view, each) for each in view.figures if open_to_see(each.name))
    return Figures(found=True, case=view.case, figures=figures, citations=cited)


async def case_decision(args: CaseArguments, context: ToolContext) -> Decided:
    """What policy concluded, on which rows, and what was missing."""
    view = await looked_up(args.case, context)
    if view is None:
        return Decided(found=False, reason=NO_CASE)
    missing = (*view.gaps, *(f"not known: {name}" for name in view.unknown), *_awaited(view))
    return Decided(
        found=True,
        case=view.case,
        decided=view.decided,
        policy_version=view.policy_version,
        rows=tuple(f"{each.row}: {each.outcome}{_of(each.source)}" for each in _open_rows(view)),
        reasons=tuple(each for each in view.reasons if open_to_see(each)),
        conditions=tuple(each for each in view.conditions if open_to_see(each)),
        missing=tuple(each for each in missing if open_to_see(each)),
        citations=(_cited_case(view), *_cited_rows(view)),
    )


async def open_approvals(args: WaitingArguments, context: ToolContext) -> Inbox:
    """What waits for the groups of whoever asks, at least this long, oldest first."""
    waiting = () if context.scope is None else await context.scope.approvals()
    least = timedelta(hours=args.longer_than_hours)
    old = [e for e in waiting if context.as_of - e.opened_at >= least and open_to_see(e.boundary)]
    return Inbox(
        longer_than_hours=args.longer_than_hours,
        count=len(old),
        waiting=tuple(_waits(each, context) for each in old),
        citations=tuple(_cited_approval(each) for each in old),
    )


async def customer_cases(args: CustomerArguments, context: ToolContext) -> CustomerCases:
    """The cases of one customer that this person may see, found by blind index."""
    if context.scope is None or not args.customer:
        return CustomerCases(found=False, reason="no customer is named")
    try:
        value = await context.reveal(args.customer)
    except NotFound:
        return CustomerCases(found=False, reason="no customer is named")
    views = await context.scope.of_customer(value)
    reason = "" if views else "no case of that customer is yours to see"
    cases = tuple(_standing(view) for view in views)
    return CustomerCases(
        found=bool(views),
        reason=reason,
        cases=cases,
        citations=tuple(_cited_case(view) for view in views),
    )


async def looked_up(named: str, context: ToolContext) -> CaseView | None:
    """The case of an argument, or the one that the thread is about; nothing outside the scope."""
    reference = named or str(context.inputs.get(SPOKEN_OF, ""))
    return await context.scope.case(reference) if context.scope is not None and reference else None


def shown(view: CaseView, figure: CaseFigure) -> Shown:
    """A figure as people read it."""
    return Shown(
        name=figure.name,
        value=figure.value,
        unit=figure.unit,
        shown=as_read(figure.value, figure.unit),
        ref=f"{view.case}#{figure.name}",
    )


def as_read(value: Fact, unit: str) -> str:
    """A value with its unit in words: ``USD 1,306.66``, ``43.12 %``, ``yes``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and unit in ("cents", "bps"):
        return dollars(value) if unit == "cents" else percent(value)
    return str(value)


def cited_figure(view: CaseView, figure: CaseFigure) -> Citation:
    """Where a figure comes from."""
    return Citation(
        ref=f"{view.case}#{figure.name}",
        case=view.case,
        what=figure.name.replace("_", " "),
        value=as_read(figure.value, figure.unit),
        source=figure.source,
    )


def _standing(view: CaseView) -> Standing:
    approvals = [each for each in view.approvals if open_to_see(each.boundary)]
    due = min((each.due_at for each in approvals), default=None)
    return Standing(
        found=True,
        case=view.case,
        kind=view.kind,
        product=view.product,
        status=view.status,
        outcome=view.outcome,
        opened_on=view.opened_on,
        simulation=view.simulation,
        decided=view.decided,
        awaits=tuple(kind for kind in view.awaits if open_to_see(kind)),
        gaps=tuple(gap for gap in view.gaps if open_to_see(gap)),
        asks=tuple(dict.fromkeys(group for each in approvals for group in each.groups)),
        due_on=due.date().isoformat() if due else None,
        citations=(_cited_case(view), *(_cited_approval(each) for each in approvals)),
    )


def _awaited(view: CaseView) -> tuple[str, ...]:
    return tuple(f"waiting for {kind.replace('_', ' ')}" for kind in view.awaits)


def _of(source: str) -> str:
    return f" ({source})" if source else ""


def _waits(each: CaseApproval, context: ToolContext) -> Waits:
    return Waits(
        approval=each.approval,
        case=each.case,
        boundary=each.boundary,
        groups=each.groups,
        quorum=each.quorum,
        age_hours=int((context.as_of - each.opened_at) / timedelta(hours=1)),
        due_on=each.due_at.date().isoformat(),
        own=each.own,
        ref=f"{each.case}#{each.approval}",
    )


def _cited_case(view: CaseView) -> Citation:
    return Citation(ref=view.case, case=view.case, what=f"case {view.case}", source=view.policy_version)


def _cited_rows(view: CaseView) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            ref=f"{view.case}#row {each.row}",
            case=view.case,
            what=f"row {each.row}: {each.outcome}{_of(each.says)}",
            source=f"{view.policy_version}{_of(each.source)}",
        )
        for each in _open_rows(view)
    )


def _open_rows(view: CaseView) -> tuple[CaseRow, ...]:
    return tuple(each for each in view.rows if open_to_see(f"{each.row} {each.says} {each.source}"))


def _cited_approval(each: CaseApproval) -> Citation:
    return Citation(
        ref=f"{each.case}#{each.approval}",
        case=each.case,
        what=f"approval request at the boundary {each.boundary}",
        source=each.approval,
    )


_FACTS = (SPOKEN_OF,)
TOOLS: tuple[Tool, ...] = (
    Tool(
        "case_status",
        "Where a case stands, who is asked to decide and what is waited for.",
        CaseArguments,
        Standing,
        case_status,
        facts=_FACTS,
        foreign=("gaps.*",),
    ),
    Tool(
        "case_figures",
        "Every verified figure of a case with the journal entry it came from.",
        CaseArguments,
        Figures,
        case_figures,
        facts=_FACTS,
        foreign=("figures.*.value", "figures.*.shown", "citations.*.value"),
    ),
    Tool(
        "case_decision",
        "What policy concluded on a case: rows, reasons, conditions and what is missing.",
        CaseArguments,
        Decided,
        case_decision,
        facts=_FACTS,
        foreign=("missing.*",),
    ),
    Tool(
        "open_approvals",
        "Approval requests that wait for the groups of whoever asks, oldest first.",
        WaitingArguments,
        Inbox,
        open_approvals,
        foreign=(),
    ),
    Tool(
        "customer_cases",
        "The cases of one customer, named by the token in the message, that this person may see.",
        CustomerArguments,
        CustomerCases,
        customer_cases,
        identity=True,
        foreign=("cases.*.gaps.*",),
    ),
)
