"""``countersign demo``: four applications from file to closed case, told as a story or given as one JSON object.

Everything goes through the HTTP API: the advisor submits, approvers decide and the auditor verifies, each with
a token of their own. Nothing here reaches into the system.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table

from api.demo.identities import demo_token
from api.demo.stories import Story, stories
from api.settings import Settings
from api.up import Started, free_port, prepare, started
from domain.clock import SystemClock
from domain.errors import CountersignError

PATIENCE = 240  # looks at a case, a quarter of a second apart
DECISIONS: dict[str, tuple[tuple[str, str, str], ...]] = {  # story -> who, verb, reason
    "routine": (("underwriter-1", "approve", "Figures agree with their sources; no exceptions."),),
    "self_employed": (
        ("underwriter-1", "approve", "The letter explains the fall; four customers, full order book."),
        ("senior-underwriter", "approve", "I read the letter and agree."),
    ),
    "over_committed": (
        ("underwriter-2", "approve", "Obligations are too high; the reason is the real one."),
    ),
    "small_amendment": (),
}


@dataclass(frozen=True, slots=True)
class Bank:
    """The running system as its people see it."""

    settings: Settings
    api: str

    def ask(self, who: str, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """One request with this person's own token."""
        headers = {"authorization": f"Bearer {demo_token(self.settings, who)}"}
        headers |= {"idempotency-key": key} if key else {}
        answer = httpx.request(
            method, self.api + path, json=body, headers=headers, timeout=30, trust_env=False
        )
        if not answer.is_success:
            raise CountersignError(f"{who}: {method} {path}: {answer.text[:300]}")
        return answer.json()

    def wait(self, case_id: str, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The case, once it has got there."""
        for _ in range(PATIENCE):
            found: dict[str, Any] = self.ask("auditor", "GET", f"/v1/cases/{case_id}")
            if reached(found):
                return found
            time.sleep(0.25)
        raise CountersignError(f"case {case_id} did not get there in time")


def demo(settings: Settings, as_json: bool) -> None:
    """Set everything up, run the four stories, verify; leaves the database as ``countersign up`` finds it."""
    console = Console(stderr=as_json)
    with console.status("Setting up: database, keys, demo people, stand-in core bank, API, runner …"):
        prepare(settings)
        running = _started(settings)
        system = running.__enter__()
    try:
        told = [
            _tell(console, Bank(settings, system.api), story) for story in stories(SystemClock().now().date())
        ]
    finally:
        running.__exit__(None, None, None)
    if as_json:
        print(json.dumps({"cases": told}, ensure_ascii=False))  # noqa: T201 - what was asked for
    else:
        _end(console, settings, told)


@contextmanager
def _started(settings: Settings) -> Iterator[Started]:
    with started(settings, free_port(), free_port()) as system:
        yield system


def _tell(console: Console, bank: Bank, story: Story) -> dict[str, Any]:
    console.rule(f"[bold]{story.name.replace('_', ' ')}")
    console.print(story.told)
    body = {"application": story.application, "records": list(story.records)}
    key = f"demo-{story.name}-{SystemClock().now().isoformat()}"
    case_id = bank.ask("advisor", "POST", "/v1/cases", body, key)["id"]
    with console.status(f"{case_id}: the supervisor plans, specialists work …"):
        bank.wait(case_id, lambda found: found["case"]["status"] != "open")
    for who, verb, reason in DECISIONS[story.name]:
        _decide(console, bank, case_id, (who, verb, reason))
    with console.status(f"{case_id}: effects are performed and read back …"):
        bank.wait(case_id, lambda found: found["case"]["status"] in ("closed", "referred"))
    told = _summary(bank, case_id)
    _draw(console, told)
    return told


def _decide(console: Console, bank: Bank, case_id: str, said: tuple[str, str, str]) -> None:
    who, verb, reason = said
    (request,) = [
        each for each in bank.ask(who, "GET", "/v1/approvals?limit=200") if each["case_id"] == case_id
    ]
    shown = bank.ask(who, "GET", f"/v1/approvals/{request['id']}")
    console.print(Panel(Markdown(_short(shown["markdown"])), title=f"what {who} reads before signing"))
    body = {"verb": verb, "reason": reason, "digest": request["digest"]}
    after = bank.ask(who, "POST", f"/v1/approvals/{request['id']}/decide", body)
    console.print(f"  [green]{who}[/] says [bold]{verb}[/]: “{reason}”  → {after['status']}")


def _short(markdown: str) -> str:
    """The packet without its figures' table, which is long on a screen."""
    head, _, rest = markdown.partition("### Figures")
    return head + f"*{rest.count('| `')} figures, each with its source.*" + rest[rest.rfind("\n\n") :]


def _summary(bank: Bank, case_id: str) -> dict[str, Any]:
    """One case as ``demo --json`` gives it: read from the API as the auditor."""
    found = bank.ask("auditor", "GET", f"/v1/cases/{case_id}")["case"]
    entries = bank.ask("auditor", "GET", f"/v1/cases/{case_id}/ledger")
    effects = bank.ask("auditor", "GET", f"/v1/cases/{case_id}/effects")
    bodies: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        bodies.setdefault(entry["kind"], []).append(entry["body"] | {"by": entry["actor"]})
    boundary = {body["approval_id"]: body["boundary"] for body in bodies.get("approval_opened", [])}
    return {
        "id": case_id,
        "kind": found["kind"],
        "outcome": found["outcome"],
        "status": found["status"],
        "plan": [body["workers"] for body in bodies.get("plan_authorised", [])],
        "approvals": [
            {"boundary": boundary[body["approval_id"]]}
            | {name: body[name] for name in ("by", "verb", "digest")}
            for body in bodies.get("approval_decided", [])
        ],
        "standing_authority": [
            {name: body[name] for name in ("boundary", "digest", "amount_cents", "sampled_for_review")}
            for body in bodies.get("standing_authority_used", [])
        ],
        "effects": [
            {"kind": each["effect"], "receipt": each["receipt"], "read_back": each["read_back"]}
            for each in effects
        ],
        "gaps": sorted({gap for body in bodies.get("finding_returned", []) for gap in body["gaps"]}),
        "produced_by": sorted({body["produced_by"] for body in bodies.get("finding_returned", [])}),
        "model_calls": len(bodies.get("model_called", [])),
        "ledger": _verified(bank, case_id),
    }


def _verified(bank: Bank, case_id: str) -> dict[str, Any]:
    found = bank.ask("auditor", "GET", f"/v1/cases/{case_id}/ledger/verification")
    return {"events": found["events"], "verified": found["verified"]}


def _draw(console: Console, told: dict[str, Any]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_row("plan", " → ".join(" + ".join(workers) for workers in told["plan"]))
    for each in told["standing_authority"]:
        table.add_row("authority", f"standing authority of the book ({each['boundary']}), within today's cap")
    for each in told["approvals"]:
        table.add_row("countersigned", f"{each['by']}: {each['verb']}, bound to {each['digest'][:12]}…")
    for each in told["effects"]:
        table.add_row("effect", f"{each['kind']}: {each['receipt']}, read back")
    if told["gaps"]:
        table.add_row("left to people", ", ".join(told["gaps"]))
    table.add_row(
        "ledger", f"{told['ledger']['events']} events, chain verified: {told['ledger']['verified']}"
    )
    table.add_row("outcome", f"[bold]{told['outcome']}[/]")
    console.print(table)


def _end(console: Console, settings: Settings, told: list[dict[str, Any]]) -> None:
    by_model = sum(each["model_calls"] for each in told)
    console.rule()
    if not by_model:
        console.print(
            "No language model is configured: playbooks did the work, and judgements were left to people."
        )
    console.print(
        "Every case above is still there. Open the running system with [bold]make up[/], then:\n"
        f"  API and documentation   http://127.0.0.1:{settings.port}/docs\n"
        "  what happened           .venv/bin/countersign cases --as auditor\n"
        f"  one case, moment by moment   .venv/bin/countersign history {told[0]['id']} --as auditor"
    )
