"""Speaks HTTP with the API for the command line, and turns problems into one-line errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Column

from api import json_text
from api.cli.drawing import uncut
from api.demo.identities import demo_token
from api.settings import Settings
from domain.errors import BadInput, Conflict, CountersignError, Forbidden, NotFound, Unauthenticated

As = Annotated[
    str, typer.Option("--as", help="a demo person, e.g. underwriter-1; else COUNTERSIGN_TOKEN counts")
]
Json = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]
STREAM_SECONDS = 300  # between two events
ERRORS: dict[int, type[CountersignError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
}


def ask(
    method: str, path: str, who: str = "", body: Any = None, headers: dict[str, str] | None = None
) -> Any:
    """One request as this person; gives the JSON answer, or raises the domain's error for a problem."""
    answer = _answered(method, path, who, body, headers)
    return answer.json() if answer.content else None


def fetch(path: str, who: str = "", accept: str = "text/markdown") -> bytes:
    """A document as it is; raises the domain's error for a problem."""
    return _answered("GET", path, who, None, {"accept": accept}).content


def _answered(method: str, path: str, who: str, body: Any, headers: dict[str, str] | None) -> httpx.Response:
    settings = Settings()
    address = settings.api_url or f"http://127.0.0.1:{settings.port}"
    sent = {"authorization": f"Bearer {_token(settings, who)}"} | (headers or {})
    content: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    try:
        answer = httpx.request(
            method,
            address + path,
            headers=sent,
            timeout=60,
            trust_env=False,
            **(content if body is not None else {}),
        )
    except httpx.TransportError as error:
        raise CountersignError(f"nothing answers at {address}; start it with `countersign up`") from error
    if answer.is_success:
        return answer
    raise _problem(answer)


def stream(method: str, path: str, who: str, body: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The server-sent events that a request is answered with, as they come; problems are raised as by ``ask``."""
    settings = Settings()
    address = settings.api_url or f"http://127.0.0.1:{settings.port}"
    sent = {"authorization": f"Bearer {_token(settings, who)}"}
    try:
        with httpx.stream(
            method, address + path, headers=sent, json=body, timeout=STREAM_SECONDS, trust_env=False
        ) as answer:
            if not answer.is_success:
                answer.read()
                raise _problem(answer)
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))
    except httpx.TransportError as error:
        raise CountersignError(f"nothing answers at {address}; start it with `countersign up`") from error


def show(value: Any, as_json: bool, text: Any = None) -> None:
    """JSON on stdout, or text (a string or anything rich can draw)."""
    if as_json:
        typer.echo(json.dumps(value, indent=1, ensure_ascii=False))
    else:
        Console().print(uncut(text) if text is not None else value)


def whole(title: str) -> Column:
    """A column of ids: folded when the screen is narrow, never cut."""
    return Column(title, overflow="fold", min_width=22)


def read_json(source: str) -> Any:
    """JSON from a file, or given as it is."""
    text, file = (
        (source, None) if source.lstrip().startswith(("{", "[")) else (read_bytes(Path(source)), source)
    )
    return json_text.read(text, file)


@contextmanager
def about(file: Path) -> Iterator[None]:
    """Bad input found in here was read from this file: the error names it."""
    try:
        yield
    except BadInput as error:
        raise BadInput(error.message, **{"file": str(file)} | error.attributes) from error  # type: ignore[arg-type]


def read_bytes(file: Path) -> bytes:
    """A file as it is; ``BadInput`` when it cannot be read, or is larger than the API takes."""
    most = Settings().most_bytes
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as error:
        raise BadInput(
            f"it cannot be read: {error.strerror}", file=str(file), remedy="check the path"
        ) from error
    if len(content) > most:
        raise BadInput(
            f"it is larger than {most} bytes",
            file=str(file),
            remedy="send a smaller one, or raise COUNTERSIGN_MOST_BYTES here and at the API",
        )
    return content


def pair(text: str) -> tuple[str, Any]:
    """``name=value`` as a pair; the value is JSON, or text when it is none."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise BadInput(f"{text!r} is no change", field="set", remedy="write fact=value")
    try:
        return name, json_text.read(value)
    except BadInput:
        return name, value


def _token(settings: Settings, who: str) -> str:
    if who:
        return demo_token(settings, who)
    if settings.token is None:
        raise Unauthenticated("say who you are: --as NAME (demo people) or COUNTERSIGN_TOKEN")
    return settings.token.get_secret_value()


def _problem(answer: httpx.Response) -> CountersignError:
    try:
        body = dict(answer.json())
    except (ValueError, TypeError):
        return CountersignError(f"the API answered {answer.status_code}")
    detail = str(body.get("detail") or body.get("title") or answer.status_code)
    if answer.status_code in (400, 413, 422):
        known = {name: body.get(name) for name in ("file", "row", "field", "remedy")}
        return BadInput(str(body.get("message") or detail), **known)
    return ERRORS.get(answer.status_code, CountersignError)(detail, remedy=body.get("remedy"))
