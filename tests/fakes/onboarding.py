"""Onboardings for tests: a demo company behind two layers, and one person alone. Everybody is invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.demo.stories import Story, passport_lines

Body = dict[str, Any]
LISTED_NAME, NOT_THE_LISTED = (
    "Anatoly VARENIKOV DEMO",
    "1975-08-09",
)  # the demo list's person was born in 1961


def person(name: str = "ROWAN DEMO ASHDOWN", born: str = "1984-05-20", **more: Any) -> Body:
    """Somebody who opens an account."""
    return {
        "name": name,
        "birth_date": born,
        "tax_number": "900-00-0091",
        "employment": "employed",
        "stated_monthly_income_cents": 500_000,
        **more,
    }


def passport(today: date, party: str, surname: str, given: str, born: str) -> Body:
    """A travel document of the specimen state."""
    zone = passport_lines(
        surname, given, "UTO0000091", date.fromisoformat(born), today + timedelta(days=1500)
    )
    return {"kind": "identity_document", "party": party, "mrz": zone, "received_on": today.isoformat()}


def alone(today: date, name: str, born: str, *records: Body) -> Story:
    """One person for themselves; ``name`` is given name first, family name second."""
    given, surname = name.upper().split()[0], " ".join(name.upper().split()[1:])
    application = _application(today, person(name, born))
    own = passport(today, "party:1", surname, given, born)
    return Story("alone", "One person opens an account.", application, (own, *records))


def company(today: date, *records: Body, owner: tuple[str, str] = (LISTED_NAME, NOT_THE_LISTED)) -> Story:
    """A company: 60 % through two holdings by one owner, 40 % directly by ``owner``; its signer controls it."""
    application = _application(today, person()) | {
        "company": {
            "name": "DEMO QUARRY LLC",
            "tax_number": "90-0000123",
            "country": "US",
            "entity_type": "limited_liability_company",
            "industry_code": "212311",
            "incorporated_on": "2012-05-01",
        }
    }
    given, surname = owner[0].upper().split()[0], " ".join(owner[0].upper().split()[1:])
    documents = (
        passport(today, "party:1", "DEMO ASHDOWN", "ROWAN", "1984-05-20"),
        passport(today, "owner:h1", "DEMO THORNBURY", "WREN", "1969-11-30"),
        passport(today, "owner:h5", surname, given, owner[1]),
    )
    told = "Rowan opens an account for Demo Quarry LLC, owned through two holdings."
    return Story("company", told, application, (*documents, ownership(today, owner), *records))


def ownership(today: date, owner: tuple[str, str]) -> Body:
    """Who owns Demo Quarry LLC."""

    def holder(key: str, name: str, kind: str = "individual", **more: Any) -> Body:
        return {"id": key, "kind": kind, "name": name, **more}

    holders = (
        holder("h1", "WREN DEMO THORNBURY", birth_date="1969-11-30"),
        holder("h2", "DEMO UPPER HOLDING INC", "entity"),
        holder("h4", "DEMO MIDDLE HOLDING INC", "entity"),
        holder("h5", owner[0], birth_date=owner[1]),
        holder("h6", "ROWAN DEMO ASHDOWN", birth_date="1984-05-20", party="party:1"),
    )
    stakes = (("h4", "entity:1", 6000), ("h5", "entity:1", 4000), ("h2", "h4", 10_000), ("h1", "h2", 10_000))
    return {
        "kind": "ownership_record",
        "stated_on": today.isoformat(),
        "holders": list(holders),
        "stakes": [{"owner": a, "owned": b, "share_bps": share} for a, b, share in stakes],
        "control_person": "h6",
        "explanation": "Wren Thornbury bought the second pit through Demo Upper Holding, for its lender.",
    }


def alert(today: date, **more: Any) -> Body:
    """An alert of transaction monitoring about the signer."""
    return {
        "kind": "activity_alert",
        "reference": "AL-2026-7",
        "party": "party:1",
        "basis": "structuring",
        "detected_on": today.isoformat(),
        "first_on": (today - timedelta(days=9)).isoformat(),
        "last_on": (today - timedelta(days=2)).isoformat(),
        "amount_cents": 2_880_000,
        "instrument": "currency",
        "branch": "B-12",
        "observed": "Rowan Ashdown paid in just under the reporting amount on three days, at three branches.",
    } | more


def cash(day: date, cents: int, direction: str = "in") -> Body:
    """Currency over the counter."""
    return {
        "kind": "cash_transaction",
        "party": "party:1",
        "booked_on": day.isoformat(),
        "direction": direction,
        "amount_cents": cents,
    }


def _application(today: date, applicant: Body) -> Body:
    return {
        "kind": "kyc_onboarding",
        "application_date": today.isoformat(),
        "product": "deposit",
        "borrowers": [applicant],
    }
