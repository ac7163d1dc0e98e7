"""Labelled cases, seeded: fourteen of each family, with the work that each needs written down by hand.

A label says how often each specialist must work, from what the family is (who applies, which record lacks or
comes late, what the records say). It knows nothing of tables, plans or rules. Where records come late, the look
that finds them missing is work that is needed too: nobody knows before.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from api.demo.stories import over_committed, passport_lines, routine, small_amendment
from evals.supervisor import companies

SEED = 20260302
EACH = 14  # cases of a family
TODAY = date(2026, 3, 2)
Body = dict[str, Any]
KYC = ("document_verifier", "sanctions_screener", "risk_rater")
FILING = ("filing_preparer",)  # of every new relationship and loan, whatever is known of the customer
PRICED = ("pricing_analyst", "repayment_assessor")  # what rests on income, value and credit together
LOAN = ("bureau_analyst", "income_verifier", "collateral_assessor", "market_analyst", *PRICED)
FRESH = {"identity_verified": True, "sanctions_status": "clear", "kyc_risk": "low"}


@dataclass(frozen=True)
class Labelled:
    """One case with its label.

    Args:
        late: records that come when their kind is waited for.
        spared: KYC facts that the bank's own customer file gives.
        needs: how often each specialist must work.
        model_adds: what a planning model is right to propose beyond that.
    """

    name: str
    family: str
    kind: str
    application: Body
    records: tuple[Body, ...]
    needs: Counter[str]
    late: tuple[Body, ...] = ()
    spared: Body = field(default_factory=dict)
    model_adds: Counter[str] = field(default_factory=Counter)


Made = dict[str, Any]
Maker = Callable[[random.Random], Made]


def cases() -> Iterator[Labelled]:
    """Every case of the deck; the same on every machine."""
    for family, make in FAMILIES.items():
        for n in range(1, EACH + 1):
            made = make(random.Random(f"{SEED}/{family}/{n}"))
            made["needs"], made["model_adds"] = Counter(made["needs"]), Counter(made.get("model_adds", ()))
            yield Labelled(name=f"{family}-{n:02d}", family=family, **made)


def differs(case: Labelled) -> bool:
    """Whether source records say something else than the application: pay, value, county, name or owners."""
    application, records = case.application, (*case.records, *case.late)
    borrower = application["borrowers"][0]
    stated, asked = borrower["stated_monthly_income_cents"], application.get("property", {})
    said: dict[str, Callable[[Body], bool]] = {
        "pay_stub": lambda each: abs(each["gross_cents"] * 26 // 12 - stated) > stated // 50,
        "valuation": lambda each: each["value_cents"] != asked.get("price_cents"),
        "market_report": lambda each: each["area"] != asked.get("area"),
        "identity_document": lambda each: each["party"] == "party:1" and _other_name(each, borrower["name"]),
        "ownership_record": lambda each: any("party" not in holder for holder in each["holders"]),
        "financial_statement": lambda each: any(other["kind"] == "financial_filing" for other in records),
    }
    return any(said[each["kind"]](each) for each in records if each["kind"] in said)


def _other_name(document: Body, name: str) -> bool:
    return name.rsplit(maxsplit=1)[-1] not in document["mrz"].splitlines()[0]


def _home(rng: random.Random, fresh: bool = False) -> Made:
    """A home loan that nothing is wrong with, of a customer whose file is fresh, or of somebody new."""
    story = routine(TODAY) if fresh else over_committed(TODAY)
    gross, price = rng.randrange(420_000, 500_000, 500), rng.randrange(350_000_00, 450_000_00, 1_000_00)
    borrower = story.application["borrowers"][0] | {"stated_monthly_income_cents": gross * 26 // 12}
    asked = story.application["property"] | {"price_cents": price}
    application = story.application | {
        "loan_amount_cents": price * rng.randrange(60, 78) // 100,
        "borrowers": [borrower],
        "property": asked,
    }
    changed = {
        "pay_stub": {"gross_cents": gross},
        "bureau_file": {
            "score": rng.randrange(690, 800),
            "monthly_debts_cents": rng.randrange(20_000, 60_000),
        },
        "valuation": {"value_cents": price},
    }
    records = tuple(each | changed.get(each["kind"], {}) for each in story.records)
    spared = dict(FRESH) if fresh else {}
    needs = (*(() if fresh else KYC), *FILING, *LOAN)
    return {
        "kind": "home_loan",
        "application": application,
        "records": records,
        "spared": spared,
        "needs": needs,
    }


def _where(made: Made, kind: str, **changes: Any) -> Made:
    """The same case with records of a kind changed."""
    records = tuple(each | changes if each["kind"] == kind else each for each in made["records"])
    return made | {"records": records}


def _without(made: Made, kind: str, *, late: bool) -> Made:
    """The same case without records of a kind, or with them late."""
    gone = tuple(each for each in made["records"] if each["kind"] == kind)
    kept = tuple(each for each in made["records"] if each["kind"] != kind)
    return made | {"records": kept, "late": gone if late else ()}


def _needing(made: Made, *more: str, but: tuple[str, ...] = ()) -> Made:
    """More looks for some specialists, none for others."""
    return made | {"needs": [each for each in (*made["needs"], *more) if each not in but]}


def _listed(rng: random.Random) -> Made:
    made = _home(rng)
    borrower = made["application"]["borrowers"][0] | {"name": "Anatoly VARENIKOV DEMO"}
    return made | {"application": made["application"] | {"borrowers": [borrower]}, "needs": (*KYC, *FILING)}


def _weak(rng: random.Random, *, second: bool) -> Made:
    """The model's value is low and unsure; where an appraisal comes, it says the price."""
    made = _home(rng, fresh=rng.random() < 0.5)
    (appraisal,) = [each for each in made["records"] if each["kind"] == "valuation"]
    value = appraisal["value_cents"] * rng.randrange(92, 99) // 100
    made = _where(made, "valuation", method="avm", value_cents=value, confidence_bps=6_500)
    return _needing(made | {"late": (appraisal,)}, "collateral_assessor") if second else made


