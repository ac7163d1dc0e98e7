"""How the demo is told: plain sentences, packets and tables on a console. Never asks, never decides."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table

from api.demo.people import Found, Say
from api.demo.stories import Story
from api.demo.summary import Bodies
from api.settings import Settings

INTRODUCTION = """Four applications go from file to closed case. **Workers** (KYC, credit, mortgage) find out, \
**policy** disposes, **people** countersign through the HTTP API with tokens of their own, **effects** reach a \
stand-in core bank, and every step stands in a hash-chained **ledger**. People and figures are invented."""


class Telling:
    """Tells one run on one console."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._say = console.print

    def introduction(self) -> None:
        """What the reader is about to see."""
        self._say(Panel(Markdown(INTRODUCTION), title="Countersign", border_style="cyan"))

    def done(self, what: str) -> None:
        """A step of the setting-up is done."""
        self._say(f"[green]✓[/] {what}")

    def opening(self, story: Story, number: int, of: int) -> None:
        """A story begins."""
        self._say()
        self.console.rule(f"[bold]{number} of {of}: {story.name.replace('_', ' ')}")
        self._say(f"[italic]{story.told}[/]")

    def work(self, bodies: Bodies) -> None:
        """Who worked in which order, and what policy made of it."""
        for body in bodies["plan_authorised"]:
            said = f"  round {body['round']}: {' and '.join(body['workers'])} worked"
            self._say(f"{said} [dim](to find out {_few(body['covers'])})[/]")
        by = sorted({body["produced_by"] for body in bodies["finding_returned"]})
        specialists = dict.fromkeys(body["specialist"] for body in bodies["finding_returned"])
        self._say(f"  findings by {' and '.join(by)}: {', '.join(specialists)}")
        for body in bodies["decision_reached"]:
            rows = ", ".join(body["rows_hit"])
            self._say(
                f"  policy {body['policy_version'].partition(':')[0]}: [bold]{body['outcome']}[/] (rows {rows})"
            )

    def refused(self, who: str, why: str) -> None:
        """Somebody tried what they may not."""
        self._say(f"  [red]✗[/] {who}, who submitted it, tries to approve it: refused ({why})")

    def packet(self, who: str, markdown: str) -> None:
        """What somebody reads before signing; the long table of figures is counted, not shown."""
        self._say(Panel(Markdown(_short(markdown)), title=f"{who} reads before signing", border_style="blue"))

    def same_packet(self, who: str, digest: str) -> None:
        """The next person reads the same."""
        self._say(f"  {who} reads the same packet (digest {digest[:12]}…)")

    def decision(self, say: Say, status: str, quorum: int) -> None:
        """What somebody decided."""
        still = f"one of {quorum} signatures, not enough yet" if status == "pending" else f"request {status}"
        self._say(f"  [green]✓[/] {say.who} says [bold]{say.verb}[/]: “{say.reason}” → {still}")

    def outcome(self, told: Found) -> None:
        """What came of a case."""
        table = Table(show_header=False, box=None, padding=(0, 1))
        for each in told["standing_authority"]:
            capped = (
                f"standing authority of the book, {each['boundary']}: no person needed, within the day's cap"
            )
            table.add_row("authority", capped)
        for each in told["approvals"]:
            table.add_row("countersigned", f"{each['by']}: {each['verb']}, bound to {each['digest'][:12]}…")
        for each in told["effects"]:
            table.add_row(*_effect(each))
        if told["gaps"]:
            table.add_row("left to people", ", ".join(told["gaps"]))
        verified = "every link verified" if told["ledger"]["verified"] else "[red]NOT verified[/]"
        table.add_row("ledger", f"{told['ledger']['events']} events, {verified}")
        table.add_row("outcome", f"[bold]{told['outcome']}[/]")
        self._say(table)

    def ending(self, settings: Settings, told: list[Found], seconds: float) -> None:
        """Who did the work, and how to open the running system."""
        self._say()
        self.console.rule()
        verified = sum(each["ledger"]["verified"] for each in told)
        self._say(f"{len(told)} cases, {verified} ledgers verified, in {seconds:.0f} seconds.")
        if not any(each["model_calls"] for each in told):
            self._say(
                "No language model is configured: playbooks did the work, and judgements were left to people."
            )
        first, port = told[0]["id"], settings.port
        self._say("Every case above is kept. Open the running system with [bold]make up[/]; then:")
        for what, how in (
            ("the API, documented", f"http://127.0.0.1:{port}/docs"),
            ("all cases", ".venv/bin/countersign cases --as auditor"),
            ("one, step by step", f".venv/bin/countersign history {first} --as auditor"),
            ("what waits for a person", ".venv/bin/countersign inbox --as underwriter-1"),
        ):
            self._say(f"  {what:<24}{how}", soft_wrap=True)  # a command must be copied whole


def _few(facts: list[str]) -> str:
    named = ", ".join(
        fact.removesuffix("_bps").removesuffix("_cents").replace("_", " ") for fact in facts[:3]
    )
    return named + (f" and {len(facts) - 3} more facts" if len(facts) > 3 else "")


def _short(markdown: str) -> str:
    head, _, rest = markdown.partition("### Figures")
    return head + f"*{rest.count('| `')} figures, each with its source.*" + rest[rest.rfind("\n\n") :]


def _effect(effect: dict[str, Any]) -> tuple[str, str]:
    """A notice is told by what it says, a register entry by its identifier; anything else by its receipt."""
    shown = effect["read_back"] or {}
    notice = shown.get("body")
    if "uli" in shown:
        return "register", f"entered for {shown['year']} as {shown['uli']}, valid under the published edits"
    if notice is None:
        return (
            "effect",
            f"{effect['kind'].replace('_', ' ')}: {effect['receipt']} at the core bank, read back",
        )
    reasons = "; ".join(notice.get("principal_reasons", ()))
    told = f"“{notice['statement']}”" + (f" Principal reasons: {reasons}." if reasons else "")
    return "notice", f"{told} Due by {effect['read_back']['due_on']}."
