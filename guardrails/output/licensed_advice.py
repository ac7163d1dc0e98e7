"""Holds regulated advice for somebody who is licensed to give it."""

from __future__ import annotations

from domain.canonical import digest
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.leaving import LICENCE, leaving_of, licence_for
from guardrails.wording import rules

MARK = 12  # hexadecimal digits of the digest of what was released
WHOM = r"(you|he|she|they|the (customer|applicant|borrower|company|owner)s?)"
SECURITY = r"(stocks?|shares?|bonds?|funds?|etfs?|securit(y|ies)|annuit(y|ies)|options?|crypto\w*|portfolio)"
RULES = rules(
    securities=rf"\b{WHOM} (should|ought to|must|had better|could do well to) ([a-z]+ ){{0,2}}(buy|sell|hold|"
    rf"invest|divest|short|subscribe)\b|\b(we|i) (recommend|suggest|advise|would) ([a-z]+ ){{0,4}}(buy(ing)?|"
    rf"sell(ing)?|hold(ing)?|invest(ing)?)\b|\b(wise|smart|best|better|time) to ([a-z]+ ){{0,2}}"
    rf"(buy|sell|hold|invest)\b|\b(move|shift|switch) (your|his|her|their) ([a-z]+ ){{0,3}}(in)?to ([a-z]+ ){{0,2}}"
    rf"{SECURITY}\b|\b(buy|sell|invest in|put your (money|savings) in(to)?) ([a-z]+ ){{0,3}}"
    rf"{SECURITY}\b",
    credit=r"\b(you|your (application|loan|request|credit)|the application|the loan) ([a-z]+ ){0,3}(denied|declined|"
    r"rejected|refused|turned down|not (been )?(approved|granted))\b|\bwe ([a-z]+ ){0,2}(are unable|regret|cannot|"
    r"can not|could not|will not|won't|refuse|decline) (to )?(approve|offer|grant|extend|lend)\b|"
    r"\b(do|does) not qualify\b",
    legal=rf"\b{WHOM} (should|ought to|must|may want to|could) ([a-z]+ ){{0,2}}(sue|litigate|appeal|contest|file "
    r"(suit|a (claim|lawsuit|complaint))|sign (a|the) waiver|incorporate|declare bankruptcy|file for bankruptcy)\b|"
    r"\b(is|are|would be|was) (legally (binding|liable|required|entitled)|unlawful|illegal|a breach of contract)\b|"
    r"\b(is|are|would be) entitled to (damages|compensation|a refund by law)\b|\b(shield|protect|hide)s? [^.;]{0,30}"
    r"from (the )?(creditors|the court)\b|"
    r"\b(you|they) have (a|the|no) (legal )?(claim|case|right to sue|cause of action)\b",
    tax=rf"\b{WHOM} (should|ought to|must|can|could|may) ([a-z]+ ){{0,2}}(deduct|write off|depreciate|claim ([a-z]+ "
    r"){0,2}(deduction|credit|exemption)|defer (tax|income)|avoid tax(es)?)\b|\b(is|are|would be) (not )?(tax[- ]?"
    r"(deductible|free|exempt)|deductible|taxable|free of tax)\b|\b(lower|reduce|cut|save) (on )?(your|his|her|their) "
    r"(income )?tax(es)?\b|\bwrite ([a-z]+ ){1,3}off\b",
)


class LicensedAdvice:
    """Stage: output. Holds own words that recommend a security, deny credit or give legal or tax advice.

    Who is licensed for it releases it or keeps it back (``licence`` rules in ``authority.cedar``); what they let go
    is this text and no other. What the book words itself (12 CFR 1002.9) is certified and not looked at. Fails
    closed: whoever runs it treats an error as a refusal. Measured in ``tests/unit/test_output_gate_rules.py``, on
    sentences of our own and few; hints and other languages are not seen.
    """

    name = "licensed_advice"
    version = "2"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Hold or pass, with each licence that is needed and the mark of exactly these words."""
        leaving = leaving_of(passage)
        if leaving is None:
            return Verdict(Ruling.PASS, "LA0")
        own = "\n".join(leaving.own)
        mark = digest(own)[:MARK]
        needed = {code: licence_for(code, mark) for code, pattern in RULES.items() if pattern.search(own)}
        measures = dict.fromkeys(needed.values(), 1)
        if not measures.keys() - leaving.released.keys():
            return Verdict(Ruling.PASS, "LA2" if needed else "LA1", measures=measures)
        why = (
            f"regulated advice ({', '.join(needed)}), for a licensed person to release or keep back: “{own}”"
        )
        rule = "+".join(f"{LICENCE}{code}" for code in needed)
        return Verdict(Ruling.HOLD, rule, why, measures=measures)
