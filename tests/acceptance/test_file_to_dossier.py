"""Each worker from file to dossier on the command line: submitted, worked on, countersigned, settled, told."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.cli import main
from api.demo.identities import ensure_demo
from api.demo.stories import Story
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, confirmed
from tests.fakes.command_line import Said
from tests.fakes.companies import commentary, filing, statement
from tests.fakes.companies import story as bridgeworks
from tests.fakes.onboarding import company

FIXTURES = Path(__file__).parents[1] / "fixtures"
SIGNERS = {
    ("home_loan", "offer"): ("underwriter-1", "underwriter-2"),
    ("commercial_credit", "offer"): ("credit-officer-1", "credit-officer-2"),
    ("kyc_onboarding", "offer"): ("kyc-analyst", "compliance-1"),
    ("kyc_onboarding", "compliance"): ("compliance-1", "compliance-2"),
}


class Desk:
    """People at terminals, and a runner between their commands."""

    def __init__(self, services: Services, clock: SetClock, folder: Path, capture: Any) -> None:
        self._services, self._clock, self._folder, self._capture = services, clock, folder, capture

    async def submit(self, *words: str) -> str:
        """Hand a file in; the case."""
        return str(json.loads((await self.run("submit", *words, "--as", "advisor", "--json")).out)["id"])

    async def run(self, *words: str) -> Said:
        """One command that must succeed."""
        said = await asyncio.to_thread(self._run, *words)
        assert said.code == 0, said.err
        return said

    async def carry(self, case_id: str) -> int:
        """To the end of the case: everybody who is asked signs, and what conditions want comes; how many signed."""
        signed = 0
        for _ in range(10):
            await advance(self._services, case_id)
            if (await self._services.cases.get(case_id)).status == "closed":
                break
            signed += await self._sign(case_id) or await self._meet(case_id)
        return signed

    def written(self, name: str, body: Any) -> str:
        """A file of the person."""
        (self._folder / name).write_text(json.dumps(body), encoding="utf-8")
        return name

    def kept(self, name: str) -> bytes:
        """What a command wrote."""
        return (self._folder / name).read_bytes()

    async def _sign(self, case_id: str) -> int:
        asked = [each for each in await self._services.desk.of_case(case_id) if each.status == "pending"]
        for request in asked:
            kind = (await self._services.cases.get(case_id)).kind
            for who in SIGNERS[kind, request.boundary][: request.quorum]:
                words = ("--reason", "read the packet and agreed", "--as", who)
                await self.run("decide", request.id, "approve", *words)
        return sum(each.quorum for each in asked)

    async def _meet(self, case_id: str) -> int:
        self._clock.forward(timedelta(minutes=5))
        for row in await self._services.conditions.of_case(case_id):
            if row["met_at"] is None:
                file = self.written(f"{row['code']}.json", self._evidence(row))
                await self.run("record", case_id, file, "--as", "record-feed")
        return 0

    def _evidence(self, row: dict[str, Any]) -> dict[str, Any]:
        day = self._clock.now().date().isoformat()
        appraisal = {
            "method": "appraisal",
            "property_type": "condominium",
            "units": 1,
            "value_cents": 385_000_00,
        }
        come = {
            "valuation": {"kind": "valuation", "valued_on": day, **appraisal},
            "title_report": {"kind": "title_report", "reported_on": day},
        }
        return come.get(row["satisfied_by"]) or confirmed(self._clock, row["code"])

    def _run(self, *words: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(words)
        out, err = self._capture.readouterr()
        return Said(int(left.value.code or 0), out, err)


@pytest.fixture
async def desk(
    services: Services,
    settings: Settings,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> AsyncIterator[Desk]:
    """The API on a port of its own, and commands that find it."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    app = create_app(services, ensure_demo(settings, clock))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        monkeypatch.setenv("COUNTERSIGN_API_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield Desk(services, clock, tmp_path, capsys)
        server.should_exit = True
        await serving


def whole(story: Story) -> dict[str, Any]:
    return {"application": story.application, "records": list(story.records)}


async def dossier_of(desk: Desk, case_id: str) -> str:
    """The dossier as a file, of a closed case whose ledger verifies."""
    await desk.run("verify", case_id, "--as", "auditor")
    await desk.run("dossier", case_id, "--out", "dossier.md", "--as", "auditor")
    return desk.kept("dossier.md").decode()


async def test_mortgage_goes_from_a_mismo_message_to_its_dossier(desk: Desk, services: Services) -> None:
    message, records = FIXTURES / "mismo_demo.xml", FIXTURES / "mismo_demo_records.json"
    case_id = await desk.submit(str(message), "--format", "mismo", "--records", str(records))
    signed = await desk.carry(case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    told = await dossier_of(desk, case_id)
    assert signed >= 2  # a valuation that comes as a condition is evidence: it is countersigned again
    assert "| ltv | 77.92 % |" in told
    assert "| title status | encumbered |" in told
    assert "| title status | clear |" in told
    assert all(f"{done}: confirmed, receipt" in told for done in ("book offer", "register entry"))


async def test_onboarding_goes_from_a_file_to_its_dossier(
    desk: Desk, services: Services, clock: SetClock
) -> None:
    case_id = await desk.submit(desk.written("company.json", whole(company(clock.now().date()))))
    assert await desk.carry(case_id) == 3  # two of compliance cleared the match, one analyst decided
    assert (await services.cases.get(case_id)).outcome == "approved"
    told = await dossier_of(desk, case_id)
    assert "is like entry 9900002" in told
    assert "| ownership resolved | yes |" in told
    assert "**demo-compliance-2** at the boundary “compliance”: approve" in told
    assert "decision notice: confirmed, receipt" in told


async def test_credit_goes_from_filings_to_its_memo_and_dossier(desk: Desk, services: Services) -> None:
    pytest.importorskip("typst", reason="the documents extra is not installed")
    told = bridgeworks(filing(), statement(), commentary(), loan_amount_cents=500_000_00)
    case_id = await desk.submit(desk.written("credit.json", whole(told)))
    assert await desk.carry(case_id) == 2  # nobody judged the commentary: two officers
    assert (await services.cases.get(case_id)).outcome == "approved"
    await desk.run("memo", case_id, "--pdf", "memo.pdf", "--out", "memo.md", "--as", "credit-officer-1")
    assert desk.kept("memo.pdf").startswith(b"%PDF-1.7")
    assert "**demo-credit-officer-2: approve**" in desk.kept("memo.md").decode()
    written = await dossier_of(desk, case_id)
    assert "| dscr | 2.00x |" in written
    assert "book offer: confirmed, receipt" in written
