"""Which controls of the record, the time machine, policy and unwinding are removed, and which tests must notice.

As in ``controls_conduct``: refusals and objections are found by reading the files, the rest stands here.
"""

from __future__ import annotations

BOOKS = (
    "tests/unit/test_policy_loader.py",
    "tests/unit/test_policy_soundness.py",
    "tests/unit/test_unwinding_book.py",
    "tests/unit/test_exceptions.py",
    "tests/unit/test_policy_names.py",
    "tests/unit/test_model_use.py",
)
TABLES = ("tests/unit/test_policy_completeness.py",)
RECONCILED = ("tests/unit/test_reconciling_rules.py", "tests/integration/test_reconciliation.py")
TREE = ("tests/integration/test_anchors.py", "tests/integration/test_tampers.py")
CHANGED = "tests/integration/test_proofs.py::test_what_was_changed_behind_the_record_is_named"
OF_A_CASE = (
    "tests/integration/test_beside_cases.py"
    "::test_conditions_waivers_register_clearances_and_referrals_are_vouched_for"
)
OF_THE_BANK = (
    "tests/integration/test_beside_cases.py::test_what_belongs_to_no_case_is_vouched_for_by_operations"
)
PROPOSED = "tests/integration/test_beside_cases.py::test_proposal_and_publication_are_vouched_for"
COLUMNS = "tests/integration/test_vouched_columns.py"
EXPORTED = "tests/integration/test_export.py::test_record_that_does_not_verify_is_not_exported"
ALONE = "tests/integration/test_reconciliation.py::test_what_one_store_says_alone_is_found_between_the_two"
POLICY = ("tests/integration/test_policy_change.py",)
SHADOW = ("tests/integration/test_policy_shadow.py",)
REPLAYED = ("tests/unit/test_golden_histories.py", "tests/integration/test_replay.py")
TRAVEL = ("tests/integration/test_time_machine.py", "tests/integration/test_what_if.py")
READERS = ("tests/integration/test_audit_search.py",)
BESIDE = ("tests/integration/test_beside_cases.py",)
ERASURE = ("tests/integration/test_erasure.py",)
EXPORTS = ("tests/unit/test_verify_archive.py",)
GROUPED = ("tests/integration/test_grouped_appends.py",)
KEPT = ("tests/unit/test_retention.py",)
PLANTED = ("tests/acceptance/test_planted_secrets.py",)
PROOFS = ("tests/integration/test_proofs.py",)

REFUSALS: dict[str, tuple[str, ...]] = {
    "checkpoints/shadows.py": SHADOW,
    "graphs/time_machine/past.py": REPLAYED,
    "graphs/time_machine/stand_ins.py": (*REPLAYED, "tests/integration/test_unwinding_record.py"),
    "graphs/time_machine/fork.py": TRAVEL[::-1],
    "graphs/time_machine/migrating.py": ("tests/integration/test_migration.py",),
}

OBJECTIONS: dict[str, tuple[str, ...]] = {
    "policies/loader.py": BOOKS,
    "policies/soundness.py": (BOOKS[1], BOOKS[3]),
    "policies/bounds.py": (BOOKS[0], BOOKS[4]),
    "policies/unwinding.py": BOOKS[2:3],
    "policies/by_hand.py": BOOKS[3:4],
    "policies/exceptions.py": BOOKS[3:4],
    "policies/completeness.py": TABLES,
    "audit/reconciliation.py": RECONCILED,
    "audit/tree.py": TREE,
}

BODIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("audit/stamps.py", "compare", "return Compared((), ())", PROOFS),
    ("api/reasons.py", "kept_in", "return text", PLANTED),
    ("api/reasons.py", "noted", "return text", PLANTED),
    ("policies/retention.py", "_longest", "return Kept(keeps, rows[0], date.min)", KEPT),
    (
        "policies/retention.py",
        "erasable_from",
        "return min((e.until for e in held if e.until), default=None)",
        KEPT,
    ),
    ("audit/reconciliation.py", "_key", "return iter(())", ERASURE),
    ("audit/verify.py", "check_book", "return None", EXPORTS),
    ("checkpoints/stamps.py", "Stamps.adopted", "return False", BESIDE),
    ("checkpoints/accesses.py", "note", "return None", READERS),
    ("checkpoints/proposals.py", "Proposals.require_new", "return None", POLICY),
    ("graphs/policy_change/proposing.py", "_require_acknowledged", "return None", POLICY),
    ("graphs/policy_change/shadowing.py", "compare_new", "return 0", SHADOW),
    ("graphs/reconciling.py", "_looked", "return Looked({})", RECONCILED[1:]),
    ("checkpoints/holdings.py", "nobodys", "return []", RECONCILED[1:]),
)


def _unvouched(
    table: str, test: str, of: str = "case_id = %(case)s"
) -> tuple[str, str, str, tuple[str, ...]]:
    """Rows of a table that no event holds the hash of."""
    return (
        "checkpoints/sql/stamps.sql",
        f"from {table} where {of}",
        f"from {table} where false and {of}",
        (test,),
    )


TEXTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("policies/authority.cedar",
     "forbid (principal, action == Action::\"lift_hold\", resource is Keeping)\nwhen { principal == resource.by };",
     "forbid (principal, action == Action::\"lift_hold\", resource is Keeping)\nwhen { false };", ERASURE),
    ("policies/authority.cedar",
     "forbid (principal, action == Action::\"erase\", resource is Keeping)\nwhen { principal == resource.by };",
     "forbid (principal, action == Action::\"erase\", resource is Keeping)\nwhen { false };", ERASURE),
    ("checkpoints/sql/stamps.sql", "from countersign.conditions where case_id = %(case)s",
     "from countersign.conditions where false", BESIDE),
    ("checkpoints/sql/stamps.sql", "from countersign.waivers where case_id = %(case)s",
     "from countersign.waivers where false", BESIDE),
    ("checkpoints/sql/stamps.sql", "from countersign.proposals where case_id = %(case)s",
     "from countersign.proposals where false", BESIDE),
    ("checkpoints/sql/stamps.sql", "from countersign.golden_results where %(case)s = 'ops' group",
     "from countersign.golden_results where false and %(case)s = 'ops' group", BESIDE),
    ("checkpoints/sql/stamps.sql", "where case_id = %(case)s and (answer is not null or answered_at is not null)",
     "where false and %(case)s = ''", BESIDE),
    ("checkpoints/sql/stamps.sql", "from countersign.shadow_decisions where %(case)s",
     "from countersign.shadow_decisions where false and %(case)s", BESIDE),
    ("audit/stamps.py", "not key.startswith(TOLD)", "True", BESIDE),
    ("audit/events.py", "vouches = \"turn/{turn}\"", "pass", BESIDE),
    ("checkpoints/proofs.py", "at_rest=stream == OPS or", "at_rest=", BESIDE),
    ("checkpoints/books.py", "if book.version != version:", "if False:", BESIDE),
    ("checkpoints/sql/ledger.sql", "for update skip locked", "for update", GROUPED),
    _unvouched("source.records", CHANGED),
    _unvouched("countersign.approvals a", CHANGED, "a.case_id = %(case)s"),
    _unvouched("countersign.standing_uses", CHANGED),
    _unvouched("public.checkpoints", CHANGED, "thread_id"),
    _unvouched("public.checkpoint_blobs", CHANGED, "thread_id"),
    _unvouched("public.checkpoint_writes", CHANGED, "thread_id"),
    _unvouched("countersign.effects", EXPORTED),
    _unvouched("countersign.notices", ALONE),
    _unvouched("countersign.quarantine", ALONE),
    _unvouched("countersign.erasures", OF_A_CASE),
    _unvouched("countersign.information_requests", OF_A_CASE),
    _unvouched("countersign.referrals", OF_A_CASE),
    _unvouched("countersign.register_entries", OF_A_CASE),
    _unvouched("countersign.clearances", OF_A_CASE),
    _unvouched("countersign.publications", PROPOSED),
    _unvouched("countersign.autonomy", OF_THE_BANK, "%(case)s"),
    _unvouched("countersign.drift_references", OF_THE_BANK, "%(case)s"),
    _unvouched("countersign.shadows", OF_THE_BANK, "%(case)s"),
    _unvouched("countersign.books", OF_THE_BANK, "%(case)s"),
    _unvouched("countersign.legal_holds", OF_THE_BANK, "%(case)s"),
    ("checkpoints/sql/stamps.sql", "where u.case_id = %(case)s", "where false and u.case_id = %(case)s", (CHANGED,)),
    ("checkpoints/sql/stamps.sql", "where id = %(case)s and (outcome is not null",
     "where false and id = %(case)s and (outcome is not null", (ALONE,)),
    ("graphs/time_machine/fork.py", '            "simulation": True,\n', "", TRAVEL),
    ("graphs/supervisor/boundaries.py", "ApprovalStatus.SIMULATED if here.case.simulation else ApprovalStatus.PENDING",
     "ApprovalStatus.PENDING", TRAVEL),
    ("graphs/policy_change/shadowing.py", "    await require_proposer(here, person)\n    async with",
     "    async with", SHADOW),
    ("graphs/policy_change/shadowing.py", "    await require_proposer(here, person)\n    require_reason",
     "    require_reason", SHADOW),
    ("checkpoints/sql/decided.sql", "c.opened_at >= %(since)s)", "true)", SHADOW),
    ("checkpoints/sql/decided.sql", "where c.kind = %(kind)s and not c.simulation", "where c.kind = %(kind)s",
     ("tests/integration/test_policy_simulation.py", *SHADOW)),
    ("api/runner.py", "    try:\n        await compare_new(services)\n    except Exception as error:\n"
     '        log.warning("shadow_failed", error=type(error).__name__)\n', "    await compare_new(services)\n",
     SHADOW),
)  # fmt: skip
