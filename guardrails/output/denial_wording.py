"""Forbids text that would tell a customer of a decision, or anybody of a filing."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

YOURS = r"your (application|loan|request|credit|mortgage|refinanc(e|ing)|increase)"
PERSON = r"(you|he|she|they|(the |this )?(customer|applicant|borrower|company|owner)s?)"
CREDIT = r"(loan|mortgage|credit|application|request|refinance|limit|line)"
TURNED = (
    r"(denied|declined|rejected|refused|turned down|unsuccessful|"
    r"not (been |get |got )?(approved|granted|accepted|successful))"
)
GIVE = r"(approv(e|ing)|offer(ing)?|grant(ing)?|extend(ing)?|lend(ing)?|giv(e|ing)|accept(ing)?)"
UNABLE = (
    r"(unable|not able|not in a position|regret|cannot|can not|can't|could not|couldn't|will not|won't|"
    r"(have )?decided not|not going)"
)
RULES = rules(
    denial=rf"\b({YOURS}\b[^.;]{{0,40}}|you (have been|had been|were|are being|are)) \b{TURNED}\b"
    rf"|\b{YOURS}\b[^.;]{{0,20}}\b(did|has|have|does) not (pass|go through|been successful|get approved)\b"
    rf"|\bwe\b[^.;]{{0,20}}\b{UNABLE}\b[^.;]{{0,30}}\b{GIVE}\b"
    r"|\bwe('re| are| have| had)? ?(must|have to|had to|to|regret to|decided to)? ?(decline|reject|refuse|deny|"
    r"turn down)(d|ed)?\b"
    rf"|\b{PERSON} (do|does|did|would) not (qualify|meet (our|the bank's) (criteria|requirements|standards))\b"
    rf"|\b{PERSON} (is|are|was|were) (not eligible|ineligible)\b"
    rf"|\b(tell|inform|notify|let) (him|her|them|the [a-z]+)\b[^.;]{{0,50}}\b({TURNED}|no)\b"
    rf"|\b{PERSON} (has|have|was|were|is|are) (been )?(refused|denied|turned down)\b"
    rf"|\b(bank|underwriters?|officer) (has |have )?(refused|said no|rejected|denied|turned down)\b"
    rf"|\bthere (will be|is) no (loan|offer|credit|mortgage)\b|\bthe answer is no\b"
    rf"|\b{CREDIT} (did not get|was not|is not|has not been|didn't get) (approved|granted|successful)\b",
    filing=r"\bsars?\b|\bsuspicious[- ]activity\b",
    advice=r"\byou should (buy|sell|invest|sue|deduct)\b",
)


class DenialWording:
    """Stage: output. Refuses an answer that words a denial to a customer, mentions a filing, or advises.

    Denials are worded by the adverse-action notice alone (12 CFR 1002.9); filings are confidential. What policy
    proposes and where a case stands is no denial. Fails closed: whoever runs it treats an error as a refusal. False
    positives and recall: ``docs/output.md``.
    """

    name = "denial_wording"
    version = "2"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        met = first_met(passage.text, RULES)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "an answer must not word a denial, a filing or advice")
        return Verdict(Ruling.PASS, "DW0")
