"""Judgements of the KYC worker: whether a structure of holdings has a purpose, and whether activity is explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from api.demo.stories import Story
from evals.judgements.subject import Subject
from evals.judgements.told import Bank, Told, Verdict
from tests.fakes.model_script import Call
from tests.fakes.onboarding import alert, alone, company

QUIET = ("Ellis DEMO MARLOWE", "1979-02-14")  # on no list
LAYERS = Bank(  # no word of it stands in a name of the story: intake would withhold it
    ground={
        "supports": (
            "The first layer was formed because the lender of the second pit asked for a separate borrower",
            "The second layer keeps the licences of a joint venture; "
            "The first layer was the partner's condition and leaves when the venture ends",
            "Each layer owns one pit because two lenders each took one pit as security",
        ),
        "does_not_support": (
            "Our advisers set the layers up this way",
            "The layers are better for tax",
            "There have always been layers and we see no reason to explain them",
        ),
    },
    denied={
        "supports": (
            "It was not the case that [advisers set the layers up for tax alone]",
            "We do not hold that [no reason for the layers need be given]",
        ),
        "does_not_support": (
            "There never was [a lender who asked for a separate borrower]",
            "We cannot show that [a joint venture needed the second layer]",
        ),
    },
    stale={
        "supports": ("Before 2012 nobody could say what the oldest layer was for",),
        "does_not_support": ("Until 2012 a layer served a family settlement that has since been wound up",),
    },
    other={
        "supports": ("A competitor of ours is layered for tax alone",),
        "does_not_support": ("Our supplier has two layers because its lenders asked for separate borrowers",),
    },
    beside=(
        "The control person has run the company for nine years",
        "Every holder is entered in the company's register",
    ),
)
ACTIVITY = Bank(
    ground={
        "supports": (
            "The deposits are the takings of a weekly farm market; "
            "The stall permits for each of the days are on file",
            "A car was sold and the signed contract of sale for the amount is on file",
            "The cash is the float of a charity run; The organiser's receipts for it are on file",
        ),
        "does_not_support": (
            "Deposits were made just under the reporting amount on three days at three branches",
            "The customer named savings as the origin of the cash and minutes later a loan",
            "The customer broke a deposit in two when the teller reached for the form",
        ),
    },
    denied={
        "supports": (
            "The cash was not [split to stay under the reporting amount]",
            "The teller did not see [two accounts of where the cash came from]",
        ),
        "does_not_support": (
            "There is no [signed contract of sale for the amount]",
            "The file does not show [stall permits for each of the days]",
        ),
    },
    stale={
        "supports": ("In 2019 an earlier alert about unexplained cash was left open",),
        "does_not_support": (
            "In 2019 an earlier alert was closed because the takings of a fair explained it",
        ),
    },
    other={
        "supports": ("Another customer in the queue split a deposit over two branches",),
        "does_not_support": ("A neighbour of the customer runs a farm market and banks its takings weekly",),
    },
    beside=(
        "The account was opened in person with a valid document",
        "The branch is open on Saturdays until noon",
    ),
)
OTHERS_SHARE = "owner:h1 holds 4000 basis points of the company."  # the share of owner:h5


def _layers(draw: Random, truth: Verdict, reference: str) -> Told:
    return replace(LAYERS.told(draw, truth, reference), said={"other_partys_figure": OTHERS_SHARE})


def _owned(told: Told, today: date) -> Story:
    story = company(today, owner=QUIET)
    records = (
        each | {"explanation": told.text} if each["kind"] == "ownership_record" else each
        for each in story.records
    )
    return replace(story, records=tuple(records))


def _alerted(told: Told, today: date) -> Story:
    return alone(today, *QUIET, alert(today, observed=told.text))


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "structure_has_purpose",
        "ubo_tracer",
        "ownership_structure",
        (Call("ownership_structure"), Call("blocked_ownership")),
        _layers,
        _owned,
    ),
    Subject(
        "activity_explained",
        "filing_preparer",
        "filing_review",
        (Call("filing_review"),),
        ACTIVITY.told,
        _alerted,
        facts={"kyc_risk": "low"},
    ),
)
