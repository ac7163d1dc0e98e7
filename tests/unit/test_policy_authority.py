"""Delegated authority and separation of duties."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import policies
from domain.errors import InvalidPolicy
from policies.authority import (
    LICENCES,
    LICENSED,
    Action,
    ApprovalRequest,
    Authority,
    AuthorityRequest,
    Keeping,
    KillSwitch,
    Person,
    Switch,
)

HERE = Path(policies.__file__).parent
RULES = (HERE / "authority.cedar").read_text(encoding="utf-8")
SCHEMA = (HERE / "authority.cedarschema").read_text(encoding="utf-8")

UNDERWRITER = Person("uw-1", frozenset({"underwriters"}), {"conforming": 50_000_000})
LOAN = ApprovalRequest(
    id="apr-1",
    boundary="credit_decision",
    product="conforming",
    amount_cents=41_500_000,
    risk="low",
    maker="lo-1",
    candidate_groups=frozenset({"underwriters"}),
)
APPROVE = AuthorityRequest(UNDERWRITER, Action.APPROVE, LOAN)
FORBIDDEN = {
    "maker-is-not-checker": replace(APPROVE, resource=replace(LOAN, maker="uw-1")),
    "one-decision-per-person": replace(APPROVE, resource=replace(LOAN, prior_deciders=frozenset({"uw-1"}))),
    "override-needs-senior": replace(APPROVE, action=Action.OVERRIDE),
    **{
        f"{what}-needs-its-licence": replace(APPROVE, resource=replace(LOAN, licences=frozenset({licence})))
        for licence, what in (
            ("securities", "securities-advice"),
            ("credit", "credit-denial-wording"),
            ("legal", "legal-advice"),
            ("tax", "tax-advice"),
        )
    },
}


def without(policy_id: str) -> str:
    shorter = re.sub(rf'@id\("{policy_id}"\).*?;\n', "", RULES, flags=re.DOTALL)
    assert shorter != RULES
    return shorter


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.OVERRIDE])
def test_a_candidate_within_the_limit_may_decide(action: Action) -> None:
    ruling = Authority.shipped().allowed(replace(APPROVE, action=action))
    assert (ruling.allowed, ruling.policy_ids) == (True, ("candidate-within-limit",))


@pytest.mark.parametrize("policy_id", FORBIDDEN)
def test_what_separation_of_duties_forbids_is_refused_by_name(policy_id: str) -> None:
    ruling = Authority.shipped().allowed(FORBIDDEN[policy_id])
    assert (ruling.allowed, ruling.policy_ids) == (False, (policy_id,))


@pytest.mark.parametrize("policy_id", FORBIDDEN)
def test_each_forbid_alone_stands_between_the_person_and_the_act(policy_id: str) -> None:
    assert Authority(without(policy_id), SCHEMA).allowed(FORBIDDEN[policy_id]).allowed


@pytest.mark.parametrize("action", Action)
def test_maker_cannot_check_own_case_even_as_a_senior(action: Action) -> None:
    senior = replace(UNDERWRITER, groups=frozenset({"underwriters", "senior"}))
    own = AuthorityRequest(senior, action, replace(LOAN, maker=senior.id))
    assert not Authority.shipped().allowed(own).allowed


def test_a_senior_candidate_may_override() -> None:
    senior = replace(UNDERWRITER, groups=frozenset({"underwriters", "senior"}))
    assert Authority.shipped().allowed(AuthorityRequest(senior, Action.OVERRIDE, LOAN)).allowed


@pytest.mark.parametrize(("amount", "allowed"), [(50_000_000, True), (50_000_001, False), (-1, False)])
def test_the_limit_is_included_and_no_cent_above_it(amount: int, allowed: bool) -> None:
    ruling = Authority.shipped().allowed(replace(APPROVE, resource=replace(LOAN, amount_cents=amount)))
    assert ruling.allowed is allowed


def test_a_limit_for_one_product_is_none_for_another() -> None:
    ruling = Authority.shipped().allowed(replace(APPROVE, resource=replace(LOAN, product="jumbo")))
    assert not ruling.allowed
    assert "has no limit" in ruling.reason


@pytest.mark.parametrize("groups", [frozenset(), frozenset({"senior"}), frozenset({"kyc_analysts"})])
def test_who_is_in_no_candidate_group_may_not_decide(groups: frozenset[str]) -> None:
    outsider = replace(UNDERWRITER, groups=groups)
    assert Authority.shipped().allowed(replace(APPROVE, person=outsider)).policy_ids == ()


def test_without_candidate_groups_nobody_may_decide() -> None:
    nobody = replace(LOAN, candidate_groups=frozenset())
    assert not Authority.shipped().allowed(replace(APPROVE, resource=nobody)).allowed


@pytest.mark.parametrize("limit", [2**63, 0.5, "50000000"])
def test_a_limit_that_cedar_cannot_read_allows_nothing(limit: int) -> None:
    person = replace(UNDERWRITER, limits={"conforming": limit})
    ruling = Authority.shipped().allowed(replace(APPROVE, person=person))
    assert not ruling.allowed
    assert "the check failed" in ruling.reason


def test_an_id_is_never_read_as_policy_text() -> None:
    crafted = replace(UNDERWRITER, id='x"\n || true', groups=frozenset({'Role::"underwriters"'}))
    assert not Authority.shipped().allowed(replace(APPROVE, person=crafted)).allowed


@pytest.mark.parametrize(
    ("rules", "schema"),
    [
        (RULES, ""),
        (RULES, "entity Person"),
        (RULES, SCHEMA.replace("maker: Person,", "")),
        (RULES.replace("principal == resource.maker", "principal == resource.author"), SCHEMA),
        (RULES, SCHEMA.replace("risk: String,", "risk: String, region: String,")),
        (RULES, SCHEMA.replace("context: {}", "context: { region: String }")),
        ("", SCHEMA),
        ("permit (", SCHEMA),
        (RULES.replace('@id("maker-is-not-checker")\n', ""), SCHEMA),
        (RULES.replace("one-decision-per-person", "maker-is-not-checker"), SCHEMA),
    ],
)
def test_rules_without_a_fitting_schema_are_refused_at_the_start(rules: str, schema: str) -> None:
    with pytest.raises(InvalidPolicy):
        Authority(rules, schema)


@pytest.mark.parametrize("group", ["sre", "chief_credit", "chief_compliance"])
@pytest.mark.parametrize("action", Switch)
def test_kill_switch_is_in_the_hands_of_those_whom_the_rules_name(action: Switch, group: str) -> None:
    holder = Person("p-1", frozenset({group}))
    assert Authority.shipped().may(holder, action, KillSwitch("everything", "p-2")).allowed


@pytest.mark.parametrize("group", ["advisors", "underwriters", "senior", "auditors"])
@pytest.mark.parametrize("action", [Switch.HALT, Switch.RESUME])
def test_kill_switch_is_in_nobody_elses_hands(action: Switch, group: str) -> None:
    other = Person("p-1", frozenset({group}))
    assert not Authority.shipped().may(other, action, KillSwitch("everything", "p-2")).allowed


def test_who_halted_it_does_not_resume_it_and_auditors_see_it() -> None:
    authority, sre = Authority.shipped(), Person("p-1", frozenset({"sre"}))
    ruling = authority.may(sre, Switch.RESUME, KillSwitch("everything", "p-1"))
    assert (ruling.allowed, ruling.policy_ids) == (False, ("who-halts-does-not-resume",))
    assert authority.may(Person("a-1", frozenset({"auditors"})), Switch.SEE, KillSwitch("")).allowed
    assert not authority.may(UNDERWRITER, Switch.SEE, KillSwitch("")).allowed


@pytest.mark.parametrize("licence", LICENCES)
def test_who_holds_one_licence_releases_what_needs_it_and_nothing_that_needs_another_too(
    licence: str,
) -> None:
    licensed = replace(UNDERWRITER, groups=UNDERWRITER.groups | {f"{LICENSED}{licence}"})
    one = replace(APPROVE, person=licensed, resource=replace(LOAN, licences=frozenset({licence})))
    assert Authority.shipped().allowed(one).allowed
    all_of_them = replace(one, resource=replace(LOAN, licences=frozenset(LICENCES)))
    assert not Authority.shipped().allowed(all_of_them).allowed


def received(person: Person, kind: str, purpose: str = "reading", *typed_by: str) -> bool:
    return Authority.shipped().may_receive(person, kind, purpose, frozenset(typed_by)).allowed


def test_a_value_of_the_vault_is_for_who_typed_it_and_for_nobody_else() -> None:
    assert received(UNDERWRITER, "name", "reading", "uw-1")
    assert not received(UNDERWRITER, "name", "reading", "uw-2")
    assert not received(replace(UNDERWRITER, groups=frozenset({"auditors", "compliance", "senior"})), "name")


@pytest.mark.parametrize("group", ["compliance", "auditors"])
def test_addresses_and_ages_are_for_who_files_the_register_and_in_the_register_alone(group: str) -> None:
    filer = Person("filer-1", frozenset({group}))
    assert received(filer, "address", "register_file")
    assert not received(filer, "address")
    assert not received(filer, "tax_number", "register_file")
    assert not received(UNDERWRITER, "address", "register_file")


def test_a_text_kept_from_agents_is_shown_where_just_those_are_asked_for_and_with_no_other_value() -> None:
    assert received(UNDERWRITER, "quarantined_text", "quarantine")
    assert not received(UNDERWRITER, "quarantined_text")
    assert not received(UNDERWRITER, "name", "quarantine")


COUNSELS = frozenset({Keeping.HOLD, Keeping.LIFT, Keeping.SEE})
MAY_KEEP = {
    "counsel": COUNSELS,
    "chief_compliance": COUNSELS,
    "records": frozenset(Keeping) - {Keeping.HOLD, Keeping.LIFT},
    "auditors": frozenset({Keeping.SEE}),
    "underwriters": frozenset[Keeping](),
    "senior": frozenset[Keeping](),
}


@pytest.mark.parametrize("group", MAY_KEEP)
def test_holds_are_for_counsel_and_erasure_for_records_and_never_for_who_placed_or_asked(group: str) -> None:
    authority, person = Authority.shipped(), Person("p-1", frozenset({group}))
    may = {each for each in Keeping if authority.may_keep(person, each, "p-2").allowed}
    alone = {each for each in Keeping if authority.may_keep(person, each, person.id).allowed}
    assert (may, alone) == (MAY_KEEP[group], MAY_KEEP[group] - {Keeping.LIFT, Keeping.ERASE})
