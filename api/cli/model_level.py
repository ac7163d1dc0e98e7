"""Commands on models: what their specialists may bring about, and whether they are still what was approved."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from api.assembly import running
from api.cli.client import As, Json, ask, show, whole
from api.settings import Settings
from checkpoints.golden import Ran
from domain.autonomy import Level
from graphs.proof_runs import of_specialists, prove

Specialist = Annotated[str, typer.Argument(help="e.g. bureau_analyst; `countersign model levels` lists them")]
Workflow = Annotated[str, typer.Argument(help="kind of case, e.g. loan_amendment")]
To = Annotated[Level, typer.Argument(help="from most to least: act, sampled, advise, shadow")]
Reason = Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")]
model = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    about = "Is the model still the one we approved: levels of autonomy, drift, golden sets, fair lending."
    app.add_typer(model, name="model", help=about)


@model.command()
def levels(who: As = "", as_json: Json = False) -> None:
    """What each specialist may bring about in each workflow. Example: countersign model levels --as auditor."""
    found = ask("GET", "/v1/models/levels", who)
    table = Table("workflow", whole("specialist"), "level", "the book's", "since, by whom and why")
    for each in found:
        moved = each["moved"] or {}
        why = f"{moved['since'][:16].replace('T', ' ')} {moved['by']}: {moved['reason']}" if moved else ""
        table.add_row(each["workflow"], each["specialist"], each["level"], each["book"], why)
    show(found, as_json, table)


@model.command()
def lower(
    specialist: Specialist, workflow: Workflow, to: To, reason: Reason, who: As = "", as_json: Json = False
) -> None:
    """Take autonomy away, at once and in every process.

    Example: countersign model lower bureau_analyst loan_amendment advise --reason "…" --as model-risk.
    """
    body = {"specialist": specialist, "workflow": workflow, "level": to.value, "reason": reason}
    ask("POST", "/v1/models/lower", who, body)
    show(body, as_json, f"{specialist} in {workflow} stands at {to.value} now")


@model.command("raise")
def raise_level(
    specialist: Specialist, workflow: Workflow, to: To, reason: Reason, who: As = "", as_json: Json = False
) -> None:
    """Ask to give autonomy back; another person countersigns it (countersign inbox, packet, decide).

    Example: countersign model raise bureau_analyst loan_amendment act --reason "…" --as model-risk.
    """
    body = {"specialist": specialist, "workflow": workflow, "level": to.value, "reason": reason}
    case = ask("POST", "/v1/models/raise", who, body)
    show(case, as_json, f"{case['id']} waits for another person's countersignature")


@model.command()
def freeze(
    specialist: Specialist, workflow: Workflow, reason: Reason, who: As = "", as_json: Json = False
) -> None:
    """Say that the newest findings are what is normal; drift is measured against them from now on.

    Example: countersign model freeze bureau_analyst loan_amendment --reason "…" --as model-risk.
    """
    body = {"specialist": specialist, "workflow": workflow, "reason": reason}
    kept = ask("POST", "/v1/models/freeze", who, body)
    show(kept, as_json, f"{kept['findings']} findings of {kept['version']} are the reference")


@model.command()
def drift(who: As = "", as_json: Json = False) -> None:
    """Whether findings still come in the frozen mix; looking moves nothing. Example: countersign model drift."""
    found = ask("GET", "/v1/models/drift", who)
    table = Table(whole("specialist and measure"), "against", "now", "seen", "ratio", "breach from")
    for each in found:
        title = f"{each['specialist']} in {each['workflow']} ({each['level']})\n{each['version']}"
        others = f"{each['of_other_versions']} of other versions" if each["of_other_versions"] else ""
        table.add_row(title, each["frozen_at"][:10], others, str(each["findings"]), "", "")
        for of in each["measures"]:
            ratio = of["likelihood_ratio"] + (" BREACH" if of["breached"] else "")
            mixes = (_mix(of["reference"]), _mix(of["window"]))
            table.add_row(f"  {of['measure']}", *mixes, str(of["observations"]), ratio, of["limit"])
    none = "no reference is frozen: countersign model freeze SPECIALIST WORKFLOW --reason …"
    show(found, as_json, table if found else none)


def _mix(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items() if n)


@model.command()
def golden(
    specialists: Annotated[list[str] | None, typer.Argument(help="none: all that have a set")] = None,
    as_json: Json = False,
) -> None:
    """Ask the configured model the golden sets, keep what came, and lower who is not consistent.

    Runs here, with the settings of a runner (COUNTERSIGN_MODEL__BASE_URL …). Example: countersign model golden
    bureau_analyst. What passed: countersign model proofs.
    """
    ran = asyncio.run(_proved(specialists or []))
    none = "no model is configured: playbooks do the work and judge nothing, so there is nothing to prove"
    show([_plain(each) for each in ran], as_json, _scores([_plain(each) for each in ran]) if ran else none)


@model.command()
def proofs(who: As = "", as_json: Json = False) -> None:
    """Which models passed their golden sets, and where. Example: countersign model proofs --as auditor."""
    found = ask("GET", "/v1/models/golden", who)
    show(found, as_json, _scores(found) if found else "no golden set was run: countersign model golden")


async def _proved(names: list[str]) -> list[Ran]:
    async with running(Settings()) as here:
        return [await prove(here, each, "command line") for each in await of_specialists(here, names)]


def _plain(ran: Ran) -> dict[str, Any]:
    told = {"specialist": ran.proof.specialist, "model": ran.proof.model, "version": ran.proof.version}
    return told | {"ran_at": ran.ran_at.isoformat(), "by": ran.by, "score": ran.score.model_dump(mode="json")}


def _scores(found: list[dict[str, Any]]) -> Table:
    moved = ("samples", "rewordings", "swaps")
    table = Table(
        whole("specialist"),
        "model",
        "right",
        "open",
        "wrong",
        *(f"moved by {name}" for name in moved),
        "missed",
        "passed in",
    )
    for each in found:
        score = each["score"]
        counts = [f"{score[name]['moved']} of {score[name]['n']}" for name in moved]
        right = f"{score['right']} of {score['n']}"
        where = ", ".join(each["proves"]) or "nowhere" if "proves" in each else ""
        judged = (right, str(score["open"]), str(score["wrong"]))
        missed = ", ".join(score.get("missed", ())) or "none"
        table.add_row(each["specialist"], each["model"], *judged, *counts, missed, where)
    return table


@model.command("fair-lending")
def fair_lending(
    year: Annotated[int, typer.Argument(help="calendar year in which action was taken")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """How groups of applicants fared in a year: monitoring, not a legal test, and no input to any decision.

    Example: countersign model fair-lending 2026 --as compliance-1.
    """
    found = ask("GET", f"/v1/registers/{year}/fair-lending", who)
    table = Table(
        whole("group against reference"), "approved", "reference", "ratio", "95 %", title=found["label"]
    )
    for each in found["groups"]:
        ratio = _share(each["ratio_bps"]) + (" below 80 %" if each["below_four_fifths"] else "")
        interval = " to ".join(_share(bound) for bound in each["interval_bps"] or ())
        ours = f"{each['approved']} of {each['decided']}"
        theirs = f"{each['reference_approved']} of {each['reference_decided']}"
        name = f"{each['attribute'].replace('_', ' ')}: {each['group']} / {each['reference']}"
        table.add_row(name, ours, theirs, ratio, interval)
    show(found, as_json, table)


def _share(bps: int | None) -> str:
    return "" if bps is None else f"{bps // 100}.{bps % 100:02d} %"