def _late_title(rng: random.Random) -> Made:
    """Nobody waits for the title report; when it comes with the credit file, it is read all the same."""
    made = _without(_home(rng), "bureau_file", late=True)
    title = {"kind": "title_report", "reported_on": TODAY.isoformat(), "defects": ["easement"]}
    return _needing(made | {"late": (*made["late"], title)}, "bureau_analyst", "collateral_assessor")


def _conditional(rng: random.Random) -> Made:
    """Approved in a falling market on condition of a second valuation: it says less, so the loan is priced again."""
    made = _where(_home(rng, fresh=True), "market_report", trend_bps=-rng.randrange(300, 1_200))
    (first,) = [each for each in made["records"] if each["kind"] == "valuation"]
    second = first | {"value_cents": first["value_cents"] * rng.randrange(96, 99) // 100}
    return _needing(made | {"late": (second,)}, "collateral_assessor", *PRICED)


def _contradicted(rng: random.Random) -> Made:
    """Stated income is well above what the records show; a planning model should have it looked at again."""
    made = _home(rng, fresh=rng.random() < 0.5)
    borrower = made["application"]["borrowers"][0]
    stated = borrower["stated_monthly_income_cents"] * rng.randrange(112, 125) // 100
    changed = borrower | {"stated_monthly_income_cents": stated}
    return made | {
        "application": made["application"] | {"borrowers": [changed]},
        "model_adds": ["income_verifier"],
    }


def _other_county(rng: random.Random) -> Made:
    """The market report is of another county, so it says nothing; the right one comes late."""
    made = _where(_home(rng, fresh=True), "market_report", area="19049")
    right = next(each for each in made["records"] if each["kind"] == "market_report") | {"area": "19153"}
    return _needing(made | {"late": (right,)}, "market_analyst")


def _other_name_on_document(rng: random.Random) -> Made:
    made = _home(rng)
    zone = passport_lines(
        "OTHERWISE", "MORGAN DEMO", "UTO0000038", date(1990, 1, 17), TODAY + timedelta(days=1500)
    )
    return _where(made, "identity_document", mrz=zone)


def _company(rng: random.Random, owners: int, *, late: bool = False) -> Made:
    """A company whose owners the application does not name; one document of an owner may come late."""
    document = next(each for each in over_committed(TODAY).records if each["kind"] == "identity_document")
    share = 10_000 // (owners + 1) if owners else 0
    holders: list[Body] = [_holder(n, rng) for n in range(2, owners + 2)]
    signer = {
        "id": "h1",
        "kind": "individual",
        "name": "MORGAN DEMO TALLOW",
        "birth_date": "1990-01-17",
        "party": "party:1",
    }
    stakes = [{"owner": each["id"], "owned": "entity:1", "share_bps": share} for each in holders]
    stakes.append({"owner": "h1", "owned": "entity:1", "share_bps": 10_000 - share * owners})
    record = {
        "kind": "ownership_record",
        "stated_on": TODAY.isoformat(),
        "holders": [signer, *holders],
        "stakes": stakes,
        "control_person": "h1",
    }
    papers = [_paper(each) for each in holders]
    looks = ("document_verifier", "sanctions_screener") if owners else ()  # one rating, when all are known
    again = ("document_verifier",) if late else ()
    return {
        "kind": "kyc_onboarding",
        "application": _onboarding(with_company=True),
        "records": (document, record, *(papers[1:] if late else papers)),
        "late": tuple(papers[:1]) if late else (),
        "needs": [*KYC, *FILING, "ubo_tracer", *looks, *again],
    }


def _person(_: random.Random) -> Made:
    document = next(each for each in over_committed(TODAY).records if each["kind"] == "identity_document")
    return {
        "kind": "kyc_onboarding",
        "application": _onboarding(with_company=False),
        "records": (document,),
        "needs": [*KYC, *FILING, "ubo_tracer"],
    }


def _onboarding(*, with_company: bool) -> Body:
    company = {
        "name": "DEMO QUARRY LLC",
        "tax_number": "90-0000001",
        "entity_type": "limited_liability_company",
        "industry_code": "212311",
        "incorporated_on": "2012-05-01",
    }
    body = {
        "kind": "kyc_onboarding",
        "application_date": TODAY.isoformat(),
        "product": "deposit",
        "borrowers": over_committed(TODAY).application["borrowers"],
    }
    return body | ({"company": company} if with_company else {})


def _holder(n: int, rng: random.Random) -> Body:
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(15_000))
    name = f"QUIET DEMO OWNER{'ABCDEFG'[n]}"
    return {"id": f"h{n}", "kind": "individual", "name": name, "birth_date": born.isoformat()}


