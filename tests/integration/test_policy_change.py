"""Policy changes as a governed case: proposed on its simulation, signed by two, in force at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import small_amendment
from api.http.app import create_app
from api.settings import Settings
from audit.record import RowsStamped
from checkpoints.books import BookShelf
from checkpoints.ledger import OPS
from checkpoints.rows import stamps_of
from domain.approval import Action, ApprovalStatus
from domain.case import Case
from domain.clock import SetClock
from domain.decision import Verb
from domain.effect import EffectOrder
from domain.errors import BadInput, Conflict, Forbidden, NotFound, Refused
from domain.person import Person
from graphs.catalog import VOCABULARY
from graphs.policy_change.proposing import Wish, propose
from graphs.policy_change.simulation import Question, simulate
from graphs.services import Services, install
from policies.citations import digest_of
from policies.loader import shipped, shipped_examples
from tests.fakes.casework import advance, bodies, decide, kinds, open_story, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import ADVISOR
from tests.fakes.policies import (
    CHIEF_RISK,
    OWNER,
    RISK,
    SECOND_OWNER,
    STRICTER,
    changed,
    proposed,
    published,
    signed,
)
from tools.policy_books import PublishBook, terms

KIND = "loan_amendment"
SRE = Person("sre-1", groups=frozenset({"sre"}))


async def test_a_version_that_two_people_signed_is_in_force_in_every_process_and_cases_in_flight_keep_theirs(
    services: Services, clock: SetClock
) -> None:
    other = BookShelf(
        services.database, VOCABULARY, shipped(VOCABULARY)
    )  # of another process, started before
    before = await open_story(services, small_amendment(clock.now().date()), "before")
    candidate = changed(services, KIND, *STRICTER)
    case = await published(services, candidate)
    assert (case.outcome, (await other.current(KIND)).version) == ("published", candidate.version)
    after = await open_story(services, small_amendment(clock.now().date()), "after")
    pinned = [(await services.cases.get(each)).policy_version for each in (before, after)]
    assert pinned == [services.books.seed(KIND).version, candidate.version]
    await advance(services, before)
    assert [each["policy_version"] for each in await bodies(services, before, "decision_reached")] == pinned[
        :1
    ]
    assert (await services.ledger.verify(case.id)).verified


async def test_one_signature_is_not_enough_and_who_proposes_signs_nothing(services: Services) -> None:
    proposer = replace(OWNER, groups=OWNER.groups | RISK.groups)
    case = await proposed(services, changed(services, KIND, *STRICTER), proposer)
    with pytest.raises(Forbidden, match="maker"):
        await signed(services, case, proposer)
    await signed(services, case, SECOND_OWNER)
    with pytest.raises(Forbidden, match="twice"):
        await signed(services, case, SECOND_OWNER)
    await advance(services, case.id)
    assert (await services.books.current(KIND)).version == services.books.seed(KIND).version
    assert (await pending(services, case.id)).status is ApprovalStatus.PENDING


async def test_rows_whose_source_is_not_primary_are_acknowledged_one_by_one_list(services: Services) -> None:
    candidate = changed(services, KIND, *STRICTER)
    for said in (None, "0" * 64):
        with pytest.raises(BadInput, match="rows rest on a source that is not primary") as refused:
            await proposed(services, candidate, acknowledges=said)
    assert len(str(refused.value.attributes["remedy"]).split()[-1]) == 64
    refusals = [each for each in await services.ledger.entries(OPS) if each.body.get("action") == "propose"]
    assert refusals[0].actor == RISK.id


async def test_only_whom_the_book_names_proposes_and_never_what_is_in_force_or_waits(
    services: Services,
) -> None:
    candidate = changed(services, KIND, *STRICTER)
    with pytest.raises(Forbidden, match="proposed by risk_officers"):
        await proposed(services, candidate, ADVISOR)
    with pytest.raises(Conflict, match="in force already"):
        await proposed(services, services.books.seed(KIND))
    await proposed(services, candidate)
    with pytest.raises(Conflict, match="proposed already"):
        await proposed(services, candidate)


async def test_what_another_version_overtook_is_never_published(services: Services) -> None:
    first, second = (changed(services, KIND, STRICTER[0], STRICTER[1].replace("2", n)) for n in ("5", "2"))
    slow = await proposed(services, first)
    await published(services, second)
    for person in (OWNER, CHIEF_RISK):
        await signed(services, slow, person)
    await advance(services, slow.id)
    assert (await services.books.current(KIND)).version == second.version
    assert (await services.cases.get(slow.id)).status == "referred"
    late = await bodies(services, slow.id, "case_referred")
    assert "another version is live" in str(late)


async def test_a_signature_is_bound_to_exactly_the_candidate_and_its_report(services: Services) -> None:
    case = await proposed(services, changed(services, KIND, *STRICTER))
    request, proposal = await pending(services, case.id), await services.proposals.of((case.id,))
    (action,) = request.actions
    assert (action.args["source_sha256"], action.args["report_digest"]) == (
        proposal.source_sha256,
        proposal.report_digest,
    )
    for name in action.args:
        forged = Action(name=action.name, args={**action.args, name: "0"}, irreversible=True)
        changed_request = request.model_copy(update={"actions": (forged,)})
        assert changed_request.binding != request.digest
    with pytest.raises(Conflict, match="changed since you looked"):
        await decide(services, OWNER, request.model_copy(update={"digest": "0" * 64}))


@pytest.mark.parametrize("verb", [Verb.REJECT, Verb.OVERRIDE])
async def test_a_proposal_that_is_rejected_or_overridden_changes_nothing(
    services: Services, verb: Verb
) -> None:
    case = await proposed(services, changed(services, KIND, *STRICTER))
    for person in (CHIEF_RISK, replace(OWNER, groups=OWNER.groups | {"senior"}))[
        : 1 + (verb is Verb.OVERRIDE)
    ]:
        await decide(services, person, await pending(services, case.id), verb, "policy")
    await advance(services, case.id)
    assert (await services.books.current(KIND)).version == services.books.seed(KIND).version
    with pytest.raises(Refused, match="2 people sign"):
        await performed(services, case)
    assert "policy_published" not in await kinds(services, OPS)


async def test_an_earlier_version_comes_back_the_same_way_with_its_reason(services: Services) -> None:
    await published(services, changed(services, KIND, *STRICTER))
    seed = services.books.seed(KIND)
    back = await published(
        services, seed, action="rollback", reason="Too many honest customers were declined."
    )
    assert (back.outcome, (await services.books.current(KIND)).version) == ("published", seed.version)
    newest, first = await services.books.history(KIND)
    assert (newest["action"], newest["reason"], first["action"]) == (
        "rollback", "Too many honest customers were declined.", "publish",
    )  # fmt: skip


async def test_a_change_of_the_decided_past_is_signed_with_what_it_would_have_turned(
    services: Services, clock: SetClock
) -> None:
    await opened(services, small_amendment(clock.now().date()))
    piece = ("{id: A1, then: {outcome: approve}}", "{id: A1, then: {outcome: refer}}")
    case = await proposed(services, changed(services, KIND, *piece), examples=shipped_examples(KIND))
    request = await pending(services, case.id)
    assert "approve → refer: 1 cases" in " ".join(request.packet.exceptions)
    assert [row[:2] for row in request.packet.policy_rows][:1] == ["P3"]
    assert request.quorum == 3  # the book's own example of a clean amendment fails


async def performed(services: Services, case: Case, **args: str) -> None:
    """The effect as the outbox would ask for it, but for these arguments."""
    proposal = await services.proposals.of((case.id,))
    action = Action(name="publish_book", args={**terms(proposal), **args})
    order = EffectOrder(case_id=case.id, step="s", action=action, key="k")
    async with services.database.transaction() as connection:
        await PublishBook().perform_in(connection, order, "2026-03-02T15:00:00+00:00")


async def test_the_effect_publishes_nothing_but_what_two_people_signed_on_the_live_book(
    services: Services,
) -> None:
    first, second = (changed(services, KIND, STRICTER[0], STRICTER[1].replace("2", n)) for n in ("5", "2"))
    slow = await proposed(services, first)
    with pytest.raises(Refused, match="2 people sign"):
        await performed(services, slow)
    with pytest.raises(Refused, match="not what the case proposes"):
        await performed(services, slow, report_digest="0")
    for person in (OWNER, CHIEF_RISK):
        await signed(services, slow, person)
    async with services.database.transaction() as connection:
        await connection.execute(
            "insert into countersign.books values (%s, %s, 'another', now())", (first.version, KIND)
        )
    with pytest.raises(Refused, match="another book is kept under this version"):
        await performed(services, slow)
    await published(services, second)
    with pytest.raises(Refused, match="another version came into force"):
        await performed(services, slow)


async def test_a_candidate_or_a_report_that_was_tampered_with_is_declined_or_stands_still(
    services: Services,
) -> None:
    case = await proposed(services, changed(services, KIND, *STRICTER), moved=False)
    async with services.database.transaction() as connection:
        await connection.execute("alter table countersign.proposals disable trigger proposals_append_only")
        await connection.execute("update countersign.proposals set report = report || '{\"compared\": 7}'")
    await advance(services, case.id)
    (halted,) = await services.halts.all()
    assert (halted["target"], "proposal: it is not as event" in halted["reason"]) == (f"case:{case.id}", True)
    event = RowsStamped(
        stamps=await _stamp_of_proposal(services, case.id)
    )  # somebody who wrote the record too
    await services.ledger.record(case.id, "forged", event)
    await services.halts.resume(SRE, f"case:{case.id}", "it looks well again")
    await advance(services, case.id)
    assert (await services.cases.get(case.id)).outcome == "declined"


async def _stamp_of_proposal(services: Services, case_id: str) -> dict[str, str]:
    async with services.database.transaction() as connection:
        return await stamps_of(connection, case_id, ["proposal"])


async def test_what_the_loader_takes_no_more_is_not_published_though_it_was_signed(
    services: Services,
) -> None:
    case = await proposed(services, changed(services, KIND, *STRICTER))
    for person in (OWNER, SECOND_OWNER):
        await signed(services, case, person)
    poorer = replace(VOCABULARY, effects=VOCABULARY.effects - {"amend_loan"})
    books = BookShelf(services.database, poorer, shipped(VOCABULARY))
    install(replace(services, books=books))
    await advance(replace(services, books=books), case.id)
    assert (await books.current(KIND)).version == books.seed(KIND).version
    assert "amend_loan does not exist" in str(await bodies(services, case.id, "case_referred"))


async def test_a_report_on_another_live_book_proposes_nothing(services: Services) -> None:
    candidate = changed(services, KIND, STRICTER[0], STRICTER[1].replace("2", "5"))
    report = await simulate(services, Question(candidate))
    await published(services, changed(services, KIND, *STRICTER))
    wish = Wish("publish", candidate, report, digest_of(report.not_primary), "Late payments rose.")
    with pytest.raises(Conflict, match="the report compares"):
        await propose(services, RISK, wish)
    with pytest.raises(NotFound, match="proposes no change"):
        await services.proposals.of(("home_loan-1",))


async def test_what_was_published_is_never_changed_in_place(services: Services) -> None:
    await published(services, changed(services, KIND, *STRICTER))
    for statement in (
        "delete from countersign.publications",
        "update countersign.proposals set report = '{}'",
        "update countersign.books set source = ''",
    ):
        with pytest.raises(Exception, match="never changed"):
            async with services.database.transaction() as connection:
                await connection.execute(statement)


async def test_the_api_takes_a_change_from_its_proposal_to_force(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    source = changed(services, KIND, *STRICTER).source
    simulated = (
        await front.ask("risk-officer", "POST", "/v1/policy/simulations", json={"source": source})
    ).json()
    body = {"source": source, "reason": "Late payments rose.", "acknowledges": simulated["acknowledge"]}
    assert is_problem(await front.ask("auditor", "POST", "/v1/policy/proposals", json=body), 403, "forbidden")
    opened_case = (await front.ask("risk-officer", "POST", "/v1/policy/proposals", json=body)).json()
    await advance(services, opened_case["id"])
    for who in ("policy-owner-1", "policy-owner-2", "chief-risk"):  # against an example of the book
        (item,) = (await front.ask(who, "GET", "/v1/approvals")).json()
        request = (await front.ask(who, "GET", f"/v1/approvals/{item['id']}")).json()["request"]
        said = {"verb": "approve", "reason": "read", "digest": request["digest"]}
        await front.ask(who, "POST", f"/v1/approvals/{request['id']}/decide", json=said)
    await advance(services, opened_case["id"])
    live = {each["kind"]: each for each in (await front.ask("auditor", "GET", "/v1/policy/books")).json()}
    assert (live[KIND]["version"], live[KIND]["publication"]) == (simulated["candidate"], 1)
    listed = (await front.ask("auditor", "GET", f"/v1/policy/kinds/{KIND}/publications")).json()
    assert [each["action"] for each in listed] == ["publish", "seed"]
