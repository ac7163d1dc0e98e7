"""Labelled cases of companies that ask for credit: statements that are there, late or contradicted, owners unnamed.

A label knows nothing of plans: KYC with owners, then the guarantor's file, and statements from spread to memo.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from api.demo.stories import passport_lines
from tests.fakes.companies import FY2024, FY2025, csv, filing, instance, statement, story

Body = dict[str, Any]
TODAY = date(2026, 3, 2)
KNOWN = ("document_verifier", "sanctions_screener", "ubo_tracer", "risk_rater", "filing_preparer")
CREDIT = ("bureau_analyst", "statement_spreader", "ratio_analyst", "credit_rater", "memo_writer")


def credit(rng: random.Random) -> Body:
    """A company with two filed years, owned by its guarantor."""
    told = story(
        filing(instance(_years(rng))),
        score=rng.randrange(690, 800),
        loan_amount_cents=rng.randrange(300_000_00, 900_000_00, 10_000_00),
    )
    return {
        "kind": "commercial_credit",
        "application": told.application,
        "records": told.records,
        "needs": (*KNOWN, *CREDIT),
    }


def filing_comes_late(rng: random.Random) -> Body:
    """Nobody can spread what is not there: the look that finds it missing is needed, and no more than that."""
    made = credit(rng)
    late = tuple(each for each in made["records"] if each["kind"] == "financial_filing")
    kept = tuple(each for each in made["records"] if each["kind"] != "financial_filing")
    return made | {"records": kept, "late": late, "needs": (*made["needs"], "statement_spreader")}


def statement_says_less(rng: random.Random) -> Body:
    """The company's own statement shows other earnings than its filing: both are read once and both are shown."""
    made = credit(rng)
    less = statement(csv({"2025-12-31": FY2025 | {"ebit": rng.randrange(900_000, 1_300_000, 1_000)}}))
    return made | {"records": (*made["records"], less)}


def owner_is_unnamed(rng: random.Random) -> Body:
    """The register names an owner whom the application does not: KYC for them before anybody looks at credit."""
    made = credit(rng)
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(15_000))
    owner = {
        "id": "h2",
        "kind": "individual",
        "name": "QUIET DEMO OWNERC",
        "birth_date": born.isoformat(),
    }
    share = rng.randrange(2_500, 7_500)
    (register,) = [each for each in made["records"] if each["kind"] == "ownership_record"]
    stakes = [
        {"owner": "h1", "owned": "entity:1", "share_bps": 10_000 - share},
        {"owner": "h2", "owned": "entity:1", "share_bps": share},
    ]
    named = register | {"holders": [*register["holders"], owner], "stakes": stakes}
    zone = passport_lines("OWNERC", "QUIET DEMO", "UTO000122", born, TODAY + timedelta(days=1500))
    paper = {"kind": "identity_document", "party": "owner:h2", "mrz": zone, "received_on": TODAY.isoformat()}
    records = tuple(named if each is register else each for each in made["records"])
    again = ("document_verifier", "sanctions_screener")
    return made | {"records": (*records, paper), "needs": (*made["needs"], *again)}


def _years(rng: random.Random) -> dict[str, dict[str, int]]:
    """Two years of the demo company, its revenue a little different in every case."""
    more = rng.randrange(0, 600_000, 1_000)
    return {
        "2024-12-31": FY2024 | {"revenue": FY2024["revenue"] + more},
        "2025-12-31": FY2025 | {"revenue": FY2025["revenue"] + more},
    }
