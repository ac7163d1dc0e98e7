"""The command line: ``countersign --help``. Acts on cases through the HTTP API, on the parts by themselves.

Owns which command stands where and how errors are shown: one line on stderr, never a stack trace. Only the
module of the command that was asked for is imported, so that an inbox opens without loading graphs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from pydantic import ValidationError

from domain.errors import BadInput, CountersignError, with_remedy

WHERE = {  # module of this package: its commands, as --help lists them
    "system": ("demo", "up", "token", "keygen", "migrate"),
    "serving": ("serve",),
    "runners": ("runner",),
    "banking": ("bank",),
    "studio": ("studio",),
    "cases": ("submit", "cases", "case", "requests", "record"),
    "proving": ("verify", "export", "verifier", "reconcile"),
    "searching": ("search",),
    "retention": ("retention",),
    "conditions": ("conditions",),
    "registers": ("register", "review"),
    "approvals": ("inbox", "packet", "claim", "release", "decide", "sampled", "reviewed"),
    "referrals": ("referrals", "settle", "incidents"),
    "halts": ("halt", "resume", "halts"),
    "model_level": ("model",),
    "unwinding": ("unwind",),
    "history": ("history", "show", "fork", "compare", "migrate-case"),
    "replaying": ("replay",),
    "documents": ("dossier", "memo"),
    "quarantine": ("quarantine",),
    "chat": ("chat",),
    "parts": ("tool", "graph"),
    "shadowing": ("policy",),
    "measuring": ("eval-guardrails",),
}
HELP = """Agents propose, policy disposes, people countersign, every step can be replayed.

First steps: `countersign demo`, then `countersign up` in one terminal and `countersign inbox --as underwriter-1`
in another. Errors are one line; exit code 2 for bad input, 1 for everything else.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        code = _application(words[0])(words, prog_name="countersign", standalone_mode=False)
    except CountersignError as error:
        _fail(_said(error), 2 if isinstance(error, BadInput) else 1)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        _fail(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']} Remedy: see .env.example", 2)
    except BrokenPipeError:
        sys.exit(1)  # whoever reads our output has seen enough
    except Exception as error:
        _fail(*_unexpected(error))
    sys.exit(code if isinstance(code, int) else 0)


def _application(command: str) -> typer.Typer:
    """The application with the module of this command, or with all of them (help, a misspelt command)."""
    app = typer.Typer(
        name="countersign",
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_named)
    app.callback()(_together)
    wanted = [module for module, commands in WHERE.items() if command in commands]
    for module in wanted or WHERE:
        import_module(f"{__name__}.{module}").register(app)
    return app


def _named() -> None:
    """Keeps a command's name on the command line, also where its module has no other."""


def _together() -> None:
    """Keeps the name of the command on the line, also when only one was loaded."""


def _said(error: CountersignError) -> str:
    """The error with its remedy (``BadInput`` names it by itself)."""
    return str(error) if isinstance(error, BadInput) else with_remedy(str(error), error.remedy)


def _unexpected(error: Exception) -> tuple[str, int]:
    """Wrong usage says what is wrong by itself; of anything else the kind and the first line are told."""
    shown = getattr(error, "format_message", None)
    if shown is not None:
        return f"{shown()} Remedy: see --help", int(getattr(error, "exit_code", 2))
    first = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first or 'it says no more'}", 1


def _fail(message: str, code: int) -> None:
    print(f"countersign: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 - a command line prints
    sys.exit(code)
