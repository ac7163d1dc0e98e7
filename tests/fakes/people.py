"""People of the bank as tests know them."""

from __future__ import annotations

from domain.person import Person

ADVISOR = Person("advisor-1", groups=frozenset({"advisors"}))
UNDERWRITER = Person("underwriter-1", groups=frozenset({"underwriters"}))
SECOND_UNDERWRITER = Person("underwriter-2", groups=frozenset({"underwriters"}))
SENIOR = Person("senior-1", groups=frozenset({"senior_underwriters", "senior"}))
CHIEF = Person("chief-1", groups=frozenset({"chief_credit", "senior"}))
CLERK = Person("clerk-1", groups=frozenset({"servicing"}))
COMPLIANCE = Person("compliance-1", groups=frozenset({"compliance"}))
SECOND_COMPLIANCE = Person("compliance-2", groups=frozenset({"compliance"}))
OFFICER = Person("credit-officer-1", groups=frozenset({"credit_officers"}), country="US")
SECOND_OFFICER = Person("credit-officer-2", groups=frozenset({"credit_officers"}), country="US")
SENIOR_OFFICER = Person(
    "senior-credit-officer-1", groups=frozenset({"senior_credit_officers", "senior"}), country="US"
)
SECOND_SENIOR_OFFICER = Person(
    "senior-credit-officer-2", groups=frozenset({"senior_credit_officers", "senior"}), country="US"
)
KYC_ANALYST = Person("kyc-analyst-1", groups=frozenset({"kyc_analysts"}))
LICENSED_TAX = Person("licensed-tax-1", groups=frozenset({"licensed_tax"}))
LICENSED_CREDIT = Person("licensed-credit-1", groups=frozenset({"licensed_credit"}))
