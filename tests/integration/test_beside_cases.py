"""What supervision keeps beside a case, and what is the whole bank's: changed behind the record, it is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.chatting import Saying, say
from api.demo.stories import routine, small_amendment
from checkpoints.autonomy import Place
from checkpoints.drift import Reference, Version
from checkpoints.golden import Proof as Proven
from checkpoints.ledger import OPS
from checkpoints.proofs import Proof, examine
from domain.autonomy import Level
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import RecordChanged
from domain.golden import Alike, Score
from domain.person import Person
from graphs.policy_change.shadowing import compare_new, start
from graphs.services import Services
from graphs.waiving import Wish, ask_waiver
from tests.fakes.casework import advance, decide, opened, pending, without
from tests.fakes.people import ADVISOR, SENIOR, UNDERWRITER
from tests.fakes.policies import RISK, STRICTER, changed, published

COUNTY = Wish(
    "county_confirmed", "met_in_substance", "The report of last month shows the share below the limit."
)
COUNSEL = Person("counsel-1", groups=frozenset({"counsel"}))
BUREAU = Place("bureau_analyst", "loan_amendment")
SCORE = Score(n=4, right=4, open=0, wrong=0, samples=Alike(), rewordings=Alike(), swaps=Alike())
AT = "'2026-03-02'"
OF_A_CASE = {  # what somebody with the whole database might do: where it is found
    "update countersign.conditions set waived = false": "condition/county_confirmed",
    "update countersign.conditions set text = 'nothing'": "condition/county_confirmed",
    "delete from countersign.conditions": "condition/county_confirmed",
    "update countersign.waivers set reason_code = 'no_longer_applies'": "waiver/",
    "delete from countersign.waivers": "waiver/",
    "update countersign.register_entries set entry = entry || '{\"x\": 1}'": "register",
    f"insert into countersign.clearances values ('s', 'sanctions', '1', 'v', 'a', '{{case}}', {AT})": "clearance/a/",
    f"insert into countersign.referrals values ('{{case}}', 'stuck', '{{}}', '{{x}}', 'y', {AT}, {AT})": "referral",
    f"insert into countersign.information_requests values ('{{case}}', 'w', '{{}}', '{{}}', {AT}, {AT}, {AT})": (
        "information/w"
    ),
    f"insert into countersign.erasures values ('{{case}}', 'a', 'why', {AT}, {AT}, 'b', {AT})": "erasure",
}  # fmt: skip
OF_THE_BANK = {
    "update countersign.autonomy set level = 'act'": "autonomy/loan_amendment/bureau_analyst",
    "delete from countersign.autonomy": "autonomy/loan_amendment/bureau_analyst",
    "update countersign.golden_results set score = score || '{\"right\": 9}'": "golden/bureau_analyst/model-1/",
    "delete from countersign.golden_results": "golden/bureau_analyst/model-1/",
    f"insert into countersign.golden_results values ('x', 'm', 'm', 'v', {AT}, '{{}}', 'a')": "golden/x/m/",
    "update countersign.drift_references set counts = '{}'": "reference/bureau_analyst in loan_amendment/",
    "update countersign.legal_holds set lifted_at = at, lifted_by = 'x'": "hold/everything/LIT-1/",
    "delete from countersign.legal_holds": "hold/everything/LIT-1/",
    "update countersign.books set source = source || '#'": "book/",
    f"insert into countersign.books values ('home_loan@x:1', 'home_loan', 'x', {AT})": "book/home_loan@x:1",
    f"insert into countersign.shadows values ('s', 'k', 'v', 'x', 'r', 'p', {AT})": "shadow/s",
}  # fmt: skip

OF_A_CHAT = {
    "update countersign.chat_turns set answer = set_byte(answer, 9, get_byte(answer, 9) # 1)": "answered/1",
    "update countersign.chat_turns set message = answer": "turn/1",
    "update countersign.chat_turns set answer = null, answered_at = null": "answered/1",
    "update countersign.chat_turns set groups = groups || array['auditors']": "turn/1",
    "delete from countersign.chat_turns": "turn/1",
    f"insert into countersign.chat_turns values ('{{case}}', 2, 'a', '{{}}', 'k2', '\\x00', {AT})": "turn/2",
}
OF_A_SHADOW = {
    "update countersign.shadow_decisions set shadow = 'decline'": "seen/",
    "update countersign.shadow_decisions set rows = rows || array['X']": "seen/",
    "delete from countersign.shadow_decisions": "seen/",
    f"insert into countersign.shadow_decisions select id, 'c', 1, 'approve', 'approve', '{{}}', false, '', {AT} "
    "from countersign.shadows": "seen/",
}


async def examined(services: Services, stream: str, change: str = "") -> Proof:
    """What verification says of a stream after a change that is undone again."""
    async with services.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")  # no trigger sees it
        await connection.execute("savepoint untouched")
        if change:
            assert (await connection.execute(change)).rowcount, change  # type: ignore[arg-type]
        found = await examine(connection, stream, await services.anchors.tree(connection), [])
        await connection.execute("rollback to savepoint untouched")
    return found


async def missed(services: Services, stream: str, changes: dict[str, str]) -> list[str]:
    """Changes after which nothing is named where it was made."""
    left = []
    for change, where in changes.items():
        found = await examined(services, stream, change.replace("{case}", stream))
        left += [] if [flaw for flaw in found.flaws if flaw.where.startswith(where)] else [change]
    return left


async def test_conditions_waivers_register_clearances_and_referrals_are_vouched_for(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "portfolio_report"))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    request = await ask_waiver(services, UNDERWRITER, case_id, COUNTY)
    assert (await examined(services, case_id)).flaws == ()
    await decide(services, SENIOR, request, Verb.APPROVE)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert (await examined(services, case_id)).flaws == ()
    assert await missed(services, case_id, OF_A_CASE) == []


async def test_proposal_and_publication_are_vouched_for(services: Services) -> None:
    case = await published(services, changed(services, "loan_amendment", *STRICTER))
    changes = {
        "update countersign.proposals set report = report || '{\"flipped\": 0}'": "proposal",
        "update countersign.proposals set proposed_by = 'owner-1'": "proposal",
        "update countersign.publications set version = 'loan_amendment@x:1'": "publication",
        "delete from countersign.publications": "publication",
    }
    assert (await examined(services, case.id)).flaws == (await examined(services, OPS)).flaws == ()
    assert await missed(services, case.id, changes) == []


async def test_what_belongs_to_no_case_is_vouched_for_by_operations(
    services: Services, clock: SetClock
) -> None:
    await services.autonomy.lower(BUREAU, Level.ADVISE, "its answers moved", "model-risk-1")
    await services.golden.keep(
        Proven("bureau_analyst", "model-1", "v" * 64), "model-1", SCORE, "model-risk-1"
    )
    version = Version(("model-1",), "p" * 64)
    reference = Reference(BUREAU, version, clock.now(), 30, {"answers": {"yes": 30}}, "risk-1", "approved")
    await services.drift.freeze(reference)
    clock.forward(clock.now() - clock.now().replace(microsecond=0, second=0, hour=9))
    await services.drift.freeze(replace(reference, frozen_at=clock.now().replace(microsecond=1700)))
    await services.retention.hold(COUNSEL, "everything", "LIT-1", "we are sued")
    found = await examined(services, OPS)
    assert (found.flaws, found.open) == ((), ())
    assert await missed(services, OPS, OF_THE_BANK) == []


async def test_what_was_said_in_a_chat_and_answered_is_vouched_for_at_every_moment(
    services: Services,
) -> None:
    said = await say(services, ADVISOR, Saying("What is the rate for 740 at 80 %?"))
    assert (await examined(services, said.thread)).flaws == ()
    waiting = {each: where for each, where in OF_A_CHAT.items() if "answer" not in each}
    assert await missed(services, said.thread, waiting) == []
    await advance(services, said.thread)
    found = await examined(services, said.thread)
    assert (found.flaws, found.open) == ((), ())
    assert await missed(services, said.thread, OF_A_CHAT) == []


async def test_turn_that_was_changed_before_it_is_answered_is_not_answered(services: Services) -> None:
    said = await say(services, ADVISOR, Saying("What is the rate for 740 at 80 %?"))
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.chat_turns set groups = array['auditors']")
    await advance(services, said.thread)
    assert await services.chats.unanswered(said.thread) is not None
    assert (await examined(services, said.thread)).flaws[0].where == "turn/1"


async def test_what_a_shadow_would_have_decided_is_vouched_for(services: Services, clock: SetClock) -> None:
    await start(services, RISK, changed(services, "loan_amendment", *STRICTER), "Try it first.")
    await opened(services, small_amendment(clock.now().date()))
    assert await compare_new(services) == 1
    assert (await examined(services, OPS)).flaws == ()
    assert await missed(services, OPS, OF_A_SHADOW) == []


async def test_turns_of_before_they_were_stamped_are_adopted_once(services: Services) -> None:
    said = await say(services, ADVISOR, Saying("What is the rate for 740 at 80 %?"))
    await advance(services, said.thread)
    async with services.database.transaction() as connection:
        for n in (2, 3):
            await connection.execute(
                f"insert into countersign.chat_turns values (%s, {n}, 'a', '{{}}', 'k{n}', '\\x00', {AT})",
                (said.thread,),
            )
            await connection.execute("set local session_replication_role = replica")
            if n == 2:
                await connection.execute(
                    "delete from countersign.ledger where key like 'stamps/of-before/turns%'"
                )
            await services.stamps.adopt_turns(connection)
    (flaw,) = (await examined(services, said.thread)).flaws
    assert flaw.where == "turn/3"


async def test_a_book_that_was_exchanged_under_its_version_is_not_used(services: Services) -> None:
    version = services.books.seed("home_loan").version
    async with services.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(
            "update countersign.books set version = 'home_loan@2026.1:000000000000' where version = %s",
            (version,),
        )
    with pytest.raises(RecordChanged, match="is another one"):
        await services.books.pinned("home_loan@2026.1:000000000000")


async def test_rows_of_before_are_adopted_once_in_the_life_of_a_database(services: Services) -> None:
    async with services.database.transaction() as connection:
        assert await services.stamps.adopted(connection)
        await connection.execute(
            f"insert into countersign.golden_results values ('x', 'm', 'm', 'v', {AT}, '{{}}', 'a')"
        )
        await services.stamps.adopt(connection)
    (flaw,) = (await examined(services, OPS)).flaws
    assert flaw.where.startswith("golden/x/m/")
