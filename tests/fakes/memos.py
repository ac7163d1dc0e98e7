"""Everything a credit memo is written from, without a database: the specialists' playbooks over records in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from agents.contract import Evidence, Specialist
from agents.prompt import read_prompt
from agents.roster import ROSTER
from domain.case import Case, CaseStatus
from domain.finding import Fact, Finding, Gap, ProducedBy
from graphs.catalog import VOCABULARY
from policies.book import InForce
from policies.concluding import conclude
from policies.loader import shipped
from tests.fakes.companies import application
from tests.fakes.context import assignment_for, run_tool, tool_context
from tools.catalog import TOOLS
from tools.contract import ToolContext
from tools.credit.memo.evidence import Answers, MemoEvidence
from tools.gateway import ToolAnswer

JOBS = ("bureau_analyst", "statement_spreader", "ratio_analyst", "credit_rater", "memo_writer")
KYC: dict[str, Fact] = {
    "identity_verified": True,
    "sanctions_status": "clear",
    "ownership_resolved": True,
    "blocked_ownership": "clear",
    "kyc_risk": "low",
}


def book() -> InForce:
    """The shipped book of commercial credit."""
    found = next(each for each in shipped(VOCABULARY) if each.rules.kind == "commercial_credit")
    return found.on(date(2026, 3, 2))


def company_context(*records: Any, **changes: Any) -> ToolContext:
    """These records under the shipped book; every token stands for itself."""
    context = tool_context(*records, application=application(**changes), parameters=dict(book().parameters))

    async def as_it_is(token: str) -> str:
        return token

    return replace(context, reveal=as_it_is)


async def worked(context: ToolContext) -> tuple[dict[str, Finding], dict[str, ToolAnswer], dict[str, Fact]]:
    """Findings by specialist, answers by tool and all facts, as the credit worker gets them."""
    findings: dict[str, Finding] = {}
    answers: dict[str, ToolAnswer] = {}
    facts: dict[str, Fact] = {}
    for job in JOBS:
        specialist, here = ROSTER[job], replace(context, inputs=dict(facts))
        given: list[ToolAnswer] = []

        async def call(
            name: str, args: Mapping[str, Any], job: str = job, given: Any = given, at: Any = here
        ) -> Any:
            given.append(await run_tool(TOOLS[name], at, args, f"r2.credit.{job}/1/{name}/0"))
            return given[-1]

        assignment = assignment_for(specialist, here)
        await specialist.gather(assignment, call)
        concluded = specialist.conclude(assignment, Evidence(tuple(given)))
        findings[job] = Finding(
            assignment="r2.credit",
            specialist=job,
            figures=concluded.figures,
            flags=concluded.flags,
            gaps=(*concluded.gaps, *(_judgement(specialist, code) for code in concluded.asks)),
            conclusion=concluded.conclusion,
            produced_by=ProducedBy.PLAYBOOK,
        )
        answers |= {each.tool: each for each in given}
        facts |= {each.name: each.value for each in concluded.figures}
    return findings, answers, facts


def _judgement(specialist: Specialist, code: str) -> Gap:
    question = read_prompt(specialist.prompt_file).question(code)
    return Gap(code=f"judgement:{code}", detail=question, needs="person")


async def memo_evidence(context: ToolContext) -> MemoEvidence:
    """What a memo is written from once policy decided."""
    findings, answers, facts = await worked(context)
    gaps = sum(len(each.gaps) for each in findings.values())
    decision = conclude(
        book(), facts | KYC | {"open_gaps": gaps, "degraded": False, "text_quarantined": False}
    )
    entries = {each.entry: each.tool for each in answers.values()}
    case = Case(
        id="commercial_credit-0123456789ab",
        kind="commercial_credit",
        status=CaseStatus.WAITING_PERSON,
        policy_version="commercial_credit@2026.1:0123456789ab",
        application_date=date(2026, 3, 2),
        opened_at=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        maker="advisor-1",
        content_digest="0" * 64,
    )
    return MemoEvidence(
        case=case,
        title="Commercial credit",
        application=context.application,
        findings=findings,
        decision=decision,
        policy_rows=tuple(f"{row}: {decision.outcome}" for row in decision.rows_hit),
        requests=(),
        signatures=(),
        answers=Answers.of({name: (each.entry, each.result) for name, each in answers.items()}),
        journal=entries,
    )
