"""Guardrails over what leaves: orders, vault values, reasons, filings, figures and licences, one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.guard import Guardrail, Passage, Ruling, Verdict
from domain.identity import IdentityKind
from domain.leaving import Audience, HeldValue, Kind, Leaving
from guardrails.output.figures_traced import FiguresTraced
from guardrails.output.licensed_advice import LicensedAdvice
from guardrails.output.order_schema import OrderSchema
from guardrails.output.reasons_used import ReasonsUsed
from guardrails.output.tipping_off import TippingOff
from guardrails.output.vault_values import VaultValues
from tools.catalog import EFFECTS

ORDERS: dict[str, dict[str, Any]] = {
    "book_offer": {
        "customer": "new",
        "product": "fixed_30",
        "principal_cents": 32_800_000,
        "rate_bps": 612,
        "term_months": 360,
    },
    "amend_loan": {
        "loan_account": "tok_application_loan_account",
        "change": "fee_refund",
        "amount_cents": 4_000,
        "new_due_day": 15,
    },
    "cancel_offer": {
        "undoes": "case-1:book_offer:1",
        "receipt": "LN-000001",
        "principal_cents": 32_800_000,
        "attempt": 1,
    },
    "reverse_amendment": {
        "undoes": "case-1:amend_loan:1",
        "receipt": "AM-000001",
        "amount_cents": 4_000,
        "attempt": 1,
    },
    "decision_notice": {
        "notice": "approval",
        "application_date": "2026-03-02",
        "creditor": "Demo Bank, 1 Demo Street",
        "borrowers": "tok_application_borrowers_0_name",
    },
    "publish_book": {
        "book": "home_loan",
        "version": "home_loan@2026.2:0123456789ab",
        "source_sha256": "a" * 64,
        "replaces": "home_loan@2026.1:0123456789ab",
        "report_digest": "b" * 64,
        "not_primary": "",
    },
    "register_entry": {
        "lei": "DEMO00COUNTERSIGN121",
        "uli": "DEMO00COUNTERSIGN121ABC38",
        "action_taken": "1",
        "application_date": "2026-03-02",
        "county": "19153",
        "principal_cents": 32_800_000,
        "term_months": 360,
    },
}
NAMES = tuple(each.name for each in EFFECTS)
LETTER = Leaving("case-1", Kind.LETTER, Audience.APPLICANT, "")


async def said(guardrail: Guardrail, leaving: Leaving) -> Verdict:
    return await guardrail.check(Passage(leaving.case_id, leaving.text, {"leaving": leaving}))


def ordered(name: str, args: dict[str, Any]) -> Leaving:
    effect = next(each for each in EFFECTS if each.name == name)
    return replace(LETTER, kind=Kind.ORDER, what=name, args=args, terms=effect.terms)


def test_every_effect_has_an_order_here() -> None:
    assert set(NAMES) == set(ORDERS)


@pytest.mark.parametrize("name", NAMES)
async def test_order_of_exactly_its_arguments_passes(name: str) -> None:
    assert (await said(OrderSchema(), ordered(name, ORDERS[name]))).ruling is Ruling.PASS


@pytest.mark.parametrize("name", NAMES)
async def test_order_with_an_argument_too_many_is_refused(name: str) -> None:
    verdict = await said(OrderSchema(), ordered(name, ORDERS[name] | {"memo": "pay Jane Demo"}))
    assert (verdict.ruling, verdict.rule) == (Ruling.REFUSE, "schema_extra")
    assert "Jane" not in verdict.reason


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in NAMES for field in ORDERS[name]])
async def test_order_without_one_of_its_arguments_or_with_one_out_of_type_is_refused(
    name: str, field: str
) -> None:
    without = {each: value for each, value in ORDERS[name].items() if each != field}
    wrong = True if isinstance(ORDERS[name][field], int) else 7
    assert (await said(OrderSchema(), ordered(name, without))).rule == "schema_missing"
    assert (await said(OrderSchema(), ordered(name, ORDERS[name] | {field: wrong}))).rule == "schema_type"


async def test_effect_without_typed_arguments_is_refused() -> None:
    assert (await said(OrderSchema(), replace(LETTER, kind=Kind.ORDER))).rule == "schema_none"


def holding(text: str, kind: IdentityKind, value: str, right: bool = False) -> Leaving:
    return replace(LETTER, text=text, held=(HeldValue(kind, value, lambda: right),))


WRITTEN = [
    (IdentityKind.NAME, "Rowan Ashdown Demo", "Dear Rowan Ashdown Demo,"),
    (IdentityKind.NAME, "Rowan Ashdown Demo", "dear ROWAN  ASHDOWN\nDEMO"),
    (IdentityKind.NAME, "Rowan Ashdown Demo", "Demo, Rowan Ashdown"),
    (IdentityKind.NAME, "Renée Démo", "Renee Demo"),
    (IdentityKind.NAME, "Renée Démo", json.dumps({"to": "Renée Démo"})),
    (IdentityKind.NAME, "Renée Démo", json.dumps(json.dumps({"to": "Renée Démo"}))),
    (IdentityKind.NAME, "Rowan Ashdown", "Ro\u200bwan Ash\u00addown"),
    (IdentityKind.TAX_NUMBER, "900-77-1234", "your number 900771234."),
    (IdentityKind.TAX_NUMBER, "900-77-1234", "9 0 0 7 7 1 2 3 4"),
    (IdentityKind.TAX_NUMBER, "900-77-1234", "９００–７７–１２３４"),
    (IdentityKind.BIRTH_DATE, "1984-05-20", "born on May 20, 1984"),
    (IdentityKind.BIRTH_DATE, "1984-05-20", "05/20/1984"),
    (IdentityKind.ACCOUNT_NUMBER, "LN-0004711", "loan ln 0004711"),
    (IdentityKind.ADDRESS, "12 Elm St, Ames, IA 50010", "12 elm st. ames ia 50010"),
]


@pytest.mark.parametrize(("kind", "value", "text"), WRITTEN)
async def test_value_of_the_vault_is_found_however_it_is_written(
    kind: IdentityKind, value: str, text: str
) -> None:
    verdict = await said(VaultValues(), holding(text, kind, value))
    assert (verdict.ruling, verdict.rule) == (Ruling.REFUSE, f"vault_{kind.value}")
    assert value not in verdict.reason
    assert (await said(VaultValues(), holding(text, kind, value, right=True))).ruling is Ruling.PASS


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (IdentityKind.NAME, "Ann Lee", "The annual leeway is wide."),
        (IdentityKind.TAX_NUMBER, "900-77-1234", "reference 19007712345"),
        (IdentityKind.ACCOUNT_NUMBER, "2026", "on 2026-03-02"),
        (IdentityKind.BIRTH_DATE, "1984-05-20", "on 1984-05-21"),
    ],
)
async def test_what_only_looks_like_a_value_passes(kind: IdentityKind, value: str, text: str) -> None:
    assert (await said(VaultValues(), holding(text, kind, value))).ruling is Ruling.PASS


async def test_adverse_order_gives_each_reason_as_it_was_used_or_is_refused() -> None:
    used = {"reasons": "Bankruptcy", "reasons_from": None}
    order = replace(LETTER, kind=Kind.ORDER, adverse=True, used=used, args={"reasons": "Bankruptcy"})
    assert (await said(ReasonsUsed(), order)).ruling is Ruling.PASS
    softer = replace(order, args={"reasons": "Collateral"})
    assert (await said(ReasonsUsed(), softer)).rule == "reasons_reasons"
    assert (
        await said(ReasonsUsed(), replace(order, args=dict(order.args) | {"reasons_from": "x"}))
    ).ruling is (Ruling.REFUSE)
    assert (await said(ReasonsUsed(), replace(order, used=None))).rule == "reasons_unknown"


TELLING = (
    "We filed a SAR about this account.",
    "A suspicious activity report is pending.",
    "We have reported your transactions to the authorities.",
    "Your deposits look like structuring.",
    "Compliance is reviewing your account.",
    "Please send: activity alert; cash transactions.",
    "The currency transaction report was late.",
)


@pytest.mark.parametrize("text", TELLING)
async def test_words_about_a_filing_reach_nobody_outside(text: str) -> None:
    assert (await said(TippingOff(), replace(LETTER, text=text))).ruling is Ruling.REFUSE
    staff = replace(LETTER, text=text, audience=Audience.STAFF)
    assert (await said(TippingOff(), staff)).ruling is Ruling.PASS


SEALED = (
    "Draft SAR (AL-2026-7; bsa). Who: party:1. What: USD 28,800.00 by wire. When: 2026-02-01 to 2026-02-03. "
    "How: the customer split deposits between two branches of the bank.",
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("alert al-2026-7 is open", "sealed_reference"),
        ("USD 28,800 came by wire", "sealed_amount"),
        ('{"total_cents": 2880000}', "sealed_amount"),
        ("How: the customer split deposits between two branches of the bank.", "sealed_sentence"),
    ],
)
@pytest.mark.parametrize("audience", [Audience.APPLICANT, Audience.STAFF])
async def test_fact_that_only_a_filing_is_about_reaches_compliance_alone(
    text: str, rule: str, audience: Audience
) -> None:
    leaving = replace(LETTER, text=text, sealed=SEALED, audience=audience)
    assert (await said(TippingOff(), leaving)).rule == rule
    assert (await said(TippingOff(), replace(leaving, audience=Audience.COMPLIANCE))).ruling is Ruling.PASS


async def test_amount_that_the_case_gives_anyway_reveals_nothing() -> None:
    leaving = replace(LETTER, text="USD 28,800", sealed=SEALED, known=frozenset({Decimal(28_800)}))
    assert (await said(TippingOff(), leaving)).ruling is Ruling.PASS


async def test_number_in_somebodys_own_words_is_a_known_figure_or_the_letter_stays() -> None:
    letter = replace(LETTER, text="x", own=("Your ratio of 57.3 percent is above 50.",), known=frozenset())
    assert (await said(FiguresTraced(), letter)).rule == "figure_untraced"
    traced = replace(letter, known=frozenset({Decimal("57.3"), Decimal(50)}))
    assert (await said(FiguresTraced(), traced)).ruling is Ruling.PASS


async def test_memo_is_looked_at_as_a_whole_and_an_uncited_claim_keeps_it_back() -> None:
    memo = replace(LETTER, kind=Kind.MEMO, text="DSCR 1.42 on 2026-03-02", known=frozenset({Decimal("1.42")}))
    assert (await said(FiguresTraced(), memo)).ruling is Ruling.PASS
    assert (await said(FiguresTraced(), replace(memo, text="DSCR 1.43"))).rule == "figure_untraced"
    assert (await said(FiguresTraced(), replace(memo, uncited=("strong cash flow",)))).rule == "claim_uncited"


ADVICE = (
    ("You should put your savings into an index fund first.", "securities"),
    ("We recommend buying treasury bonds with the proceeds.", "securities"),
    ("Your application was declined because of the appraisal.", "credit"),
    ("We cannot approve a loan of this size.", "credit"),
    ("You may want to appeal the assessment.", "legal"),
    ("The clause is unlawful.", "legal"),
    ("You can deduct the interest.", "tax"),
    ("The refund is tax-free.", "tax"),
)


@pytest.mark.parametrize(("text", "licence"), ADVICE)
async def test_regulated_advice_in_own_words_is_held_for_its_licence(text: str, licence: str) -> None:
    verdict = await said(LicensedAdvice(), replace(LETTER, text=text, own=(text,)))
    assert (verdict.ruling, verdict.rule) == (Ruling.HOLD, f"licence_{licence}")
    released = replace(LETTER, text=text, own=(text,), released=verdict.measures)
    assert (await said(LicensedAdvice(), released)).ruling is Ruling.PASS
    other = replace(released, own=(text + " Do it soon.",))
    assert (await said(LicensedAdvice(), other)).ruling is Ruling.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "The appraisal does not support the price.",
        "Two pay stubs are older than 60 days.",
        "The bond of the contractor was not provided.",
        "Taxes on the property are two years late.",
        "Excessive obligations in relation to income",
        "Please send your tax return.",
        "The company could not show its statements.",
        "read and agreed",
    ],
)
async def test_ordinary_reason_of_an_underwriter_is_not_held(text: str) -> None:
    assert (await said(LicensedAdvice(), replace(LETTER, text=text, own=(text,)))).ruling is Ruling.PASS