def _paper(holder: Body) -> Body:
    born = date.fromisoformat(holder["birth_date"])
    surname = holder["name"].split()[-1]
    zone = passport_lines(
        surname, "QUIET DEMO", f"UTO00001{holder['id'][1:]}0"[:9], born, TODAY + timedelta(days=1500)
    )
    return {
        "kind": "identity_document",
        "party": f"owner:{holder['id']}",
        "mrz": zone,
        "received_on": TODAY.isoformat(),
    }


def _amendment(rng: random.Random, *, fresh: bool, late: bool = False) -> Made:
    story = small_amendment(TODAY)
    bureau = story.records[0] | {
        "delinquencies_24m": rng.choice((0, 0, 1, 4)),
        "score": rng.randrange(600, 800),
    }
    document = next(each for each in over_committed(TODAY).records if each["kind"] == "identity_document")
    borrower = (story if fresh else over_committed(TODAY)).application["borrowers"][0]
    return {
        "kind": "loan_amendment",
        "application": story.application | {"borrowers": [borrower]},
        "records": (() if late else (bureau,)) + (() if fresh else (document,)),
        "late": (bureau,) if late else (),
        "spared": dict(FRESH) if fresh else {},
        "needs": [
            *(() if fresh else KYC),
            "bureau_analyst",
            *(("bureau_analyst",) if late else ()),
        ],
    }


FAMILIES: dict[str, Maker] = {
    "loan_of_a_known_customer": lambda rng: _home(rng, fresh=True),
    "loan_of_a_new_customer": _home,
    "applicant_like_a_listed_person": _listed,
    "valuation_comes_late": lambda rng: _needing(
        _without(_home(rng), "valuation", late=True), "collateral_assessor"
    ),
    "valuation_never_comes": lambda rng: _needing(
        _without(_home(rng, fresh=True), "valuation", late=False), but=PRICED
    ),
    "pay_stubs_come_late": lambda rng: _needing(
        _without(_home(rng, fresh=True), "pay_stub", late=True), "income_verifier"
    ),
    "credit_file_comes_late": lambda rng: _needing(
        _without(_home(rng), "bureau_file", late=True), "bureau_analyst"
    ),
    "weak_valuation_and_a_second_one": lambda rng: _weak(rng, second=True),
    "weak_valuation_and_no_second_one": lambda rng: _weak(rng, second=False),
    "income_below_what_was_stated": _contradicted,
    "market_report_of_another_county": _other_county,
    "name_on_the_document_differs": _other_name_on_document,
    "company_with_one_unnamed_owner": lambda rng: _company(rng, 1),
    "company_with_two_unnamed_owners": lambda rng: _company(rng, 2),
    "owner_whose_document_comes_late": lambda rng: _company(rng, 2, late=True),
    "company_of_its_signer": lambda rng: _company(rng, 0),
    "customer_without_a_company": _person,
    "amendment_of_a_known_customer": lambda rng: _amendment(rng, fresh=True),
    "amendment_of_a_stranger": lambda rng: _amendment(rng, fresh=False),
    "amendment_with_a_late_credit_file": lambda rng: _amendment(rng, fresh=True, late=True),
    "title_report_comes_with_the_late_credit_file": _late_title,
    "second_valuation_is_a_condition": _conditional,
    "credit_of_a_company": companies.credit,
    "credit_of_a_company_whose_filing_comes_late": companies.filing_comes_late,
    "credit_of_a_company_whose_statement_says_less": companies.statement_says_less,
    "credit_of_a_company_with_an_unnamed_owner": companies.owner_is_unnamed,
}
