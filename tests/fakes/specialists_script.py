"""A scripted model that does every specialist's job well; tests break one turn of it at a time."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.model_script import ByPrompt, Call, ModelRequest, Reply, Script, Turns

PARTY = {"party": "party:1"}
TOOLS: dict[str, tuple[Call, ...]] = {
    "document_verifier": (Call("travel_document", PARTY),),
    "sanctions_screener": (Call("screen_party", PARTY), Call("party_reputation", PARTY)),
    "risk_rater": (Call("customer_risk"),),
    "filing_preparer": (Call("filing_review"),),
    "bureau_analyst": (Call("bureau_file", PARTY),),
    "income_verifier": (
        Call("pay_stubs", PARTY),
        Call("wage_statements", PARTY),
        Call("employment_history", PARTY),
        Call("tax_returns", PARTY),
        Call("rental_income", PARTY),
        Call("letter_of_explanation"),
    ),
    "collateral_assessor": (Call("valuation"), Call("title_report")),
    "market_analyst": (Call("market_report"), Call("portfolio_report")),
    "pricing_analyst": (Call("price_loan"),),
    "repayment_assessor": (Call("ability_to_repay"), Call("letter_of_explanation")),
}
UPHOLD: dict[str, Any] = {"verdict": "uphold", "reasons": "The quoted words carry the answer."}
NOTHING_TO_PLAN: dict[str, Any] = {"rechecks": [], "explanation": "a person should look at this"}


class EachParty:
    """The turns of a job whose work covers every party that its assignment names."""

    def __init__(self, job: str) -> None:
        self._tools = [call.tool for call in TOOLS[job]]

    def reply_to(self, request: ModelRequest) -> Reply:
        """Ask about every party, then answer."""
        brief = next(str(message["content"]) for message in request.messages if message["role"] == "user")
        asked = [
            Call(tool, {"party": party}) for party in json.loads(brief)["parties"] for tool in self._tools
        ]
        return Turns(asked, answer=answer()).reply_to(request)


def answer(*judgements: dict[str, Any], narrative: str = "The records agree.") -> dict[str, Any]:
    """A final answer."""
    return {"judgements": list(judgements), "narrative": narrative, "confidence_percent": 90}


def judged(code: str, quote: str, verdict: str = "supports", confidence: int = 85) -> dict[str, Any]:
    """One judgement."""
    return {
        "code": code,
        "answer": verdict,
        "quote": quote,
        "confidence_percent": confidence,
        "counter": "One large customer may still leave.",
    }


def explains(request: ModelRequest) -> dict[str, Any]:
    """The income verifier's answer: it judges the letter when there is one, quoting its words."""
    letters = request.results("letter_of_explanation")
    text = str(json.loads(letters[-1]).get("text") or "") if letters else ""
    return answer(judged("letter_explains_income", text[:40])) if text else answer()


def specialists(**changed: Script) -> ByPrompt:
    """Every specialist at work; ``changed`` replaces the script of some."""
    scripts: dict[str, Script] = {
        job: Turns(calls, answer=explains if job == "income_verifier" else answer())
        for job, calls in TOOLS.items()
    }
    scripts |= {job: EachParty(job) for job in ("document_verifier", "sanctions_screener")}
    others: dict[str, Script] = {"planner": Turns(answer=NOTHING_TO_PLAN), "judge": Turns(answer=UPHOLD)}
    return ByPrompt({**scripts, **others, **changed})
