"""Policy decides: the table over verified facts, then who must countersign or whether the book grants standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from audit.events import DecisionReached
from audit.failures import ExceptionsLetPass
from audit.model_level import StandingWithheld
from checkpoints.standing import Grant, Use
from domain.approval import Action, EvidencePacket, binding_digest
from domain.autonomy import Level, lowest, needs_person
from domain.canonical import digest
from domain.decision import Decision, Outcome
from domain.finding import Fact
from graphs.autonomy import levels_behind, told
from graphs.lease import lease_for
from graphs.recording import record
from graphs.sealing import of_sealed_place
from graphs.services import services
from graphs.supervisor.account import account
from graphs.supervisor.actions import proposed
from graphs.supervisor.exceptions import left_degraded, left_gaps, let_pass
from graphs.supervisor.judged import judged
from graphs.supervisor.known import (
    Standing,
    behind,
    decision,
    disagreements,
    facts,
    findings,
    open_gaps,
    standing,
)
from graphs.supervisor.packet import evidence
from graphs.supervisor.state import CaseState, KeptText
from policies.book import InForce, StandingRow
from policies.concluding import conclude, leave

PLACE_WITHHELD = "a text from outside"  # where it stood would say what only compliance may know


async def decide(state: CaseState) -> dict[str, Any]:
    """Evaluates the decision table; records what policy concluded, and what it let pass. May run again."""
    here = await standing(state)
    state = {**state, "quarantined": await _quarantined(state)}
    concluded, passed = decided(here.book, state), let_pass(here.book, state)
    event = DecisionReached(
        outcome=concluded.outcome,
        rows_hit=concluded.rows_hit,
        principal_reasons=concluded.principal_reasons,
        conditions=concluded.conditions,
        facts_digest=digest(concluded.facts),
        policy_version=concluded.policy_version,
        account=account(here, state, concluded, values=False),
    )
    key = f"decide/{state['round']}/{len(state.get('approvals', []))}"
    if passed:
        told_of = ExceptionsLetPass(exceptions=tuple(str(each) for each in passed))
        await record(here.case.id, key, told_of)
    await record(here.case.id, key, event)
    return {
        "decision": concluded.model_dump(mode="json"),
        "autonomy": await told(here.book, behind(state)),
        "risk": "high" if state["quarantined"] else str(concluded.facts.get("kyc_risk", "high")),
        "quarantined": state["quarantined"],
    }


async def _quarantined(state: CaseState) -> list[KeptText]:
    """The texts of the case and of what it is a copy of that agents did not get."""
    here = services()
    cases = (state["case_id"], *await here.cases.ancestors(state["case_id"]))
    return [
        KeptText(
            token=each.token,
            place=PLACE_WITHHELD if of_sealed_place(each.place) else each.place,
            rule=each.rule,
            by=f"{each.guardrail} {each.version}",
        )
        for each in await here.quarantine.of_cases(cases)
    ]


def route_after_decide(
    state: CaseState,
) -> Literal["use_standing_authority", "prepare_offer", "prepare_compliance"]:
    """Held cases go to compliance, approvals may have standing authority, everything else to a person."""
    outcome = decision(state).outcome
    if outcome is Outcome.HOLD and state.get("reviewed") is None:
        return "prepare_compliance"
    return "use_standing_authority" if outcome is Outcome.APPROVE else "prepare_offer"


async def use_standing_authority(state: CaseState) -> dict[str, Any]:
    """Uses the book's standing authority if a row grants it and today's cap allows it. May run again."""
    here = await standing(state)
    row = granting(here.book, here.case.product, here.case.amount_cents, state["risk"])
    actions = proposed(here, state)
    if (
        here.case.simulation
        or state.get("quarantined")  # whatever the book says: somebody tried to steer the work on this case
        or row is None
        or not actions
        or any(each.adverse or each.irreversible for each in actions)
    ):
        return {"standing": None}
    levels = await levels_behind(here.book, behind(state))  # at this moment, not at the decision's
    if needs_person(lowest(levels.values())):
        return await _withheld(here, state, row, levels)
    packet = evidence(here, state, "nobody: this runs on standing authority")
    grant, use = _grant(here, state, row, lowest(levels.values())), _use(here, levels, actions, packet)
    return await _used(here.case.id, grant, use, _authorised(use, actions, packet, here))


def route_after_standing(state: CaseState) -> Literal["open_conditions", "prepare_offer"]:
    """On to conditions and settlement when the book granted it."""
    return "open_conditions" if state.get("standing") else "prepare_offer"


def decided(book: InForce, state: CaseState) -> Decision:
    """What policy concludes over what a case knows. Pure: the step, a simulation and a shadow decide through it."""
    if state.get("reviewed") == "confirmed":
        return leave(book, facts(state) | judged(book, tuple(findings(state).values())))
    return _with_reviews(book, state, conclude(book, table_facts(book, state)))


def table_facts(book: InForce, state: CaseState) -> dict[str, Fact]:
    """Known facts with those that the supervisor derives; a dissent that no rule settled is a gap too.

    Exceptions of low risk that the book lets pass are none.
    """
    unsettled = [each for each in disagreements(book, state) if each.settled_by is None]
    found, passed = tuple(findings(state).values()), let_pass(book, state)
    return (
        facts(state)
        | judged(book, found)
        | {
            "open_gaps": left_gaps(state, passed) + len(unsettled),
            "degraded": left_degraded(state, passed),
            "text_quarantined": bool(state.get("quarantined")),
        }
    )


def _with_reviews(book: InForce, state: CaseState, concluded: Decision) -> Decision:
    """A judgement that the judge does not uphold refers the case, where the book says so, whatever its rows say."""
    if book.rules.judgements.overturned != "refer" or concluded.outcome is not Outcome.APPROVE:
        return concluded
    refused = any(gap.code.startswith(("overturned:", "unreviewed:")) for gap in open_gaps(state))
    return concluded.model_copy(update={"outcome": Outcome.REFER}) if refused else concluded


def granting(book: InForce, product: str, amount_cents: int, risk: str) -> StandingRow | None:
    """The row of the book that lets an offer run without a person; daily caps are the use's. Pure."""
    for row in book.rules.standing:
        fits = row.product in (product, "*") and amount_cents <= row.max_cents
        if row.boundary == "offer" and fits and risk in row.risks:
            return row
    return None


