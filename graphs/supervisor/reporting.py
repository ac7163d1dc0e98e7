"""What a finished home loan states in the register: bound with the action, so that approvers sign it too.

Pure over case, book and state. Owns which fact fills which term; never looks at who applies, and never writes
the entry (the effect ``register_entry`` does).
"""

from __future__ import annotations

import re
from typing import Literal

from domain.errors import InvalidPolicy
from domain.finding import Fact
from graphs.supervisor.known import Standing, facts
from graphs.supervisor.state import CaseState
from policies.filer import Filer
from tools.lending.uli import make_uli

ORIGINATED: Literal["1"] = "1"
DENIED: Literal["3"] = "3"
LONGEST = 23  # characters that a lender may add to its LEI
TERMS = {"fixed_15": 180, "fixed_30": 360}  # months
STATED = (  # facts that go into the entry under their own name
    "monthly_income_cents",
    "credit_score",
    "note_rate_bps",
    "rate_spread",
    "high_cost",
    "dti_back_bps",
    "cltv_bps",
)


def entry_terms(here: Standing, state: CaseState, action_taken: Literal["1", "3"]) -> dict[str, Fact]:
    """The terms of the entry; a fact that is not known is left out.

    Raises:
        InvalidPolicy: the book lists the effect and names no filer.
    """
    filer, application, known = _filer(here), here.application, facts(state)
    home = application["property"]
    value = known.get("appraised_value_cents")
    return {
        "lei": filer.lei,
        "uli": make_uli(filer.lei + loan_number(here.case.id)),
        "action_taken": action_taken,
        "application_date": here.case.application_date.isoformat(),
        "occupancy": home.get("occupancy", "principal"),
        "units": home.get("units", 1),
        "manufactured": home.get("property_type") == "manufactured",
        "county": home["area"],
        "principal_cents": application["loan_amount_cents"],
        "term_months": TERMS[application["product"]],
        "co_applicant": len(application["borrowers"]) > 1,
        "score_model": filer.score_model,
        "score_model_text": filer.score_model_text,
        **({"property_value_cents": min(int(value), home["price_cents"])} if value is not None else {}),
        **{name: known[name] for name in STATED if name in known},
    }


def loan_number(case_id: str) -> str:
    """The lender's part of the identifier: letters and digits of the case's own, which name nobody."""
    return re.sub(r"[^A-Za-z0-9]", "", case_id.rpartition("-")[2]).upper()[-LONGEST:]


def _filer(here: Standing) -> Filer:
    filer = here.book.rules.filer
    if filer is None:
        raise InvalidPolicy(f"{here.book.version} writes register entries and names no filer", field="filer")
    return filer
