"""Judgements of the mortgage worker: letters that explain falling income, or weeks without work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from api.demo.stories import Story, routine, self_employed
from evals.judgements.subject import Subject
from evals.judgements.told import Bank, Told, Verdict
from tests.fakes.casework import asking
from tests.fakes.specialists_script import TOOLS

FELL = Bank(
    ground={
        "supports": (
            "My income fell because one large contract of the year before last ended as planned; "
            "Since then four customers have signed for the whole of this year",
            "My income fell because I cared for my mother from March to June; "
            "I work full weeks again and my order book is full until next spring",
            "My income fell because the flood closed the workshop for a season; "
            "It is open again and this year's first quarter is already above last year's",
        ),
        "does_not_support": (
            "You ask why my income fell and I can only say that the market goes up and down",
            "You ask why my income fell: my accountant always writes these numbers in his own way",
            "You ask why my income fell; Things were slow and they may stay slow and we shall see",
        ),
    },
    denied={
        "supports": (
            "I would not say that [the work has dried up for good]",
            "It is not so that [things stay slow this year]",
        ),
        "does_not_support": (
            "I cannot promise that [my order book is full until next spring]",
            "Nobody has told me that [four customers have signed for this year]",
        ),
    },
    stale={
        "supports": ("In 2015 I had no reason to give for a bad year and it stayed bad",),
        "does_not_support": (
            "In 2015 my income fell too because a bridge was closed and it came back within months",
        ),
    },
    other={
        "supports": ("My brother in the same trade has given up and has no customers left",),
        "does_not_support": ("My partner's firm has four new contracts and pays more than before",),
    },
    beside=("The house has a new roof and needs no work", "I have been in this trade for many years"),
)
AWAY = Bank(
    ground={
        "supports": (
            "In spring I nursed a parent at home; It is over and my new employer took me on for good",
            "In spring my last firm closed its mill; My new employer took me on without a trial period",
            "In spring I finished my training as an electrician; I have worked full weeks in it since June",
        ),
        "does_not_support": (
            "Those weeks were a private matter that I would rather not go into",
            "People come and go in my line of work and spring is as good as any time",
            "I do not remember those weeks well and I hope that this is enough for you",
        ),
    },
    denied={
        "supports": (
            "I am not [looking for other work again]",
            "Nothing points to [another spell without work]",
        ),
        "does_not_support": (
            "I cannot say whether [my new employer took me on for good]",
            "It is not settled that [my trial period has ended well]",
        ),
    },
    stale={
        "supports": ("Ten years ago I was out of work for a winter and never said why",),
        "does_not_support": ("Ten years ago I was out of work because of an operation that healed well",),
    },
    other={
        "supports": ("My cousin left the same firm and has found nothing since",),
        "does_not_support": ("My sister stayed at home with a newborn and is back in full work",),
    },
    beside=(
        "Overtime has been paid every month since I began",
        "The savings for the down payment are my own",
    ),
)
STATED = "Documented income is 1,000,000 cents a month."  # what the story's applicant stated


def _fell(draw: Random, truth: Verdict, reference: str) -> Told:
    return replace(FELL.told(draw, truth, reference), said={"stated_figure_for_documented": STATED})


def _falling(told: Told, today: date) -> Story:
    return asking(self_employed(today), letter_of_explanation=told.text)


def _away(told: Told, today: date) -> Story:
    story = asking(routine(today), letter_of_explanation=told.text)
    others = [each for each in story.records if each["kind"] != "employment_record"]
    job = next(each for each in story.records if each["kind"] == "employment_record")
    first = job | {"ended_on": (today - timedelta(days=336)).isoformat(), "employer": "DEMO MILLS"}
    since = job | {"started_on": (today - timedelta(days=274)).isoformat()}
    return replace(story, records=(*others, first, since))


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "letter_explains_income",
        "income_verifier",
        "letter_of_explanation",
        TOOLS["income_verifier"],
        _fell,
        _falling,
    ),
    Subject(
        "employment_gap_explained",
        "income_verifier",
        "letter_of_explanation",
        TOOLS["income_verifier"],
        AWAY.told,
        _away,
    ),
)
