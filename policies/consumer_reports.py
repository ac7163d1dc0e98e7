"""What an adverse action notice says of the consumer reports that were used: 15 U.S.C. 1681m(a).

Owns which particulars an adverse action must carry and which of them are lacking. Reads known facts and the
book; never invents a name, a number or a score. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.finding import Fact
from policies.book import InForce

OF_THE_SCORE = ("credit_score_on", "credit_score_from", "credit_score_to", "credit_score_factors")
DISCLOSED = ("reporting_agencies", "credit_score", "credit_score_party", *OF_THE_SCORE)


def used(known: Mapping[str, Fact]) -> bool:
    """Whether a consumer report is among the evidence."""
    return "consumer_reporting_agencies" in known or "credit_score" in known


def disclosure(book: InForce, known: Mapping[str, Fact]) -> dict[str, Fact]:
    """Arguments of the notice: the agencies from the book, the score really used from the facts."""
    if not used(known):
        return {}
    agencies = book.rules.consumer_reporting_agencies
    named = [agencies[code].shown for code in _codes(known) if code in agencies]
    score = {name: known[name] for name in DISCLOSED if name in known}
    return {"reporting_agencies": "; ".join(named)} | (score if "credit_score" in known else {})


def lacking(book: InForce, known: Mapping[str, Fact]) -> tuple[str, ...]:
    """What keeps an adverse action from being proposed; empty when all is known or no report was used."""
    if not used(known):
        return ()
    codes = _codes(known) or ("unnamed",)
    unknown = [code for code in codes if code not in book.rules.consumer_reporting_agencies]
    agencies = tuple(
        f"name, address and toll-free number of the consumer reporting agency {code!r} "
        "(the report's `agency`, and its row under consumer_reporting_agencies in the book)"
        for code in unknown
    )
    score = [name for name in OF_THE_SCORE if name not in known] if "credit_score" in known else []
    return agencies + tuple(f"{name.replace('_', ' ')} of the consumer report" for name in score)


def _codes(known: Mapping[str, Fact]) -> tuple[str, ...]:
    told = str(known.get("consumer_reporting_agencies", ""))
    return tuple(code.strip() for code in told.split(";") if code.strip())
