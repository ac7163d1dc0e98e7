"""``kill -9`` between each pair of steps of an unwinding, then finish: nothing is doubled and nothing missed."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any

from api.settings import Settings
from domain.case import CaseStatus
from domain.clock import SetClock
from graphs.reconciling import reconcile_case
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import bodies, decide, kinds, pending
from tests.fakes.people import CHIEF
from tests.fakes.unwound import REVERSE, effects, order_of_receipts, referral, three_refunds, unwinding

TAKEN = ["AM-000003", "AM-000002", "AM-000001"]


async def killed_at_each(settings: Settings, case_id: str, clock: SetClock) -> list[dict[str, Any]]:
    """What each runner had changed when it was killed; the last one was not."""
    arguments = [str(settings.database_url), str(settings.home), str(settings.bank_url), case_id]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "tests.fakes.crash_chain", *arguments, clock.now().isoformat(),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    rounds = [json.loads(line) for line in out.splitlines() if line.startswith(b"{")]
    assert [each["ended"] for each in rounds] == [signal.SIGKILL] * (len(rounds) - 1) + [0]
    return [each["changed"] for each in rounds]


def ways(rounds: list[dict[str, Any]]) -> list[list[str]]:
    """How the effects stood, one list for each time that this was different."""
    return [each["effects"] for each in rounds if each.get("effects")]


async def test_unwinding_killed_after_each_commit_from_the_report_to_the_end_doubles_and_misses_nothing(
    services: Services, settings: Settings, bank: RunningBank, clock: SetClock
) -> None:
    of = await three_refunds(services, clock)
    case_id = await unwinding(services, of, advanced=False)
    assert len(await killed_at_each(settings, case_id, clock)) >= 8
    await decide(services, CHIEF, await pending(services, case_id))
    rounds = await killed_at_each(settings, case_id, clock)
    one_by_one = [
        ["confirmed"] * n + [each] for n in range(3) for each in ("intended", "sending", "confirmed")
    ]
    assert rounds[:-1].count({}) == 3  # between each call and its receipt
    assert ways(rounds) == [*one_by_one, ["confirmed"] * 4]
    assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == 3
    assert (await order_of_receipts(services, case_id))[:3] == [f"{each} reversed" for each in TAKEN]
    assert [each["receipt"] for each in await bodies(services, of, "effect_compensated")] == TAKEN
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert len((await referral(services, case_id))["missing"]) == 1
    assert (await effects(services, of))["amend_loan"] == "compensated"
    told = await kinds(services, case_id)
    assert [told.count(each) for each in ("unwinding_planned", "approval_opened", "case_referred")] == [
        1,
        1,
        1,
    ]
    assert (await reconcile_case(services, case_id)).found == ()
