"""The command line against a running API, and on the parts by themselves."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.cli import main
from api.demo.identities import ensure_demo
from api.demo.stories import Story, routine
from api.http.app import create_app
from api.runner import sweep
from api.settings import Settings
from api.up import free_port
from audit import verify as audit_verify
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, decide, opened, pending, without
from tests.fakes.command_line import Said
from tests.fakes.people import UNDERWRITER

Command = Callable[..., Said]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run one command here, as a person with nothing set but a home."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(words)
        out, err = capsys.readouterr()
        return Said(int(left.value.code or 0), out, err)

    return run


@pytest.fixture
async def api(
    services: Services, settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """The API on a port of its own, where the command line finds it."""
    app = create_app(services, ensure_demo(settings, clock))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who asks early waits in its backlog
        serving = asyncio.create_task(server.serve([listening]))
        monkeypatch.setenv("COUNTERSIGN_API_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield
        server.should_exit = True
        await serving


@pytest.fixture
def story(clock: SetClock) -> Story:
    return routine(clock.now().date())


def written(folder: Path, name: str, body: Any) -> str:
    file = folder / name
    file.write_text(json.dumps(body), encoding="utf-8")
    return str(file)


@pytest.mark.usefixtures("api")
async def test_loan_is_submitted_countersigned_and_verified_from_a_terminal(
    command: Command, services: Services, story: Story, tmp_path: Path
) -> None:
    loan = written(tmp_path, "loan.json", {"application": story.application, "records": list(story.records)})
    first = await asyncio.to_thread(command, "submit", loan, "--as", "advisor", "--json")
    again = await asyncio.to_thread(command, "submit", loan, "--as", "advisor", "--json")
    case_id = json.loads(first.out)["id"]
    assert json.loads(again.out)["id"] == case_id
    await advance(services, case_id)
    inbox = await asyncio.to_thread(command, "inbox", "--as", "underwriter-1", "--json")
    (request,) = json.loads(inbox.out)
    said = ("decide", request["id"], "approve", "--reason", "figures agree", "--as", "underwriter-1")
    assert "approved" in (await asyncio.to_thread(command, *said)).out
    await advance(services, case_id)
    shown = await asyncio.to_thread(command, "case", case_id, "--as", "auditor", "--json")
    assert json.loads(shown.out)["case"]["outcome"] == "approved"
    assert (await asyncio.to_thread(command, "verify", case_id, "--as", "auditor")).code == 0
    await _proves_itself(command, case_id, tmp_path)


async def _proves_itself(command: Command, case_id: str, folder: Path) -> None:
    """Everything about the record that an auditor does at a terminal."""
    file, events = folder / "case.tar", folder / "events.csv"
    exported = ("export", case_id, "--out", str(file), "--as", "auditor", "--json")
    taken = json.loads((await asyncio.to_thread(command, *exported)).out)
    assert audit_verify.verify(file.read_bytes(), taken["key"]).startswith(case_id)
    told = (await asyncio.to_thread(command, *exported[:-1])).out.splitlines()
    assert f"python verify.py {file} --key '{taken['key']}'" in told  # to be copied, so on one line
    assert (
        "everything is explained"
        in (await asyncio.to_thread(command, "reconcile", case_id, "--as", "auditor")).out
    )
    await asyncio.to_thread(command, "search", f"case={case_id}", "--out", str(events), "--as", "auditor")
    assert len(events.read_text("utf-8").splitlines()) > 60
    assert (await asyncio.to_thread(command, "search", "colour=red", "--as", "auditor")).code == 2


@pytest.mark.usefixtures("api")
async def test_register_of_the_year_is_written_to_a_file_that_is_handed_in_and_found_clean(
    command: Command, services: Services, story: Story, tmp_path: Path
) -> None:
    request = await pending(services, await opened(services, story))
    await decide(services, UNDERWRITER, request)
    await advance(services, request.case_id)
    file = str(tmp_path / "lar.txt")
    said = await asyncio.to_thread(
        command, "register", "2026", "--out", file, "--as", "compliance-1", "--json"
    )
    assert json.loads(said.out)["failed_edits"] == []
    words = ("submit", file, "--format", "lar", "--as", "compliance-1", "--json")
    case_id = json.loads((await asyncio.to_thread(command, *words)).out)["id"]
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "clean"


@pytest.mark.usefixtures("api")
async def test_year_without_entries_has_no_register(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "lar.txt"
    said = await asyncio.to_thread(command, "register", "2025", "--out", str(file), "--as", "compliance-1")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "2025" in said.err
    assert not file.exists()


@pytest.mark.usefixtures("api")
async def test_inbox_and_packet_are_read_in_full_on_a_narrow_screen(
    command: Command, services: Services, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    request = await pending(services, await opened(services, story))
    await services.desk.claim(UNDERWRITER, request.id)
    inbox = await asyncio.to_thread(command, "inbox", "--as", "underwriter-2")
    packet = await asyncio.to_thread(command, "packet", request.id, "--as", "underwriter-2")
    assert "held by underwriter-1" in inbox.out
    assert "│\n" in inbox.out
    assert "…" not in inbox.out + packet.out
    assert "nothing waits" in (await asyncio.to_thread(command, "inbox", "--as", "kyc-analyst")).out


@pytest.mark.usefixtures("api")
async def test_request_is_claimed_by_one_person_at_a_time(
    command: Command, services: Services, story: Story
) -> None:
    request = await pending(services, await opened(services, story))
    assert (await asyncio.to_thread(command, "claim", request.id, "--as", "underwriter-1")).code == 0
    taken = await asyncio.to_thread(command, "claim", request.id, "--as", "underwriter-2")
    assert (taken.code, taken.err.count("\n")) == (1, 1)
    assert "held by demo-underwriter-1" in taken.err
    assert (await asyncio.to_thread(command, "release", request.id, "--as", "underwriter-1")).code == 0


@pytest.mark.usefixtures("api")
async def test_wrong_field_is_named_with_its_file_in_one_line(
    command: Command, story: Story, tmp_path: Path
) -> None:
    loan = written(tmp_path, "loan.json", {**story.application, "loan_amount_cents": -5})
    said = await asyncio.to_thread(command, "submit", loan, "--as", "advisor")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "loan.json" in said.err
    assert "loan_amount_cents" in said.err


@pytest.mark.usefixtures("api")
async def test_record_that_comes_late_is_kept_once(
    command: Command, services: Services, story: Story, tmp_path: Path
) -> None:
    case_id = await opened(services, without(story, "valuation"))
    appraisal = next(record for record in story.records if record["kind"] == "valuation")
    words = ("record", case_id, written(tmp_path, "appraisal.json", appraisal), "--as", "record-feed")
    assert (await asyncio.to_thread(command, *words)).out.strip() == "kept"
    assert "nothing changed" in (await asyncio.to_thread(command, *words)).out


@pytest.mark.usefixtures("api")
async def test_waiver_of_a_condition_is_asked_for_signed_and_shown_from_a_terminal(
    command: Command, services: Services, story: Story
) -> None:
    case_id = await opened(services, without(story, "portfolio_report"))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    why = ("--reason-code", "met_in_substance", "--reason", "Last month's report says so.")
    words = ("conditions", "waive", case_id, "county_confirmed", *why, "--as", "underwriter-2")
    assert f"{case_id}.waiver.1 waits for" in (await asyncio.to_thread(command, *words)).out
    again = await asyncio.to_thread(command, *words)
    assert (again.code, again.err.count("\n")) == (1, 1)
    said = ("decide", f"{case_id}.waiver.1", "approve", "--reason", "agreed", "--as", "senior-underwriter")
    assert "approved" in (await asyncio.to_thread(command, *said)).out
    await advance(services, case_id)
    shown = await asyncio.to_thread(command, "conditions", case_id, "--as", "underwriter-1")
    assert "waived 2026-03-02 by" in " ".join(shown.out.replace("│", " ").split())
    listed = await asyncio.to_thread(command, "conditions", "show", case_id, "--as", "auditor", "--json")
    assert [each["waived"] for each in json.loads(listed.out)] == [True]


@pytest.mark.usefixtures("api")
async def test_case_of_others_does_not_exist_for_a_stranger(
    command: Command, services: Services, story: Story
) -> None:
    case_id = await opened(services, story)
    said = await asyncio.to_thread(command, "case", case_id, "--as", "kyc-analyst")
    remedy = "Remedy: check that it exists and is yours to see"
    assert (said.code, said.err) == (1, f"countersign: no case {case_id}. {remedy}\n")


def test_token_of_a_demo_person_is_a_file_that_only_its_owner_reads(
    command: Command, clock: SetClock, tmp_path: Path
) -> None:
    ensure_demo(Settings(_env_file=None, home=tmp_path), clock)
    file = Path(command("token", "auditor").out.strip())
    assert file.stat().st_mode & 0o777 == 0o600


def test_nobody_at_the_other_end_is_said_with_the_remedy(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_API_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("COUNTERSIGN_TOKEN", "a-token")
    said = command("inbox")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "countersign up" in said.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("submit", "no-such-file.json", "--as", "advisor"), "no-such-file.json"),
        (("sbmit",), "sbmit"),
        (("decide", "a-request", "perhaps", "--reason", "r"), "perhaps"),
        (("tool", "run", "no_such_tool"), "no_such_tool"),
        (("tool", "run", "bureau_file", "--input", '{"date": "soon"}'), "date"),
        (("tool", "run", "bureau_file", "--input", "{"), "not JSON"),
        (("policy", "eval", "no_book", "decision", "--input", "{}", "--date", "2026-03-02"), "no_book"),
        (("policy", "eval", "home_loan", "decision", "--input", "[]", "--date", "2026-03-02"), "object"),
        (("policy", "eval", "home_loan", "decision", "--input", "{}", "--date", "2 March"), "YYYY-MM-DD"),
        (("graph", "no_graph"), "no_graph"),
        (("graph", "credit", "--png", "no_such_folder/x.png"), "cannot be written"),
    ],
)
def test_bad_input_is_one_line_that_names_it(command: Command, words: tuple[str, ...], named: str) -> None:
    said = command(*words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert named in said.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"kind": "a", "kind": "b"}', "field kind: this field stands twice. Remedy: send it once"),
        (b"[" * 200_000, "it is nested too deeply. Remedy"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number has too many digits. Remedy"),
        (b'{"a": NaN}', "NaN is no number of JSON. Remedy"),
        (b'{"a": "\\ud800"}', "a text holds half a character. Remedy"),
        (b"x" * 20_000_001, "it is larger than 20000000 bytes. Remedy"),
    ],
)
def test_file_that_is_not_strict_json_is_named_in_one_line(
    command: Command, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "loan.json").write_bytes(content)
    left = command("submit", str(tmp_path / "loan.json"), "--as", "advisor")
    assert (left.code, left.err.count("\n"), "loan.json" in left.err) == (2, 1, True)
    assert said in left.err


def test_setting_that_cannot_be_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_PORT", "70000")
    said = command("inbox", "--as", "auditor")
    assert (said.code, "COUNTERSIGN_PORT" in said.err or "port" in said.err) == (2, True)


def test_every_tool_is_listed_with_its_schema(command: Command) -> None:
    listed = json.loads(command("tool", "list", "--json").out)
    assert {"bureau_file", "screen_party"} <= {tool["name"] for tool in listed}
    assert all(tool["result"]["properties"] for tool in listed)


def test_tool_runs_by_itself_on_given_records(command: Command, story: Story) -> None:
    bureau = [record for record in story.records if record["kind"] == "bureau_file"]
    given = json.dumps({"args": {"party": "party:1"}, "records": bureau, "date": "2026-03-02"})
    told = json.loads(command("tool", "run", "bureau_file", "--input", given, "--json").out)
    assert told["score"] == 768


def test_policy_table_answers_with_rows_and_trace(command: Command) -> None:
    words = ("policy", "eval", "loan_amendment", "authority", "--input", '{"amount_cents": 500001}')
    told = json.loads(command(*words, "--date", "2026-03-02", "--json").out)
    assert (told["outputs"], told["rows_hit"]) == ({"groups": "chief_credit", "quorum": 2}, ["U1"])
    assert json.loads(command(*words[:4], "--input", "{}", "--date", "2026-03-02", "--json").out)[
        "unknown"
    ] == ["amount_cents", "kyc_risk"]


@pytest.mark.parametrize(
    ("table", "facts", "day", "field"),
    [
        ("authority", '{"amount_cents": "much"}', "2026-03-02", "amount_cents"),
        ("authority", '{"amount_cents": -5}', "2026-03-02", "amount_cents"),
        ("authority", "{}", "1990-01-01", "date"),
        ("horoscope", "{}", "2026-03-02", "table"),
    ],
)
def test_what_a_table_cannot_take_is_named(
    command: Command, table: str, facts: str, day: str, field: str
) -> None:
    left = command("policy", "eval", "loan_amendment", table, "--input", facts, "--date", day)
    assert (left.code, f"field {field}: " in left.err, "Remedy: " in left.err) == (2, True, True)
    assert "Input(" not in left.err


def test_table_says_what_it_did_not_use(command: Command) -> None:
    facts = '{"amount_cents": 500001, "ammount": 1}'
    told = command(
        "policy", "eval", "loan_amendment", "authority", "--input", facts, "--date", "2026-03-02"
    ).out
    assert "answer: groups: chief_credit, quorum: 2 (rows U1)" in told
    assert "not an input, ignored: ammount" in told


def test_books_graphs_and_migrations_can_be_read_before_they_are_used(command: Command) -> None:
    assert "home_loan@" in command("policy", "check").out
    assert command("graph", "supervisor").out.startswith("---")
    assert "create table countersign.ledger" in command("migrate", "--show").out


async def test_sweep_wakes_what_waited_too_long(services: Services, clock: SetClock, story: Story) -> None:
    await opened(services, without(story, "valuation"))
    before = (await services.jobs.depth()).get("todo", 0)
    clock.forward(timedelta(days=31))
    await sweep(services, stall_seconds=20)
    assert (await services.jobs.depth())["todo"] >= before
    assert await services.database.rows("select 1 from countersign.timers where fired_at is not null")


async def test_sweep_asks_more_people_when_nobody_decides(
    services: Services, clock: SetClock, story: Story
) -> None:
    request = await pending(services, await opened(services, story))
    clock.forward(timedelta(days=3))
    await sweep(services, stall_seconds=20)
    assert "chief_credit" in (await services.desk.get(request.id)).candidate_groups


async def test_mismo_message_is_submitted_with_its_records_in_one_request(
    command: Command, api: None, services: Services
) -> None:
    fixtures = Path(__file__).parents[1] / "fixtures"
    words = ("submit", str(fixtures / "mismo_demo.xml"), "--format", "mismo")
    records = ("--records", str(fixtures / "mismo_demo_records.json"))
    said = await asyncio.to_thread(command, *words, *records, "--as", "advisor", "--json")
    assert said.code == 0, said.err
    case_id = json.loads(said.out)["id"]
    entries = await services.ledger.entries(case_id)
    assert sum(entry.kind == "record_received" for entry in entries) == 13


async def test_mismo_message_with_a_document_type_is_refused_with_file_and_remedy(
    command: Command, api: None, services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.xml"
    file.write_text('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]><m>&x;</m>', encoding="utf-8")
    said = await asyncio.to_thread(command, "submit", str(file), "--format", "mismo", "--as", "advisor")
    assert said.code != 0
    assert "hostile.xml" in said.err
    assert "DOCTYPE" in said.err


@pytest.mark.usefixtures("api")
async def test_levels_are_lowered_and_raised_and_models_looked_at_from_a_terminal(
    command: Command, services: Services, story: Story
) -> None:
    def run(*words: str) -> Awaitable[Said]:
        return asyncio.to_thread(command, *words)

    place, mine = ("bureau_analyst", "loan_amendment"), ("--as", "model-risk")
    lowered = await run("model", "lower", *place, "advise", "--reason", "drill", *mine)
    assert "stands at advise now" in lowered.out
    asked = await run("model", "raise", *place, "act", "--reason", "mended", *mine, "--json")
    await advance(services, json.loads(asked.out)["id"])
    (request,) = json.loads((await run("inbox", "--as", "chief-credit", "--json")).out)
    await run("decide", request["id"], "approve", "--reason", "read", "--as", "chief-credit")
    await advance(services, request["case_id"])
    shown = json.loads((await run("model", "levels", "--as", "auditor", "--json")).out)
    assert [(each["level"], each["moved"]["by"]) for each in shown if each["moved"]] == [
        ("act", request["id"])
    ]
    assert "bureau_analyst" in (await run("model", "levels", "--as", "auditor")).out
    assert "no reference is frozen" in (await run("model", "drift", "--as", "auditor")).out
    assert "no golden set was run" in (await run("model", "proofs", "--as", "auditor")).out
    assert "no incident is yours" in (await run("incidents", "--as", "auditor")).out
    early = await run("model", "freeze", *place, "--reason", "approved", *mine)
    assert (early.code, "0 findings by a model" in early.err) == (1, True)


@pytest.mark.usefixtures("api")
async def test_how_groups_fared_is_shown_with_its_label(
    command: Command, services: Services, story: Story
) -> None:
    request = await pending(services, await opened(services, story))
    await decide(services, UNDERWRITER, request)
    await advance(services, request.case_id)
    said = await asyncio.to_thread(command, "model", "fair-lending", "2026", "--as", "compliance-1")
    assert "not a legal test" in " ".join(said.out.split())
    assert "62 or older / under 62" in " ".join(said.out.split())


async def test_legal_hold_is_placed_shown_and_lifted_by_another_person(
    api: None, command: Command, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    held = ("retention", "hold", f"case:{case_id}", "--matter", "LIT-1", "--reason", "we are sued")
    lift = ("retention", "lift", f"case:{case_id}", "--matter", "LIT-1", "--reason", "it is over")
    assert (await asyncio.to_thread(command, *held, "--as", "counsel-1")).code == 0
    shown = await asyncio.to_thread(command, "retention", "case", case_id, "--as", "auditor", "--json")
    assert [hold["matter"] for hold in json.loads(shown.out)["holds"]] == ["LIT-1"]
    refused = await asyncio.to_thread(command, *lift, "--as", "counsel-1")
    assert (refused.code, "another person than the one who placed a legal hold" in refused.err) == (1, True)
    assert (await asyncio.to_thread(command, *lift, "--as", "counsel-2")).code == 0
    due = await asyncio.to_thread(command, "retention", "due", "--as", "records-1")
    assert "every case is kept by a duty" in due.out
    early = ("retention", "erase", case_id, "--reason", "too early", "--as", "records-1")
    assert "has not ended" in (await asyncio.to_thread(command, *early)).err
