"""Shows a report to people: shares as fractions with their parts. Measures nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = ("n", "accuracy", "wilson_low", "wilson_high", "referred", "calls_per_case")
SCORED = ("n", "correct", "accuracy", "wilson_low", "wilson_high", "referred", "wrong", "holds")
GROUPS = (
    "by_specialist",
    "by_judgement",
    "by_kind_of_error",
)  # tables of a deck that groups what it measured
SIDES = {"supervised", "one_agent_with_all_tools"}  # of a deck that compares the two
RATES = ("recall", "specificity", "common")  # of the judge
HOLDS = {True: "holds", False: "breaks"}


def show(report: Mapping[str, Any], console: Console) -> None:
    """One table of every deck, then what each deck has beyond it."""
    table = Table("deck", *COLUMNS, title=report["label"])
    for name, deck in report["decks"].items():
        table.add_row(name, *(_cell(deck[column]) for column in COLUMNS))
    console.print(table)
    for name, deck in report["decks"].items():
        for each in _tables(name, deck):
            console.print(each)


def _tables(name: str, deck: Mapping[str, Any]) -> Iterable[Table]:
    rest = [(key, _cell(value)) for key, value in deck.items() if key not in COLUMNS and _is_share(value)]
    if rest:
        yield _table(("figure", "value"), rest, name)
    for group in GROUPS:
        if group in deck:
            yield _grouped(deck[group], f"{name}, {group.replace('_', ' ')}")
    if deck.keys() >= SIDES:
        yield _side_by_side(deck, name)
    if "loops" in deck:
        yield _loops(deck["loops"], name)
    if "sweep" in deck:
        yield _breaks(deck["breaks"], name)
        yield _sorts(deck["errors_of_one_sort"], name)
        yield _sweep(deck["sweep"], name)


def _grouped(groups: Mapping[str, Mapping[str, Any]], title: str) -> Table:
    first = next(iter(groups.values()))
    columns = SCORED if "accuracy" in first else tuple(first)
    rows = [(name, *(_cell(each[column]) for column in columns)) for name, each in groups.items()]
    return _table(("", *columns), rows, title)


def _side_by_side(deck: Mapping[str, Any], name: str) -> Table:
    """What orchestration costs, figure by figure, which calls that counts, and where it is not worth it."""
    many, one = deck["supervised"], deck["one_agent_with_all_tools"]
    table = _table(
        ("figure", "supervised", "one agent with all tools"),
        ((figure.replace("_", " "), str(many[figure]), str(one[figure])) for figure in many),
        f"{name}: supervised and as one agent",
    )
    not_worth_it = "; ".join(deck["orchestration_is_not_worth_it"]) or "nowhere in this deck"
    table.caption = f"Calls counted {deck['calls_counted']}. Orchestration is not worth it: {not_worth_it}."
    return table


def _loops(loops: Mapping[str, Mapping[str, Any]], name: str) -> Table:
    columns = ("n", "accuracy", "wilson_low", "referred", "wrong", "holds")
    rows = [
        (loop, how, *(_cell(each[how][column]) for column in columns))
        for loop, each in loops.items()
        for how in ("measured", "calculated")
        if how in each
    ]
    return _table(("loop", "", *columns), rows, f"{name}: what the judge and code's checks are worth")


def _breaks(edges: Iterable[Mapping[str, Any]], name: str) -> Table:
    columns = ("accuracy", "wilson_low", "referred", "wrong")
    rows = [
        (
            _marked(each, each["rate"]),
            str(each["value"]),
            *(_cell(each[c]) for c in columns),
            HOLDS[each["holds"]],
        )
        for each in edges
    ]
    title = f"{name}: one declared rate changed at a time (* as declared), calculated from the loop's rules"
    return _table(("rate", "value", *columns, "claim"), rows, title)


def _sorts(sorts: Sequence[Mapping[str, Any]], name: str) -> Table:
    columns = ("every_error_found_by", "errors", "correct", "referred", "wrong")
    rows = [(*(_cell(each[column]) for column in columns), HOLDS[each["holds"]]) for each in sorts]
    title = (
        f"{name}: if every error were of one sort, at the declared rates, calculated from the loop's rules"
    )
    return _table((*(column.replace("_", " ") for column in columns), "claim"), rows, title)


def _sweep(cells: Iterable[Mapping[str, Any]], name: str) -> Table:
    """A row for each judge, a column for each share of mended answers."""
    rows: dict[tuple[str, ...], dict[float, str]] = {}
    for each in cells:
        referred = f"{each['referred']['share']:.3f}".removeprefix("0")
        said = f"{each['accuracy']:.4f} {referred} {'+' if each['holds'] else '-'}"
        rows.setdefault(tuple(str(each[rate]) for rate in RATES), {})[each["mend"]] = _marked(each, said)
    mends = next(iter(rows.values()))
    title = f"{name}: accuracy, share referred, + the claim holds, - it breaks (* as declared), by the loop's rules"
    found = [(*rates, *said.values()) for rates, said in rows.items()]
    return _table((*RATES, *(f"mend {mend}" for mend in mends)), found, title)


def _marked(cell: Mapping[str, Any], text: str) -> str:
    return f"{text}*" if cell["declared"] else text


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]], title: str) -> Table:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    return table


def _is_share(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"of", "n", "share"}


def _cell(value: Any) -> str:
    return f"{value['share']} ({value['n']}/{value['of']})" if isinstance(value, dict) else str(value)
