"""Drift over the ledger: what counts, who is lowered, and that the hourly watch does it without anybody asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from api.demo.identities import ensure_demo
from api.http.app import create_app
from api.runner import sweep
from api.settings import Settings
from audit.events import DecisionReached, Event, FindingReturned
from audit.model_level import StandingReviewed
from checkpoints.autonomy import Place
from domain.autonomy import Level
from domain.case import Case, CaseStatus
from domain.clock import SetClock
from domain.errors import BadInput, Conflict
from graphs.model_watch import freeze, look, watch_drift
from graphs.services import Services
from policies.autonomy import Autonomy, DriftRule
from tests.fakes.books import under_book
from tests.fakes.casework import advance
from tests.fakes.front import Front, is_problem

BUREAU = Place("bureau_analyst", "loan_amendment")
SMALL = Autonomy(drift=DriftRule(window=40, reference=30, false_alarm_bps=100))
GOOD, BAD = ("delinquency_isolated=supports",), ("delinquency_isolated=does_not_support",)


@pytest.fixture
def watched(services: Services) -> Services:
    """A bank whose book asks for thirty findings and looks at forty."""
    return under_book(services, "loan_amendment", autonomy=SMALL)


class Found:
    """Findings of the bureau analyst in cases of their own, as the ledger keeps them."""

    def __init__(self, services: Services, clock: SetClock) -> None:
        self._services, self._clock, self._n = services, clock, 0

    async def come(self, answers: Sequence[str], n: int, model: str = "model-1", **more: object) -> None:
        """``n`` findings, a minute apart."""
        for _ in range(n):
            self._clock.forward(timedelta(minutes=1))
            given = {"answers": tuple(answers), "models": (model,), "autonomy": "act", **more}
            await self.one(FindingReturned.model_validate(FINDING | given))

    async def one(self, finding: Event) -> str:
        """One finding with what policy decided; its case."""
        self._n += 1
        here, case_id = self._services, f"loan_amendment-{self._n}"
        async with here.database.transaction() as connection:
            await here.cases.insert(connection, _case(here, case_id), {})
            decided = DecisionReached.model_validate(DECIDED)
            for n, event in enumerate((finding, decided)):
                await here.ledger.append(connection, case_id, str(n), event)
        return case_id


class OldFinding(Event):
    """A finding as the first version of the event kept it."""

    specialist: str
    finding_digest: str
    produced_by: str
    degraded: bool
    gaps: tuple[str, ...]
    holds: tuple[str, ...]

    @classmethod
    def kind(cls) -> str:
        return "finding_returned"


FINDING = {
    "specialist": "bureau_analyst",
    "finding_digest": "f" * 64,
    "produced_by": "model",
    "degraded": False,
    "gaps": (),
    "holds": (),
    "prompt_digest": "p" * 64,
    "confidence_bps": 9_200,
}
DECIDED = {
    "outcome": "approve",
    "rows_hit": (),
    "principal_reasons": (),
    "conditions": (),
    "facts_digest": "d" * 64,
    "policy_version": "test",
}


def _case(here: Services, case_id: str) -> Case:
    now = here.clock.now()
    return Case(
        id=case_id,
        kind="loan_amendment",
        status=CaseStatus.CLOSED,
        policy_version=here.books.seed("loan_amendment").version,
        application_date=now.date(),
        opened_at=now,
        maker="advisor-1",
        content_digest="c" * 64,
    )


async def test_a_changed_mix_lowers_by_one_level_and_the_same_findings_do_not_lower_again(
    watched: Services, clock: SetClock
) -> None:
    found = Found(watched, clock)
    await found.come(GOOD, 30)
    await freeze(watched, BUREAU, "approved with the new prompt", "risk-1")
    await found.come(GOOD, 10)
    assert not any(each.breaches for each in await watch_drift(watched))
    await found.come(BAD, 15)
    assert (await watched.autonomy.stood(BUREAU)).level is Level.ACT, "looking is the watch's work"
    await watch_drift(watched)
    await watch_drift(watched)
    assert (await watched.autonomy.stood(BUREAU)).level is Level.SAMPLED
    told = [
        each
        for each in await watched.ledger.entries("ops")
        if each.kind in ("autonomy_lowered", "drift_found")
    ]
    assert [each.kind for each in told] == ["autonomy_lowered", "drift_found"]
    assert told[0].actor == "drift monitor"
    assert "judgement:delinquency_isolated" in told[1].body["breaches"][0]


async def test_drift_that_goes_on_leads_down_to_the_shadow(watched: Services, clock: SetClock) -> None:
    found = Found(watched, clock)
    await found.come(GOOD, 30)
    await freeze(watched, BUREAU, "approved", "risk-1")
    for level in (Level.SAMPLED, Level.ADVISE, Level.SHADOW):
        await found.come(BAD, 15)
        await watch_drift(watched)
        assert (await watched.autonomy.stood(BUREAU)).level is level


async def test_the_hourly_watch_of_the_runners_lowers_without_anybody_asking(
    watched: Services, clock: SetClock
) -> None:
    found = Found(watched, clock)
    await found.come(GOOD, 30)
    await freeze(watched, BUREAU, "approved", "risk-1")
    await found.come(BAD, 15)
    await sweep(watched, stall_seconds=3600)
    clock.forward(timedelta(hours=1))
    await sweep(watched, stall_seconds=3600)
    query = "select args ->> 'case_id' as due from procrastinate_jobs where status = 'todo'"
    (job,) = await watched.database.rows(query)
    await advance(watched, job["due"])
    assert (await watched.autonomy.stood(BUREAU)).level is Level.SAMPLED


async def test_findings_of_another_model_are_counted_apart_until_they_are_frozen(
    watched: Services, clock: SetClock
) -> None:
    found = Found(watched, clock)
    await found.come(GOOD, 30)
    await freeze(watched, BUREAU, "approved", "risk-1")
    await found.come(BAD, 20, model="model-2")
    await found.come(BAD, 20, prompt_digest="q" * 64)
    (seen,) = await look(watched)
    assert (seen.findings, seen.others, seen.breaches) == (0, 40, ())


async def test_what_is_not_used_or_was_made_without_a_model_is_not_counted(
    watched: Services, clock: SetClock
) -> None:
    found = Found(watched, clock)
    await found.come(GOOD, 30)
    await freeze(watched, BUREAU, "approved", "risk-1")
    await found.come((), 10, models=(), produced_by="playbook")
    await found.come((), 10, autonomy="shadow")
    (seen,) = await look(watched)
    assert (seen.findings, seen.others) == (0, 0)


async def test_a_reviewer_who_disagrees_counts_as_an_override(watched: Services, clock: SetClock) -> None:
    found = Found(watched, clock)
    await found.come(GOOD, 2)
    for case, verdict in (("loan_amendment-1", "agreed"), ("loan_amendment-2", "disagreed")):
        event = StandingReviewed(boundary="offer", verdict=verdict, reason="looked")
        await watched.ledger.record(case, "review", event, "risk-1")
    assert [each.observation.otherwise for each in await watched.drift.seen(BUREAU)] == [False, True]


async def test_too_few_findings_are_no_reference_and_a_reference_needs_a_reason(
    watched: Services, clock: SetClock
) -> None:
    await Found(watched, clock).come(GOOD, 29)
    with pytest.raises(Conflict, match="29 findings by model-1"):
        await freeze(watched, BUREAU, "approved", "risk-1")
    with pytest.raises(BadInput):
        await freeze(watched, BUREAU, " - ", "risk-1")
    assert await watched.drift.references() == []


async def test_findings_from_before_their_mix_was_kept_stay_readable_and_count_nowhere(
    watched: Services, clock: SetClock
) -> None:
    first = {name: each for name, each in FINDING.items() if name not in ("prompt_digest", "confidence_bps")}
    found = Found(watched, clock)
    await found.come(GOOD, 30)
    case_id = await found.one(OldFinding.model_validate(first))
    assert len(await watched.drift.seen(BUREAU)) == 30
    assert (await watched.ledger.entries(case_id))[0].schema_version == 1


async def test_references_and_readings_are_seen_over_http_by_those_who_may(
    watched: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(watched, ensure_demo(settings, clock)), settings)
    await Found(watched, clock).come(GOOD, 30)
    said = {
        "specialist": "bureau_analyst",
        "workflow": "loan_amendment",
        "reason": "approved by the committee",
    }
    assert is_problem(await front.ask("advisor", "POST", "/v1/models/freeze", json=said), 403, "forbidden")
    kept = (await front.ask("model-risk", "POST", "/v1/models/freeze", json=said)).json()
    assert kept["counts"]["judgement:delinquency_isolated"] == {"supports": 30}
    (seen,) = (await front.ask("auditor", "GET", "/v1/models/drift")).json()
    assert (seen["level"], seen["frozen_by"], seen["findings"]) == ("act", "demo-model-risk", 0)
    assert {each["measure"] for each in seen["measures"]} >= {"confidence", "escalation", "decision"}
