"""Identity stays in the vault: nowhere else in the database, and gone for good with its key."""

from __future__ import annotations

import stat

import psycopg
import pytest

from api.demo.stories import self_employed, small_amendment
from api.intake import parse_application
from api.settings import Settings
from checkpoints.journal import read_calls
from domain.clock import SetClock
from domain.errors import NotFound
from domain.identity import IdentityKind
from graphs.services import Services
from tests.fakes.casework import advance, asking, decide, key_destroyed, opened, pending
from tests.fakes.companies import commentary, filing
from tests.fakes.companies import story as company_loan
from tests.fakes.database_text import dump
from tests.fakes.people import SECOND_UNDERWRITER, UNDERWRITER

SECRETS = (
    "FERNWRIGHT", "900-00-0002", "1979-09-30", "UTO0000027", "1 Example Street, Demo City",
    "HALYARD", "900-00-0004", "DEMO-ACCT-000417", "C-1002",
)  # fmt: skip


async def test_no_identity_stands_anywhere_in_the_database_in_clear(
    services: Services, clock: SetClock
) -> None:
    letter = "I, Jules Demo Fernwright (900-00-0002), have a full order book."
    story = asking(self_employed(clock.now().date()), letter_of_explanation=letter)
    loan = await opened(services, story)
    await decide(services, UNDERWRITER, await pending(services, loan))
    await decide(services, SECOND_UNDERWRITER, await pending(services, loan))
    await advance(services, loan)
    await opened(services, small_amendment(clock.now().date()), "amendment")
    everything = (await dump(services)).upper()
    hexed = {secret: secret.encode().hex().upper() for secret in SECRETS}
    assert "SANCTIONS_STATUS" in everything
    assert [s for s in SECRETS if s.upper() in everything or hexed[s] in everything] == []


async def test_identifiers_of_strangers_in_letters_and_records_go_to_the_vault(
    services: Services, clock: SetClock
) -> None:
    strangers = ("078-05-1120", "stranger@example.org", "4111 1111 1111 1111")
    said = f"My brother ({strangers[0]}, {strangers[1]}) pays from card {strangers[2]}."
    story = asking(self_employed(clock.now().date()), letter_of_explanation=said)
    loan = await opened(services, story)
    lent = await opened(services, company_loan(filing(), commentary(said)), "company")
    everything = await dump(services)
    assert [each for each in strangers if each in everything] == []
    for case_id in (loan, lent):
        kept = {value for _, value in (await services.vault.values(case_id)).values()}
        assert {*strangers} <= kept
    assert "My brother (tok_said_tax_number_" in everything


async def test_destroyed_key_erases_the_person_and_leaves_the_chain_whole(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, self_employed(clock.now().date()))
    assert await read_calls(services.database, services.vault, case_id)
    await key_destroyed(services, case_id)
    with pytest.raises(NotFound):
        await services.vault.values(case_id)
    with pytest.raises(NotFound):
        await read_calls(services.database, services.vault, case_id)
    assert (await services.ledger.verify(case_id)).verified


async def test_same_person_is_found_across_cases_without_being_shown(
    services: Services, clock: SetClock
) -> None:
    story = self_employed(clock.now().date())
    first, second = await opened(services, story, "one"), await opened(services, story, "two")
    found = await services.vault.cases_with(IdentityKind.NAME, "Fernwright, Jules Demo")
    assert sorted(found) == sorted([first, second])
    assert await services.vault.cases_with(IdentityKind.NAME, "Somebody Else") == []


def test_demo_key_is_readable_by_its_owner_alone(settings: Settings) -> None:
    assert stat.S_IMODE(settings.vault_key.stat().st_mode) == 0o600


async def test_ledger_cannot_be_rewritten_even_with_sql(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, small_amendment(clock.now().date()))
    for statement in ("update countersign.ledger set actor = 'x'", "delete from countersign.ledger"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            await services.database.rows(statement)  # type: ignore[arg-type]
    assert (await services.ledger.verify(case_id)).verified


async def test_the_vault_gives_nothing_for_a_token_of_another_case(
    services: Services, clock: SetClock
) -> None:
    one = await opened(services, self_employed(clock.now().date()))
    other = await opened(services, small_amendment(clock.now().date()), "amendment")
    foreign = next(iter(set(await services.vault.values(other)) - set(await services.vault.values(one))))
    with pytest.raises(NotFound):
        await services.vault.reveal(one, foreign)


async def test_a_case_without_a_key_takes_no_identity(services: Services, clock: SetClock) -> None:
    application = parse_application(self_employed(clock.now().date()).application)
    with pytest.raises(NotFound):
        async with services.database.transaction() as connection:
            await services.vault.tokenise(connection, "keyless", application, "application")
    assert await services.database.rows("select * from countersign.vault where case_id = 'keyless'") == []
