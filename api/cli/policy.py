"""Policy books and their tables, without a database: policy eval | check | diff | test."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table

from api.cli.client import As, Json, ask, read_bytes, read_json, show
from domain.errors import BadInput, InvalidPolicy
from graphs.catalog import GRAPHS, VOCABULARY
from graphs.policy_change.trying import Trial, try_examples
from graphs.proof import prove
from policies.book import Book
from policies.difference import Change, differences
from policies.examples import Examples, read_examples
from policies.loader import parse_book, read_book, shipped, shipped_examples
from policies.table import DecisionTable

policy = typer.Typer(help="Policy books: their tables, what differs, what a candidate would have decided.")
BookName = Annotated[
    str, typer.Argument(help="a YAML file, a kind (as shipped), or a version (as the API has it)")
]
Input = Annotated[str, typer.Option("--input", help="a JSON file, or JSON")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(policy, name="policy")


@policy.command("eval")
def evaluate(
    book: str,
    table: str,
    given: Input,
    on: Annotated[str, typer.Option("--date", help="application date, YYYY-MM-DD")],
    as_json: Json = False,
) -> None:
    """Evaluate one table: outcome, rows hit, trace, unknown facts.

    Example: countersign policy eval loan_amendment authority --input '{"amount_cents": 100}' --date 2026-03-02.
    """
    facts = read_json(given)
    if not isinstance(facts, dict):
        raise BadInput("facts are a JSON object", field="input", remedy='write {"fact": value, …}')
    asked = _table(named(book), table, _day(on))
    for name in asked.inputs.keys() & facts.keys():
        if not asked.inputs[name].holds(facts[name]):
            raise BadInput("no possible value", field=name, remedy=f"give {asked.inputs[name]}")
    found = asked.evaluate(facts)
    answer = {
        "outputs": found.outputs,
        "rows_hit": found.rows_hit,
        "unknown": found.unknown,
        "ignored": sorted(facts.keys() - asked.inputs.keys()),
        "trace": [step._asdict() for step in found.trace],
    }
    drawn = Table("row", "matched", "failed at")
    for step in found.trace:
        drawn.add_row(step.row, "yes" if step.matched else "", step.failed_at or "")
    show(answer, as_json, Group(*_said(answer), drawn))


@policy.command("check")
def check(
    books: Annotated[
        list[str] | None, typer.Argument(help="YAML files or kinds; default: every shipped book")
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge books: one that is incomplete, contradictory, fails open or names the unknown is refused with the place.

    Example: countersign policy check candidate.yaml.
    """
    versions = [book.version for book in ([named(each) for each in books] if books else shipped(VOCABULARY))]
    show(versions, as_json, "\n".join(f"{version}: complete" for version in versions))


@policy.command("prove")
def prove_graphs(as_json: Json = False) -> None:
    """Prove of every compiled graph that no path skips a control; exit code 1 with the path where one does.

    A process whose graphs do not hold it does not start.
    """
    proven = prove(GRAPHS)
    table = Table("graph", "property", "proven")
    for each in proven:
        table.add_row(each.graph, each.holds, "\n".join(each.against) or "yes")
    show([asdict(each) for each in proven], as_json, table)
    if any(each.against for each in proven):
        raise typer.Exit(1)


@policy.command("diff")
def diff(old: BookName, new: BookName, who: As = "", as_json: Json = False) -> None:
    """What differs between two books, row by row, and which way: looser, tighter, or open where it cannot be told.

    Example: countersign policy diff home_loan candidate.yaml.
    """
    changes = differences(named(old, who), named(new, who))
    lines = [line for each in changes for line in _difference(each)]
    show([asdict(each) for each in changes], as_json, "\n".join(lines) or "nothing differs")


def _difference(change: Change) -> list[str]:
    told = [f"{change.direction}: {change.where} {change.what}"]
    told += [f"    before  {change.before}"] if change.before else []
    return told + ([f"    after   {change.after}"] if change.after else [])


@policy.command("test")
def try_out(
    book: BookName,
    examples: Annotated[Path | None, typer.Option(help="YAML; default: the shipped ones of its kind")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Try a book's own example cases; exit code 1 when one comes out otherwise, with what came instead.

    Also lists the rows that no example answers. Example: countersign policy test candidate.yaml.
    """
    candidate = named(book, who)
    trial = try_examples(candidate, _examples(candidate, examples))
    told = {"book": candidate.version, "failed": len(trial.failed), **asdict(trial)}
    show(told, as_json, _tried(trial))
    if trial.failed:
        raise typer.Exit(1)


def named(reference: str, who: str = "") -> Book:
    """A book by file, by kind as shipped, or by version as the API has it; judged only where it is a file."""
    file = Path(reference)
    if file.suffix in (".yaml", ".yml") or file.is_file():
        return _of_file(file)
    if "@" in reference:
        return parse_book(ask("GET", f"/v1/policy/books/{reference}", who)["source"], reference)
    return _book(reference)


def _of_file(file: Path) -> Book:
    try:
        return read_book(text_of(file), VOCABULARY, file.name)
    except InvalidPolicy as error:
        raise BadInput(error.message, file=str(file), remedy="correct the book") from error


def text_of(file: Path) -> str:
    """A file as text; ``BadInput`` when it is none."""
    try:
        return read_bytes(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8 text", file=str(file), remedy="save the file as UTF-8") from error


def _examples(book: Book, file: Path | None) -> Examples:
    if file is None:
        found = shipped_examples(book.rules.kind)
        if found is None:
            raise BadInput(
                f"no examples are shipped for {book.rules.kind}",
                field="examples",
                remedy="name a file of your own",
            )
        return found
    try:
        return read_examples(text_of(file), file.name)
    except InvalidPolicy as error:
        raise BadInput(error.message, file=str(file), remedy="correct the example") from error


def _tried(trial: Trial) -> str:
    lines = [f"“{each.name}”: {wrong}" for each in trial.failed for wrong in each.wrong]
    lines += [f"no example answers {row}" for row in trial.untried]
    total = len(trial.examples)
    return "\n".join([*lines, f"{total - len(trial.failed)} of {total} examples came out as expected"])


def _book(kind: str) -> Book:
    books = {book.rules.kind: book for book in shipped(VOCABULARY)}
    if kind not in books:
        raise BadInput(f"no book {kind}", field="book", remedy=f"one of {', '.join(books)}")
    return books[kind]


def _table(book: Book, name: str, day: date) -> DecisionTable:
    if name not in book.tables:
        raise BadInput(
            f"{book.version} has no table {name}", field="table", remedy=f"one of {', '.join(book.tables)}"
        )
    try:
        return book.table(name, day)
    except InvalidPolicy as error:
        raise BadInput(error.message, field="date", remedy="choose a day that the book covers") from error


def _said(answer: dict[str, Any]) -> list[str]:
    """What the table answers, and what it would need or did not use."""
    rows = ", ".join(answer["rows_hit"])
    outputs = answer["outputs"] if isinstance(answer["outputs"], list) else [answer["outputs"]]
    told = "; ".join(
        ", ".join(f"{name}: {value}" for name, value in each.items()) for each in outputs if each
    )
    lines = [f"answer: {told} (rows {rows})" if told else "no certain answer"]
    lines += [f"unknown: {', '.join(answer['unknown'])}"] if answer["unknown"] else []
    return lines + ([f"not an input, ignored: {', '.join(answer['ignored'])}"] if answer["ignored"] else [])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no date", field="date", remedy="write YYYY-MM-DD") from error