async def _withheld(
    here: Standing, state: CaseState, row: StandingRow, levels: Mapping[str, Level]
) -> dict[str, Any]:
    """The book would grant it; who may only advise brings nothing about without a person."""
    because = tuple(job for job, level in levels.items() if needs_person(level))
    event = StandingWithheld(boundary=row.boundary, level=lowest(levels.values()), because=because)
    await record(here.case.id, f"standing/{state['round']}/{len(state.get('approvals', []))}", event)
    return {"standing": None, "autonomy": await told(here.book, behind(state))}


def _grant(here: Standing, state: CaseState, row: StandingRow, level: Level) -> Grant:
    """What the row grants; the largest share that anything behind it asks for is drawn for review.

    Of a specialist at ``sampled`` that is the book's, of exceptions that were let pass that of their rows.
    """
    shares = [row.sample_bps, *(each.row.sample_bps for each in let_pass(here.book, state))]
    share = max(shares + [here.book.rules.autonomy.sampled_bps] * (level is Level.SAMPLED))
    return Grant(f"{here.case.kind}/{row.boundary}/{row.product}", row.daily_uses, row.daily_cents, share)


def _use(
    here: Standing, levels: Mapping[str, Level], actions: tuple[Action, ...], packet: EvidencePacket
) -> Use:
    return Use(
        id=f"{here.case.id}/offer",
        case_id=here.case.id,
        digest=binding_digest((actions, (), ()), packet, here.book.version),
        amount_cents=here.case.amount_cents,
        specialists=tuple(levels),
        autonomy=lowest(levels.values()),
    )


async def _used(case_id: str, grant: Grant, use: Use, authorised: list[dict[str, Any]]) -> dict[str, Any]:
    async with services().database.transaction(await lease_for(case_id)) as connection:
        granted = await services().standing.use(connection, grant, use, services().clock.now().date())
    if not granted:
        return {"standing": None}
    return {"standing": use.id, "authorised": authorised, "outcome": "approved"}


def _authorised(
    use: Use, actions: tuple[Action, ...], packet: EvidencePacket, here: Standing
) -> list[dict[str, Any]]:
    plain = [each.model_dump(mode="json") for each in actions]
    claim = {
        "use_id": use.id,
        "actions": plain,
        "packet": packet.model_dump(mode="json"),
        "policy_version": here.book.version,
    }
    return [{"action": each, "claim": claim} for each in plain]
