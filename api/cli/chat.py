"""The command ``chat``: ask the advisor chat, once or in a conversation. The API decides what you may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from api.cli.client import As, Json, show, stream
from domain.errors import CountersignError, Unavailable

LEAVE = ("exit", "quit", "bye")
Sent = tuple[str, dict[str, Any]]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(chat)


def chat(
    message: Annotated[
        str | None, typer.Argument(help="what you ask; without it a conversation begins")
    ] = None,
    thread: Annotated[str | None, typer.Option(help="go on in this thread")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Ask about cases, customers of yours, rates and what-ifs. Nothing is done from here.

    Example: countersign chat --as advisor "Where does case home_loan-0123456789ab stand?"
    """
    if message is not None:
        told = _ask(message, thread, who, quiet=as_json)
        show(told, as_json, _text(told))
        return
    while (said := _said()) is not None:
        try:
            told = _ask(said, thread, who, quiet=as_json)
        except CountersignError as error:
            typer.echo(str(error), err=True)
            continue
        thread = told["thread"]
        show(told, as_json, _text(told))


def _said() -> str | None:
    """The next thing that is asked; nothing at the end of the conversation."""
    try:
        said = str(typer.prompt("you", prompt_suffix="> ")).strip()
    except typer.Abort:
        return None
    return None if said.lower() in LEAVE else said


def _ask(message: str, thread: str | None, who: str, *, quiet: bool) -> dict[str, Any]:
    """One message; progress goes to stderr as it comes."""
    body = {"message": message} | ({"thread": thread} if thread else {})
    return _gathered(stream("POST", "/v1/chat", who, body), quiet=quiet)


def _gathered(events: Iterable[Sent], *, quiet: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"segments": [], "citations": [], "actions": []}
    names = {"segment": "segments", "citation": "citations", "action": "actions"}
    for name, body in events:
        if name == "progress" and not quiet:
            Console(stderr=True).print(Text(f"… {body['step']}", style="dim"))
        elif name in names:
            told[names[name]].append(body)
        elif name == "done":
            told |= body
        elif name == "problem":
            raise Unavailable(str(body["detail"]), control="chat", read=str(body.get("read", "")))
    if "thread" not in told:
        raise Unavailable("the answer broke off", control="chat", remedy="ask again")
    return told


def _text(told: dict[str, Any]) -> Text:
    """The answer with numbers for what it cites, its sources, and the governed ways it offers."""
    numbers = {each["ref"]: n for n, each in enumerate(told["citations"], 1)}
    text = Text()
    for each in told["segments"]:
        cited = "".join(f"[{numbers[ref]}]" for ref in each["cites"] if ref in numbers)
        text.append(f"{each['text']} {cited}\n".replace(" \n", "\n"))
    for each in told["citations"]:
        value = f" {each['value']}" if each["value"] else ""
        text.append(f"  [{numbers[each['ref']]}] {each['what']}{value} ({each['source']})\n", style="dim")
    for each in told["actions"]:
        text.append(f"  → {each['what']}: {each['command'] or each['link']}\n")
    text.append(f"thread {told['thread']}", style="dim")
    return text
