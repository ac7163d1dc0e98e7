"""Applicants' income records, and their verification by the playbook over real tools."""

from __future__ import annotations

from typing import Any

from agents.contract import Conclusion
from agents.mortgage.income_verifier import SPECIALIST
from domain.identity import Record
from domain.records import EmploymentRecord, PayStub
from tests.fakes.context import borrower, home_loan, run_playbook, tool_context
from tools import employment_records, income_records, letter, rental_records

TOOLS = (*income_records.TOOLS, *employment_records.TOOLS, *rental_records.TOOLS, *letter.TOOLS)
LIMITS = {
    "income_tolerance_bps": 500,
    "pay_tolerance_bps": 1_000,
    "variable_pay_years": 2,
    "rental_share_bps": 7_500,
    "employment_history_days": 730,
    "employment_gap_limit_days": 30,
    "new_job_days": 180,
}
SELF_EMPLOYED = borrower(employment="self_employed")


def paid(gross: int = 300_000, **more: Any) -> PayStub:
    """Biweekly up to 2026-02-20: three whole periods of the year, less one."""
    fields = {"kind": "pay_stub", "party": "party:1", "period": "biweekly", "period_end": "2026-02-20"}
    return PayStub.model_validate(fields | {"gross_cents": gross} | more)


def worked(start: str, end: str | None = None, **more: Any) -> EmploymentRecord:
    """A verified employment."""
    fields = {"kind": "employment_record", "party": "party:1", "employer": "tok_employer"}
    dates = {"started_on": start, "ended_on": end, "verified_on": "2026-02-25"}
    return EmploymentRecord.model_validate(fields | dates | more)


async def verify(*records: Record, **application: Any) -> Conclusion:
    """What the income verifier concludes from these records; ``people`` replaces the one applicant."""
    people = application.pop("people", (borrower(),))
    context = tool_context(*records, application=home_loan(*people, **application), parameters=LIMITS)
    return await run_playbook(SPECIALIST, TOOLS, context)
