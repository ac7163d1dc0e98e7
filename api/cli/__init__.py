"""The command line: ``countersign --help``. Acts on cases through the HTTP API, on the parts by themselves."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from api.cli import approvals, cases, history, parts, system
from domain.errors import BadInput, CountersignError

app = typer.Typer(
    name="countersign",
    help="Agents propose, policy disposes, people countersign, every step can be replayed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (system, cases, approvals, history, parts):
    module.register(app)


def main() -> None:
    """Run one command; errors are one line on stderr: exit code 2 for bad input, 1 for everything else."""
    try:
        app()
    except BadInput as error:
        _fail(str(error), 2)
    except CountersignError as error:
        _fail(str(error), 1)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        _fail(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}", 2)


def _fail(message: str, code: int) -> None:
    print(f"countersign: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 - a command line prints
    sys.exit(code)
