"""A tool context over records in memory, and a gateway that only runs tools: for tests of specialists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agents.contract import Conclusion, Evidence, Specialist
from domain.assignment import Assignment, Mandate
from domain.finding import Fact
from domain.identity import Record
from tools.contract import Tool, ToolContext
from tools.gateway import ToolAnswer

AS_OF = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IDENTITIES = {
    "party:1": "DEMO APPLICANT ONE",
    "party:2": "DEMO APPLICANT TWO",
    "tok_address": "1 Demo Street, Demo Town",
    "tok_birth_date": "1980-05-17",
    "tok_employer": "Demo Works, Limited",
    "tok_same_employer": "DEMO WORKS LIMITED",
    "tok_other_employer": "DEMO MILLS",
}
"""Demo identities: nobody's names and nobody's address."""


class FakeWarehouse:
    """Records in order of arrival, as rows of the database give them."""

    def __init__(self, *records: Record) -> None:
        bodies = [record.model_dump(mode="json") for record in records]
        self._rows = [{"id": number, **body} for number, body in enumerate(bodies, start=1)]

    async def records(self, kind: str, party: str | None = None) -> list[dict[str, Any]]:
        """Records of one kind (and party), oldest first."""
        return [row for row in self._rows if row["kind"] == kind and party in (None, row.get("party"))]


async def reveal(token: str) -> str:
    """The demo identity behind a token."""
    return IDENTITIES[token]


def borrower(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One tokenised borrower of a home loan."""
    stated = {"country": "US", "employment": "employed", "stated_monthly_income_cents": 650_000}
    return {"name": f"party:{number}", "birth_date": "tok_birth_date", **stated, **changes}


def home_loan(*borrowers: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A tokenised application: 280,000.00 over 30 years for a house of 350,000.00."""
    application = {
        "kind": "home_loan",
        "application_date": "2026-03-02",
        "product": "fixed_30",
        "loan_amount_cents": 280_000_00,
        "other_liens_cents": 0,
        "points_and_fees_cents": 2_800_00,
        "monthly_tax_insurance_cents": 400_00,
        "borrowers": list(borrowers) or [borrower()],
        "property": {"address": "tok_address", "area": "19153", "price_cents": 350_000_00},
        "credit_consent": True,
        "letter_of_explanation": None,
    }
    return application | changes


def tool_context(
    *records: Record,
    application: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Fact] | None = None,
    parameters: Mapping[str, Any] | None = None,
    lists: Mapping[str, Any] | None = None,
) -> ToolContext:
    """A context that sees these records and, unless told otherwise, the demo home loan."""
    return ToolContext(
        case_id="case-1",
        as_of=AS_OF,
        application=application or home_loan(),
        inputs=inputs or {},
        parameters=parameters or {},
        warehouse=FakeWarehouse(*records),
        reveal=reveal,
        lists=lists or {},
    )


def assignment_for(specialist: Specialist, context: ToolContext) -> Assignment:
    """The assignment that goes with a context: its parties, facts and parameters."""
    return Assignment(
        id=f"r1.{specialist.worker}",
        case_id=context.case_id,
        worker=specialist.worker,
        specialists=(specialist.job,),
        objective="establish facts",
        inputs=dict(context.inputs),
        parties=tuple(f"party:{n}" for n, _ in enumerate(context.application["borrowers"], start=1)),
        boundaries=(),
        expected=specialist.provides,
        as_of=context.as_of,
        deadline=context.as_of,
        mandate=Mandate(
            tools=frozenset(specialist.tools),
            records=frozenset(specialist.records),
            parameters=dict(context.parameters),
        ),
    )


async def run_tool(
    tool: Tool, context: ToolContext, args: Mapping[str, Any], entry: str = "e1"
) -> ToolAnswer:
    """One tool through its schemas, as the gateway runs it."""
    answer = await tool.run(tool.args.model_validate(dict(args)), context)
    result = tool.result.model_validate(answer.model_dump()).model_dump(mode="json")
    return ToolAnswer(tool.name, dict(args), result, entry)


async def run_playbook(specialist: Specialist, tools: tuple[Tool, ...], context: ToolContext) -> Conclusion:
    """Gather with real tools over the fake warehouse, then conclude."""
    allowed = {tool.name: tool for tool in tools if tool.name in specialist.tools}
    assignment = assignment_for(specialist, context)
    answers: list[ToolAnswer] = []

    async def call(name: str, args: Mapping[str, Any]) -> ToolAnswer:
        answers.append(await run_tool(allowed[name], context, args, f"e{len(answers) + 1}"))
        return answers[-1]

    await specialist.gather(assignment, call)
    return specialist.conclude(assignment, Evidence(tuple(answers)))


def facts(conclusion: Conclusion) -> dict[str, Fact]:
    """Figures by name."""
    return {figure.name: figure.value for figure in conclusion.figures}


def codes(conclusion: Conclusion) -> tuple[str, ...]:
    """Codes of flags, then of gaps."""
    return (*(flag.code for flag in conclusion.flags), *(gap.code for gap in conclusion.gaps))
