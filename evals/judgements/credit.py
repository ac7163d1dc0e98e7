"""Judgements of the credit worker: a commentary beside its statements, and late payments on a consumer report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from api.demo.stories import Story, routine
from evals.judgements.subject import Subject
from evals.judgements.told import Bank, Told, Verdict
from tests.fakes.companies import FY2024, commentary, statement, story
from tests.fakes.model_script import Call

FITS = Bank(  # the statements: revenue, earnings and equity rose, debt stayed as it was
    ground={
        "supports": (
            "Revenue grew and earnings before interest rose with it",
            "Equity grew because the profit of the year was kept in the company",
            "Net income rose; Long-term debt is what it was a year ago",
        ),
        "does_not_support": (
            "Revenue fell while we halved our long-term debt",
            "Earnings before interest doubled in the year",
            "Equity was paid out in full; The company starts the year without reserves",
        ),
    },
    denied={
        "supports": (
            "It is not the case that [revenue fell and long-term debt doubled]",
            "Nobody here says that [equity was paid out in full]",
        ),
        "does_not_support": (
            "We do not claim that [revenue grew and earnings rose with it]",
            "It would be wrong to say that [the profit of the year was kept in the company]",
        ),
    },
    stale={
        "supports": ("In 2023 revenue fell and we lost money on every contract",),
        "does_not_support": ("In 2023 revenue grew and earnings before interest rose with it",),
    },
    other={
        "supports": ("Our largest competitor lost revenue and wrote off its equity",),
        "does_not_support": ("Our sister company grew its revenue and kept its profit",),
    },
    beside=("The order book for next year is full", "We hired two engineers and a surveyor"),
)
LAST_YEAR = f"Revenue of the latest year is {FY2024['revenue'] * 100} cents."
LATE = {"supports": (1,), "does_not_support": (4, 5, 6, 8)}
SCORES = {"supports": (744, 752, 761, 779), "does_not_support": (575, 588, 603, 611)}
COLLEAGUES: dict[Verdict, dict[str, int]] = {  # the other applicant, who looks the other way
    "supports": {"late": 0, "score": 641},
    "does_not_support": {"late": 0, "score": 782},
}
FACTORS: dict[Verdict, tuple[str, str, str]] = {  # denied words, the sentence they stand in, an old matter
    "supports": (
        "recent pattern of late payments",
        "No recent pattern of late payments",
        "A pattern of late payments until 2011",
    ),
    "does_not_support": (
        "accounts paid as agreed",
        "Not enough accounts paid as agreed",
        "One isolated late payment in 2011",
    ),
}


def _fits(draw: Random, truth: Verdict, reference: str) -> Told:
    told = FITS.told(draw, truth, reference)
    old = f"{told.spans['stale']}. The reference is {reference}."
    return replace(
        told,
        text=told.text.replace(f"{told.spans['stale']}. ", ""),
        earlier=old,
        said={"figure_of_an_earlier_period": LAST_YEAR},
    )


def _commented(told: Told, today: date) -> Story:
    earlier = commentary(told.earlier) | {"received_on": "2024-02-20"}
    return story(statement(), earlier, commentary(told.text))


def _late(draw: Random, truth: Verdict, reference: str) -> Told:
    late, score, debts = draw.choice(LATE[truth]), draw.choice(SCORES[truth]), draw.randrange(35_101, 60_000)
    other, (denied, sentence, old) = COLLEAGUES[truth], FACTORS[truth]
    own_span = {"supports": f'"score": {other["score"]}', "does_not_support": '"delinquencies_24m": 0'}
    return Told(
        text=f"{sentence}; {old}; Balances on the file {reference}",
        ground=(f'"delinquencies_24m": {late}', f'"score": {score}'),
        spans={
            "negated": denied,
            "stale": old,
            "other": own_span[truth],
            "beside": '"agency": "demo_bureau"',
        },
        said={"other_partys_figure": f"The monthly debts of party:1 are {debts + 7_000} cents."},
        numbers={"late": late, "score": score, "debts": debts},
    )


def _reported(told: Told, today: date) -> Story:
    alone = routine(today)
    (first,) = alone.application["borrowers"]
    second = first | {
        "name": "BLAIR DEMO QUILL",
        "birth_date": "1987-08-21",
        "tax_number": "900-00-0005",
        "customer_number": None,
    }
    report = next(each for each in alone.records if each["kind"] == "bureau_file")
    others = [each for each in alone.records if each["kind"] != "bureau_file"]
    truth: Verdict = "supports" if told.numbers["late"] == 1 else "does_not_support"
    own = _report(report, told.numbers) | {"key_factors": told.text.split("; ")}
    joint = COLLEAGUES[truth] | {"debts": told.numbers["debts"] + 7_000}
    reports = (own, _report(report, joint) | {"party": "party:2"})
    application = alone.application | {"borrowers": [first, second]}
    return replace(alone, application=application, records=(*others, *reports))


def _report(report: dict[str, Any], told: Any) -> dict[str, Any]:
    return report | {
        "score": told["score"],
        "delinquencies_24m": told["late"],
        "monthly_debts_cents": told["debts"],
        "inquiries_factor": False,
    }


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "commentary_fits_statements",
        "statement_spreader",
        "management_commentary",
        (Call("spread_statements"), Call("management_commentary")),
        _fits,
        _commented,
    ),
    Subject(
        "delinquency_isolated",
        "bureau_analyst",
        "bureau_file",
        (Call("bureau_file", {"party": "party:1"}), Call("bureau_file", {"party": "party:2"})),
        _late,
        _reported,
        parties=("party:1", "party:2"),
    ),
)
