"""A company's credit from file to boundary, packet and memo: over HTTP and on the command line."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import uvicorn

from api.cli import main
from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.http.app import create_app
from api.settings import Settings
from domain.case import CaseStatus
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, decide, open_story, opened, pending
from tests.fakes.command_line import Said
from tests.fakes.companies import commentary, csv, instance, story
from tests.fakes.front import Front, is_problem
from tests.fakes.people import OFFICER, SECOND_OFFICER

SMALL = {"loan_amount_cents": 500_000_00}
Command = Callable[..., Said]


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock)), settings)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(words)
        out, err = capsys.readouterr()
        return Said(int(left.value.code or 0), out, err)

    return run


@pytest.fixture
async def api(front: Front, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(front.app, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        monkeypatch.setenv("COUNTERSIGN_API_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield
        server.should_exit = True
        await serving


async def test_officer_reads_the_memo_before_and_after_signing(front: Front, services: Services) -> None:
    case_id = await opened(services, story(**SMALL))
    path = f"/v1/cases/{case_id}/memo"
    before = await front.ask("credit-officer-1", "GET", path)
    assert before.headers["content-type"].startswith("text/markdown"), before.text
    assert "Obligor: tok\\_application" not in before.text
    assert "tok_application_company_name" in before.text
    assert "Bridgeworks" not in before.text
    assert "*Nobody has signed yet.*" in before.text
    await decide(services, OFFICER, await pending(services, case_id))
    await advance(services, case_id)
    after = await front.ask("credit-officer-1", "GET", path)
    assert f"- **{OFFICER.id}: approve**" in after.text


async def test_same_case_gives_the_same_pdf(front: Front, services: Services) -> None:
    pytest.importorskip("typst", reason="the documents extra is not installed")
    path = f"/v1/cases/{await opened(services, story(**SMALL))}/memo"
    wants = {"accept": "application/pdf"}
    first, second = [await front.ask("auditor", "GET", path, headers=wants) for _ in range(2)]
    assert (first.headers["content-type"], first.content[:8]) == ("application/pdf", b"%PDF-1.7")
    assert first.content == second.content


async def test_memo_is_for_those_who_may_read_the_case_and_a_home_loan_has_none(
    front: Front, services: Services, clock: SetClock
) -> None:
    company = await opened(services, story(**SMALL))
    stranger = await front.ask("underwriter-1", "GET", f"/v1/cases/{company}/memo")
    assert is_problem(stranger, 404, "not_found")
    home = await opened(services, routine(clock.now().date()), "home")
    assert is_problem(await front.ask("auditor", "GET", f"/v1/cases/{home}/memo"), 404, "not_found")


async def test_company_goes_from_files_to_boundary_packet_and_memo_on_the_command_line(
    command: Command, api: None, services: Services, tmp_path: Path
) -> None:
    case_id = await open_story(services, story(commentary(), **SMALL))
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    (tmp_path / "10k.xml").write_text(instance())
    (tmp_path / "own.csv").write_text(csv())
    (tmp_path / "broken.csv").write_text("period_end,account,amount\n2025-12-31,cash,many\n")
    send = ("--as", "record-feed", "--dated", "2026-02-20")
    filed = await asyncio.to_thread(
        command, "record", case_id, "10k.xml", "--kind", "financial_filing", *send
    )
    assert (filed.code, filed.out.strip()) == (0, "kept"), filed.err
    broken = await asyncio.to_thread(
        command, "record", case_id, "broken.csv", "--kind", "financial_statement", *send
    )
    assert broken.code == 2
    assert (
        "file broken.csv, row 2, field amount: 'many' is no amount in dollars. Remedy: write it as"
        in broken.err
    )
    undated = await asyncio.to_thread(command, "record", case_id, "own.csv", "--kind", "financial_statement")
    assert (undated.code, "a financial_statement needs its date" in undated.err) == (2, True)
    await advance(services, case_id)
    request = await pending(services, case_id)
    assert [line for line in request.packet.missing if "commentary fit the statements" in line]
    kept = await asyncio.to_thread(command, "memo", case_id, "--out", "memo.md", "--as", "credit-officer-1")
    assert kept.code == 0, kept.err
    text = (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert "[2.00x](#s-ratio-dscr-pro-forma-2025-12-31)" in text
    for officer in (OFFICER, SECOND_OFFICER):
        await decide(services, officer, request)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
