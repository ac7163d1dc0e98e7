"""Forbids a prohibited basis as a reason, and words that discourage on one."""

from __future__ import annotations

import re

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules, sentences

WHOSE = r"(your|his|her|their|whose|(the )?[a-z]+'s)"
PEOPLE = (
    r"(man|woman|men|women|people|persons?|famil(y|ies)|couples?|borrowers?|applicants?|customers?|owners?)"
)
BASIS = (
    rf"({WHOSE} (race|colou?r|skin|religion|faith|church|(national )?origin|nationality|ethnicity|accent|sex|gender|"
    r"marital status|marriage|divorce|age|disability|pregnancy|background|public assistance|welfare|food stamps|"
    r"(wife|husband|spouse)'s (race|religion|origin|nationality))\b"
    rf"|\bof (that|this|{WHOSE}) (ethnicity|race|colou?r|religion|faith|kind|background|origin)\b"
    r"|\b(pregnant|pregnancy|single (mother|father|parent|woman|man)s?|unmarried|divorced|widowed|newlyweds?|elderly|"
    r"immigrants?|foreigners?|disabled|blind|deaf|wheelchair|food stamps|public assistance|"
    r"welfare|ethnicity|nationality)\b"
    r"|\b(muslims?|jews?|jewish|christians?|hindus?|catholics?|mormons?|hispanics?|latin[oa]s?|asians?|africans?|"
    r"arabs?|mexicans?|gypsies)\b"
    rf"|\b(black|white|brown|gay|two|young|old) {PEOPLE}\b"
    rf"|\b{PEOPLE} (of colou?r|is (black|white|brown))\b"
    r"|\b(has|have|having|expect|expects|expecting|plan to have|plans? for) (a )?(child|children|baby|babies)\b"
    r"|\b(sued|complained|exercised)\b[^,]{0,40}\b(credit laws?|fair lending|consumer credit)\b"
    r"|\b(at|is|aged?) (([6-9]\d)|(sixty|seventy|eighty|ninety)(-[a-z]+)?)\b)"
)
ADVERSE = (
    r"(declin\w*|reject\w*|refus\w*|den(y|ied|ies|ying)|turn(ed)? down|(would|could|do|does|will|should) "
    r"(rather )?not|wouldn't|don't|cannot|can't|not (lend|rely|comfortable|safe|sound)|no (real|true|proper) income|"
    r"(leave|leaves|left) (it )?out|lower(ed)?|higher|priced? up|doubt\w*|risk\w*|unlikely|too (old|young)|"
    r"guarantor|co-?signer|speaks? against|against (him|her|them)|stay away|happier|better (off|at|with|elsewhere)|"
    r"elsewhere|more at home|little sense|one salary|less|harder|worse|avoid|ask for (a|more)|worr(y|ied|ies))"
)
CAUSE = r"(because|because of|due to|owing to|on account of|based on|on the basis of|given|given that|since|as|being)"
NEAR = r"[^.;!?]{0,90}"
WHO = (
    r"(you|he|she|they|the (customer|applicant|borrower|owner)s?) (is|are|was|were|has|have|receives?|lives?)"
)
PLANS = (
    r"(have (a )?(child|children|baby|babies)|(start|raise) a family|(get|become) pregnant|"
    r"(go|leave) on (maternity|parental) leave)"
)
PLACE = r"(minority|black|hispanic|latino|asian|jewish|muslim|immigrant|ethnic|racially changing)"
RULES = rules(  # the plainest last
    basis_trait=rf"\b{WHO} (far |much |simply )?too (old|young)(?! to contract)\b",
    basis_plans=rf"\b(may|might|could|will|likely to|plans? to|planning to) (soon )?{PLANS}\b",
    basis_place=rf"\b{PLACE} (neighbou?rhood|area|block|community|street|part of town)\b"
    r"|\b(immigrants|foreigners|minorities)\b[^.;]{0,30}\b(live|block|street|area|neighbou?rhood)\b",
    basis_discouraged=r"\b(people|families|women|men|someone|somebody|a person|customers?|applicants?|borrowers?) "
    r"(like (you|them|him|her)|of (your|that|their|his|her) (kind|age|race|faith|religion|origin|colou?r|background))"
    r"\b|\bat (your|his|her|their) age\b|\byour own (people|kind)\b",
    basis_reason=rf"\b{CAUSE} ({WHO} )?(on |an? )?{BASIS}|\b{ADVERSE}\b{NEAR}{BASIS}|{BASIS}{NEAR}\b{ADVERSE}\b",
)
UNUSED = re.compile(
    r"\b(not|never|neither|nor|no|without)\b[^.;]{0,60}\b(use[ds]?|based|consider(ed|s)?|asks?|asked|looked at|"
    r"regard|reason|count(s|ed)? after)\b|\bprohibit|\bdiscriminat|\bregister\b|\bcounts? like\b",
    re.IGNORECASE,
)  # a sentence that says that a basis is not used


class ProhibitedBasis:
    """Stage: output. Refuses text that gives a prohibited basis as a reason, or discourages on one.

    Race, colour, religion, national origin, sex, marital status, age, public assistance, rights under credit laws (12
    CFR 1002.2(z)), disability (42 U.S.C. 3605(a)), family plans, make-up of the neighbourhood; discouragement
    (1002.4(b)). Naming a basis is no reason and passes; so does a sentence that says that one is not used. Looks at
    sentences one by one. Fails closed: whoever runs it treats an error as a refusal. False positives and recall:
    ``docs/output.md``; words in other languages and hints are not seen.
    """

    name = "prohibited_basis"
    version = "2"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        looked_at = (each for each in sentences(passage.text) if not UNUSED.search(each))
        met = next((rule for each in looked_at if (rule := first_met(each, RULES)) is not None), None)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "a prohibited basis is given as a reason or to discourage")
        return Verdict(Ruling.PASS, "PB0")
