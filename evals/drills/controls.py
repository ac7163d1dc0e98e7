"""Which controls are removed, and which tests must notice.

Every ``raise`` of the files in ``REFUSALS`` is a control of its own and is found by reading the file, so a new
refusal without a test shows up by itself. Controls that are not a ``raise`` stand in ``BODIES`` and ``TEXTS``.
"""

from __future__ import annotations

GATES = (
    "tests/integration/test_gateways.py",
    "tests/integration/test_model_path.py",
    "tests/integration/test_model_chain.py",
)
DESK = ("tests/unit/test_answers.py", "tests/integration/test_desk.py", "tests/integration/test_home_loan.py")
EFFECTS = (
    "tests/integration/test_outbox.py",
    "tests/integration/test_amendment.py",
    "tests/integration/test_home_loan.py",
)
BOUNDS = ("tests/integration/test_thresholds.py",)
HOURS = ("tests/unit/test_hours.py", "tests/integration/test_outside_hours.py")
SEQUENCES = ("tests/unit/test_sequences.py", "tests/integration/test_forbidden_sequences.py")
RATES = ("tests/unit/test_rates.py", "tests/integration/test_shared_rates.py")
AREA = ("tests/integration/test_outside_area.py",)
TRIPWIRES = ("tests/integration/test_tripwires.py",)
UNATTENDED = ("tests/integration/test_unattended_risk.py",)
RIGHTS = ("tests/unit/test_policy_authority.py",)
LOADED = ("tests/unit/test_policy_loader.py",)
UNWOUND = ("tests/integration/test_unwinding.py",)
UNDOING = ("tests/integration/test_unwinding_orders.py",)
UNWOUND_RECORD = ("tests/integration/test_unwinding_record.py",)
UNWINDING_BOOK = ("tests/unit/test_unwinding_book.py",)
WAIVERS = ("tests/integration/test_waivers.py",)
REPLAYED = ("tests/unit/test_golden_histories.py",)
AUTONOMY = ("tests/unit/test_autonomy_levels.py", "tests/integration/test_autonomy.py")
PROOF = ("tests/unit/test_proof.py",)
SOUND = ("tests/unit/test_policy_soundness.py",)
POLICY = ("tests/integration/test_policy_change.py",)
REDECIDED = ("tests/unit/test_policy_redeciding.py",)
REFOUND = ("tests/unit/test_policy_refinding.py", "tests/integration/test_policy_simulation.py")
DRIFT = ("tests/unit/test_drift.py", "tests/integration/test_drift_watch.py")
GOLDEN = ("tests/unit/test_golden.py", "tests/integration/test_golden_runs.py")
INCIDENTS = ("tests/integration/test_incidents.py",)
ASKED = ("tests/contract/test_golden_sets.py", "tests/contract/test_golden_planner_and_advisor.py")
HEARD = ("tests/integration/test_unproven_planner_and_advisor.py",)
ONE_WRITER = ("tests/integration/test_one_writer.py",)
DOOR = ("tests/integration/test_http_api.py", "tests/integration/test_http_events.py")
TRAVEL = ("tests/integration/test_time_machine.py", "tests/integration/test_what_if.py")

KEPT_OUT = ("tests/integration/test_identity.py", "tests/integration/test_filing_confidentiality.py")
MESSAGES = ("tests/unit/test_texts.py", "tests/integration/test_gateways.py")
CHAOS = ("tests/integration/test_chaos.py",)
WORDED = ("tests/unit/test_output_wording.py",)
VERIFIED = ("tests/unit/test_verify.py", "tests/integration/test_verification_loop.py")
GATE = ("tests/integration/test_output_gate.py",)
LEAVES = ("tests/unit/test_output_gate_rules.py",)
ANSWERS = ("tests/integration/test_answers_leave.py",)
TRACED = ("tests/unit/test_memo_tracing.py",)
HELD_ANSWERS = ("tests/integration/test_chat_model.py",)
STEERED = (
    "tests/integration/test_quarantine.py", "tests/unit/test_prompt_injection.py", "tests/unit/test_rule_on_texts.py",
)  # fmt: skip
LEARNT = ("tests/unit/test_injection_model.py",)
DECK = ("tests/integration/test_judgement_deck.py",)

ANCHORS = ("tests/integration/test_anchors.py",)
PROOFS = ("tests/integration/test_proofs.py",)

SCREENING = ("tests/integration/test_screening_down.py",)
EXCEPTIONS = ("tests/unit/test_exceptions.py", "tests/integration/test_low_risk_exceptions.py")
ADMISSION = ("tests/unit/test_admission.py", "tests/integration/test_intake_refusals.py")
WORDINGS = ("tests/unit/test_wording_sets.py",)
ERASURE = ("tests/integration/test_erasure.py",)

REFUSALS: dict[str, tuple[str, ...]] = {  # file -> tests that must notice when one of its refusals is gone
    "agents/gateway.py": GATES,
    "agents/bounds.py": GATES,
    "tools/gateway.py": (*GATES, *UNATTENDED, *RATES),
    "tools/contract.py": REFOUND[:1],
    "graphs/policy_change/refinding.py": REFOUND[:1],
    "checkpoints/breakers.py": GATES,
    "checkpoints/approvals.py": DESK,
    "checkpoints/answers.py": DESK,
    "checkpoints/outbox.py": EFFECTS,
    "checkpoints/claims.py": (*EFFECTS, *BOUNDS, *AUTONOMY[1:]),
    "graphs/autonomy_raise/asking.py": AUTONOMY[1:],
    "checkpoints/bounds.py": (*BOUNDS, *UNWOUND_RECORD),
    "checkpoints/standing.py": AUTONOMY[1:],
    "checkpoints/intended.py": (*BOUNDS, *SEQUENCES),
    "checkpoints/leaving.py": GATE,
    "checkpoints/orders.py": GATE,
    "checkpoints/halts.py": ("tests/integration/test_halts.py",),
    "checkpoints/referrals.py": ("tests/integration/test_referrals.py",),
    "checkpoints/incidents.py": INCIDENTS,
    "checkpoints/compensating.py": (*UNDOING, *UNWOUND),
    "api/unwinding.py": UNWOUND,
    "tools/undoing.py": ("tests/unit/test_core_bank_adapter.py",),
    "checkpoints/waivers.py": WAIVERS,
    "graphs/waiving.py": WAIVERS,
    "checkpoints/saver.py": (*ONE_WRITER, "tests/integration/test_checkpoints.py"),
    "checkpoints/vault.py": ("tests/integration/test_identity.py",),
    "tools/notices.py": ("tests/unit/test_notices.py",),
    "api/intake.py": (
        "tests/unit/test_intake.py",
        "tests/unit/test_http_access.py",
        "tests/integration/test_intake_refusals.py",
        *DOOR,
    ),
    "api/http/access.py": ("tests/unit/test_http_access.py", *DOOR),
    "graphs/lease.py": ONE_WRITER,
    "graphs/time_machine/supposing.py": TRAVEL,
    "policies/loader.py": LOADED,
    "graphs/policy_change/proposing.py": POLICY,
    "checkpoints/proposals.py": POLICY,
    "tools/policy_books.py": POLICY,
    "checkpoints/retention.py": ERASURE,
    "graphs/retaining.py": ERASURE,
    "api/reasons.py": ERASURE,
    "checkpoints/anchors.py": ANCHORS,
    "checkpoints/signing.py": ANCHORS,
    "audit/note.py": ("tests/unit/test_note.py",),
    "audit/verify.py": ("tests/unit/test_verify_archive.py",),
    "graphs/on_record.py": PROOFS,
    "api/exporting.py": ("tests/integration/test_export.py",),
}

BODIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (  # file, function, what is left of it, tests
    ("domain/finding.py", "Receipt.covers", "return True", ("tests/integration/test_hand_offs.py",)),
    ("domain/approval.py", "ApprovalRequest.binding", "return self.digest", EFFECTS[:1]),
    ("checkpoints/database.py", "fence", "return None", ONE_WRITER),
    ("checkpoints/saver.py", "_plain", "return True", ("tests/integration/test_checkpoints.py",)),
    ("checkpoints/standing.py", "_beyond", "return False", EFFECTS[1:2]),
    ("domain/autonomy.py", "needs_person", "return False", AUTONOMY),
    ("domain/autonomy.py", "is_below", "return True", AUTONOMY),
    ("graphs/autonomy.py", "levels_of", "return {job: book.rules.autonomy.of(job) for job in jobs}", AUTONOMY[1:]),
    ("graphs/proof_runs.py", "_another_answers", "return False", GOLDEN[1:]),
    ("agents/gateway.py", "served", "return asked", GOLDEN[1:]),
    ("graphs/proving.py", "unproven", "return {}", GOLDEN[1:]),
    ("graphs/proving.py", "is_good", "return True", GOLDEN[1:]),
    ("graphs/proof_runs.py", "_lowered", "return None", GOLDEN[1:]),
    ("graphs/proof_runs.py", "_is_due", "return True", GOLDEN[1:]),
    ("policies/autonomy.py", "GoldenRule.inconsistent", "return ()", GOLDEN),
    ("agents/golden.py", "require_enough", "return None", (*GOLDEN[:1], *ASKED[1:])),
    ("agents/golden.py", "GoldenSet._enough", "return self", GOLDEN[:1]),
    ("agents/golden.py", "Item.accepts", "return True", ASKED[:1]),
    ("agents/supervisor/golden.py", "PlannerItem.accepts", "return True", ASKED[1:]),
    ("agents/supervisor/golden.py", "PlannerSet._enough", "return self", ASKED[1:]),
    ("agents/advisor/golden.py", "ChatItem.accepts", "return True", ASKED[1:]),
    ("agents/advisor/golden.py", "ChatItem.wrong", "return None", (*ASKED[1:], *HEARD)),
    ("agents/advisor/golden.py", "ChatSet._enough", "return self", ASKED[1:]),
    ("graphs/autonomy.py", "unheard", "return ''", HEARD),
    ("graphs/supervisor/known.py", "behind", "return dict(state.get('findings', {}))", HEARD),
    ("agents/swaps.py", "variants", "return iter(())", GOLDEN),
    ("audit/drift.py", "Reading.breached", "return False", DRIFT),
    ("graphs/model_watch.py", "_lowered", "return None", DRIFT[1:]),
    ("graphs/model_watch.py", "set_watch", "return None", DRIFT[1:]),
    ("checkpoints/claims.py", "_require_standing", "return None", EFFECTS[:1]),
    ("checkpoints/intended.py", "_lock", "return None", (*BOUNDS, *SEQUENCES)),
    ("checkpoints/bounds.py", "EffectGuard.release", "return None", BOUNDS),
    ("checkpoints/bounds.py", "EffectGuard.release_unsent", "return None", BOUNDS),
    ("guardrails/execution/beyond_threshold.py", "_ruled", 'return Verdict(Ruling.PASS, "BT0")', BOUNDS),
    ("guardrails/execution/unattended_risk.py", "UnattendedRisk.check", 'return Verdict(Ruling.PASS, "UR0")',
     UNATTENDED),
    ("guardrails/execution/outside_hours.py", "OutsideHours.check", 'return Verdict(Ruling.PASS, "OH0")', HOURS),
    ("guardrails/execution/forbidden_sequence.py", "ForbiddenSequence.check", 'return Verdict(Ruling.PASS, "FS0")',
     SEQUENCES),
    ("guardrails/execution/over_rate.py", "OverRate.check", 'return Verdict(Ruling.PASS, "OR0")', RATES),
    ("guardrails/execution/outside_area.py", "OutsideArea.check", 'return Verdict(Ruling.PASS, "OA0")', AREA),
    ("domain/geography.py", "Geography.outside", "return ()", AREA),
    ("guardrails/execution/out_of_bounds.py", "OutOfBounds.check", 'return Verdict(Ruling.PASS, "OB0")', TRIPWIRES),
    ("graphs/supervisor/settling.py", "_look_out", "return None", TRIPWIRES),
    ("checkpoints/tripwires.py", "Tripwires._since", 'return ""', TRIPWIRES),
    ("checkpoints/halts.py", "Halts.require", "return None", ("tests/integration/test_halts.py",)),
    ("checkpoints/rates.py", "give_back", "return None", RATES),
    ("domain/hours.py", "of_clock", "return written", LOADED),
    ("policies/bounds.py", "_not_enforced", "return ()", LOADED),
    ("policies/bounds.py", "_unattended", "return ()", LOADED),
    ("graphs/supervisor/planning.py", "violations", "return ()", (*GATES[1:], "tests/unit/test_planning.py")),
    ("graphs/supervisor/planning.py", "_may_start", "return True", ("tests/unit/test_planning.py",)),
    ("checkpoints/halts.py", "require_running", "return None", ("tests/integration/test_halts.py",)),
    ("graphs/advance.py", "Runner._halted", "return False", ("tests/integration/test_halts.py",)),
    ("graphs/lint.py", "_problems", "return ()", ("tests/unit/test_lint.py",)),
    ("graphs/proof.py", "require_proven", "return None", PROOF),
    ("graphs/proof.py", "_ends", "return ()", PROOF),
    ("graphs/proof.py", "_escalates", "return ()", (*PROOF, "tests/unit/test_lint.py")),
    ("graphs/proof.py", "_overdue", "return ()", PROOF),
    ("graphs/proof.py", "_authority", "return ()", PROOF),
    ("graphs/proof.py", "_nobody_else", "return ()", PROOF),
    ("graphs/proof.py", "_asked", "return ()", PROOF),
    ("graphs/proof.py", "_boundaries", "return ()", PROOF),
    ("graphs/proof.py", "_receipts", "return ()", PROOF),
    ("graphs/proof.py", "_answers", "return ()", PROOF),
    ("graphs/proof.py", "_agents", "return ()", PROOF),
    ("graphs/proof.py", "_input", "return ()", PROOF),
    ("checkpoints/compensating.py", "require_undoable", "return None", UNDOING),
    ("checkpoints/compensating.py", "require_own", "return None", UNDOING),
    ("checkpoints/stopping.py", "Stopping.stop", "return None", UNWOUND_RECORD),
    ("checkpoints/unwound.py", "Unwound._flaws", "return ()", UNWOUND_RECORD),
    ("graphs/reconciling.py", "_shows", "return True", UNWOUND_RECORD),
    ("checkpoints/stopping.py", "Stopping._cut_off", "return None", UNWOUND_RECORD),
    ("checkpoints/compensating.py", "settle_undone", "return None", UNWOUND),
    ("checkpoints/compensating.py", "key_of_undoing", "return None", UNDOING),
    ("graphs/unwinding/countersigning.py", "_involved", "return ()", UNWOUND),
    ("graphs/unwinding/overtaking.py", "overtaken", "return []", UNWOUND_RECORD),
    ("checkpoints/compensating.py", "overtaken", "return \"\"", UNWOUND_RECORD),
    ("graphs/unwinding/ending.py", "end_unwinding", "return await close({\"case_id\": state[\"case_id\"], "
     "\"outcome\": state.get(\"outcome\") or \"unwound\"})", UNWOUND_RECORD),
    ("graphs/unwinding/countersigning.py", "_by_itself", "return False", UNWOUND),
    ("graphs/unwinding/ending.py", "stands", "return ()", UNWOUND),
    ("api/unwinding.py", "_may_report", "return None", UNWOUND),
    ("policies/unwinding.py", "problems_of_unwinding", "return ()", UNWINDING_BOOK),
    ("policies/loader.py", "_unasked_defects", "return ()", UNWINDING_BOOK),
    ("agents/partial.py", "partial", "raise error", CHAOS),
    ("graphs/supervisor/planning.py", "by_hand", "return ()", SCREENING),
    ("graphs/supervisor/clearing.py", "by_hand_facts", "return {}", SCREENING),
    ("graphs/supervisor/boundaries.py", "_tried_again", "return {}", SCREENING),
    ("graphs/supervisor/actions.py", "unpriced", "return ()", SCREENING),
    ("graphs/supervisor/referring.py", "_risk", "return state.get('risk')", SCREENING),
    ("graphs/stuck.py", "tell_of_stuck", "return []", ("tests/integration/test_stuck.py",)),
    ("policies/loader.py", "_owners", "return ()", LOADED),
    ("checkpoints/incidents.py", "Incidents.open", "return None", INCIDENTS),
    ("checkpoints/incidents.py", "Incidents.sweep", "return 0", INCIDENTS),
    ("api/runner.py", "_by_itself", "await work()", INCIDENTS),
    ("graphs/stuck.py", "find_lost", "return []", INCIDENTS),
    ("graphs/proof_runs.py", "_told_of_failure", "return None", GOLDEN[1:]),
    ("policies/by_hand.py", "problems_by_hand", "return ()", EXCEPTIONS[:1]),
    ("policies/by_hand.py", "_row", "return ()", EXCEPTIONS[:1]),
    ("policies/soundness.py", "_blind_to_risk", "return ()", EXCEPTIONS[:1]),
    ("policies/exceptions.py", "problems_of_exceptions", "return ()", EXCEPTIONS[:1]),
    ("graphs/supervisor/exceptions.py", "_fits", "return True", EXCEPTIONS[:1]),
    ("graphs/supervisor/exceptions.py", "let_pass", "return ()", EXCEPTIONS),
    ("guardrails/input/not_admitted.py", "NotAdmitted.check", "return Verdict(Ruling.PASS, PASSED)", ADMISSION),
    ("api/admitting.py", "admitted", "return ()", ADMISSION[1:]),
    ("guardrails/output/denial_wording.py", "DenialWording.check", 'return Verdict(Ruling.PASS, "DW0")', WORDINGS),
    ("graphs/supervisor/planning.py", "_lacked", "return frozenset(gap.needs for each in known.findings.values() "
     "for gap in each.gaps)", CHAOS),
    ("agents/verify.py", "problems", "return ()", DECK),
    ("agents/verify.py", "_incomplete", "return ()", VERIFIED),
    ("agents/verify.py", "_too_long", "return ()", VERIFIED),
    ("agents/verify.py", "_against_the_table", "return ()", VERIFIED),
    ("agents/judge.py", "Reviewed.overturned", "return False", VERIFIED),
    ("agents/verify.py", "_untraced", "return ()", GATES[1:]),
    ("agents/verify.py", "_unused", "return ()", VERIFIED),
    ("agents/verify.py", "_judgements", "return ()", GATES[1:]),
    ("guardrails/output/prohibited_basis.py", "ProhibitedBasis.check", 'return Verdict(Ruling.PASS, "PB0")', WORDED),
    ("guardrails/output/tone.py", "Tone.check", 'return Verdict(Ruling.PASS, "TO0")', WORDED),
    ("guardrails/output/order_schema.py", "OrderSchema.check", 'return Verdict(Ruling.PASS, "OS1")', LEAVES),
    ("guardrails/output/reasons_used.py", "ReasonsUsed.check", 'return Verdict(Ruling.PASS, "RU1")', LEAVES),
    ("guardrails/output/vault_values.py", "VaultValues.check", 'return Verdict(Ruling.PASS, "VV1")', LEAVES),
    ("guardrails/output/tipping_off.py", "TippingOff.check", 'return Verdict(Ruling.PASS, "TI1")', LEAVES),
    ("guardrails/output/tipping_off.py", "_sealed_fact", "return None", LEAVES),
    ("guardrails/output/figures_traced.py", "FiguresTraced.check", 'return Verdict(Ruling.PASS, "FT1")', LEAVES),
    ("guardrails/output/licensed_advice.py", "LicensedAdvice.check", 'return Verdict(Ruling.PASS, "LA1")', LEAVES),
    ("guardrails/occurring.py", "_plain", "return text.lower()", LEAVES),
    ("domain/leaving.py", "require_pass", "return None", GATE),
    ("checkpoints/orders.py", "OrderGate.verdict", 'return Verdict(Ruling.PASS, "none")', GATE),
    ("checkpoints/bounds.py", "EffectGuard.again", 'return Verdict(Ruling.PASS, "none")', GATE),
    ("checkpoints/used.py", "_decided", "return {'body': {'rows_hit': []}}", GATE),
    ("checkpoints/approvals.py", "_licences", "return frozenset()", GATE),
    ("api/http/leaving.py", "left", "return response", ANSWERS),
    ("policies/bounds.py", "_leaving", "return ()", LOADED),
    ("tools/credit/memo/tracing.py", "uncited", "return ()", TRACED),
    ("tools/credit/memo/tracing.py", "_rests_on_nothing", "return False", TRACED),
    ("graphs/advisor/holding.py", "is_held", "return False", HELD_ANSWERS),
    ("graphs/advisor/holding.py", "refused", "return ()", HELD_ANSWERS),
    ("agents/bounds.py", "within_case", "return None", GATES[2:]),
    ("agents/bounds.py", "no_identity", "return None", GATES[:1]),
    ("audit/chain.py", "verify", "return Verification(events=len(list(entries)), verified=True)",
     ("tests/unit/test_ledger_chain.py",)),
    ("policies/soundness.py", "_decision", "return ()", SOUND),
    ("policies/soundness.py", "_fails_open", "return ()", SOUND),
    ("policies/soundness.py", "_never_matters", "return ()", SOUND),
    ("policies/soundness.py", "_authority", "return ()", SOUND),
    ("policies/soundness.py", "_nobody_finds", "return ()", SOUND),
    ("policies/soundness.py", "_deadlocks", "return ()", SOUND),
    ("policies/soundness.py", "_shapes", "return ()", SOUND),
    ("policies/strict_yaml.py", "_require_once", "return None", SOUND),
    ("policies/completeness.py", "lets_through", "return None", SOUND),
    ("checkpoints/proposals.py", "Proposal.whole", "return True", POLICY),
    ("graphs/policy_change/nodes.py", "_still_live", "return True", POLICY),
    ("graphs/policy_change/nodes.py", "_unsound", "return ''", POLICY),
    ("api/documents/markdown.py", "_escaped", "return text", ("tests/integration/test_dossier.py",)),
    ("audit/tree.py", "tree_flaws", "return []", ("tests/integration/test_tampers.py",)),
    ("audit/tree.py", "stream_flaws", "return []", ("tests/integration/test_tampers.py",)),
    ("audit/merkle.py", "includes", "return True", ("tests/unit/test_merkle.py",)),
    ("audit/merkle.py", "extends", "return True", ("tests/unit/test_merkle.py",)),
    ("audit/reconciliation.py", "reconcile", "return []", ("tests/integration/test_reconciliation.py",)),
    ("api/http/access.py", "_shown", "return None", ("tests/integration/test_audit_search.py",)),
    ("api/http/search.py", "_harmless", "return cell", ("tests/integration/test_audit_search.py",)),
    ("policies/completeness.py", "check", "return ()", ("tests/unit/test_policy_completeness.py",)),
    ("api/http/access.py", "Visit.refuse", "return None", DOOR),
    ("api/http/access.py", "Visit._own", "return await self._found(case_id)", DOOR),
    ("api/withholding.py", "without_identity", "return plain", KEPT_OUT),
    ("api/withholding.py", "without_names", "return body", (*KEPT_OUT, "tests/integration/test_planted_orders.py")),
    ("api/intake.py", "_without_identifiers", "return body", KEPT_OUT),
    ("api/intake.py", "_takes_records", "return None", ("tests/integration/test_intake_refusals.py",)),
    ("checkpoints/records.py", "_same", "return known is not None", DOOR[1:]),
    ("guardrails/input/prompt_injection.py", "_ruled", 'return Verdict(Ruling.PASS, "PI0")', STEERED[1:2]),
    ("guardrails/injection/spans.py", "without", "return text", STEERED[1:2]),
    ("guardrails/injection/rules.py", "by_rules", "return NOTHING", STEERED[1:2]),
    ("guardrails/injection/linear.py", "by_model", "return NOTHING", LEARNT),
    ("guardrails/injection/linear.py", "read",
     'return Model(artefact["version"], artefact["threshold"], artefact["weights"])', LEARNT),
    ("guardrails/injection/beside.py", "by_place", "return NOTHING", STEERED[1:2]),
    ("domain/quarantine.py", "_spread", "return {}", STEERED[2:]),
    ("domain/quarantine.py", "rule_across", "return tuple(bodies)", STEERED[2:]),
    ("api/quarantining.py", "read_together", "return list(found)", STEERED[:1]),
    ("api/quarantining.py", "read_after", "return found", STEERED[:1]),
    ("api/quarantining.py", "cleared", "return Cleared(body, ())", STEERED[:1]),
    ("tools/gateway.py", "ToolGateway._ruled", "return Ruled(result, (), ())", STEERED[:1]),
    ("tools/gateway.py", "ToolGateway._keeping", "return None", STEERED[:1]),
    ("tools/gateway.py", "_lists_read", "return ()", ("tests/integration/test_compliance_boundary.py",)),
    ("domain/quarantine.py", "_stands_in", "return False", STEERED[2:]),
    ("graphs/advisor/answering.py", "_was_heard", "return True", HELD_ANSWERS),
    ("api/quarantining.py", "keep_away", "return []", STEERED[:1]),
    ("agents/taint.py", "tainted", "yield from ()", STEERED[:1]),
    ("graphs/supervisor/packet.py", "_kept_away", "yield from ()", STEERED[:1]),
    ("graphs/supervisor/deciding.py", "_quarantined", "return []", STEERED[:1]),
    ("graphs/sealing.py", "of_sealed_place", "return False", STEERED[2:]),
    ("agents/bounds.py", "unfit", "return None", MESSAGES),
    ("agents/bounds.py", "_odd", "return False", MESSAGES),
    ("domain/texts.py", "_read", "return text", MESSAGES),
)  # fmt: skip

TEXTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (  # file, text, what stands there instead, tests
    ("api/studio/playing.py", "body = json.dumps(await typing.rewritten(given)).encode()", "pass",
     ("tests/acceptance/test_studio_sandbox.py",)),
    ("checkpoints/sql/stamps.sql", "stamped = true, epoch = epoch + 1", "stamped = true", ONE_WRITER),
    ("policies/authority.cedar", "when { principal == resource.halted_by };", "when { false };",
     ("tests/integration/test_halts.py",)),
    ("checkpoints/sql/breakers.sql", "when before.probed or (", "when (", GATES[:1]),
    ("checkpoints/sql/breakers.sql", "and (probe_at is null or probe_at <= %(given_up)s)", "", GATES[:1]),
    ("graphs/supervisor/deciding.py", ", *(each.row.sample_bps for each in let_pass(here.book, state))", "",
     EXCEPTIONS[1:]),
    ("tools/casework.py", 'foreign=("figures.*.value", "figures.*.shown", "citations.*.value")', "foreign=()",
     HELD_ANSWERS),
    ("checkpoints/sql/rates.sql", "where w.used < %s", "where %s > 0", RATES),
    ("policies/authority.cedar", "when { principal == resource.maker };", "when { false };", DESK[1:]),
    ("policies/authority.cedar", "when { resource.prior_deciders.contains(principal) };", "when { false };",
     ("tests/unit/test_policy_authority.py",)),
    ("policies/authority.cedar", 'unless { principal in Role::"senior" };', "unless { true };", DESK[1:]),
    ("policies/authority.cedar", 'unless { principal in Role::"licensed_tax" };', "unless { true };", GATE),
    ("policies/authority.cedar", 'unless { principal in Role::"licensed_securities" };', "unless { true };", RIGHTS),
    ("policies/authority.cedar", 'unless { principal in Role::"licensed_credit" };', "unless { true };", RIGHTS),
    ("policies/authority.cedar", 'unless { principal in Role::"licensed_legal" };', "unless { true };", RIGHTS),
    ("policies/authority.cedar", "when { resource.typed_by.contains(principal) };", "when { true };", RIGHTS),
    ("policies/authority.cedar", '&& ["address", "birth_date"].contains(resource.kind)', "", RIGHTS),
    ("policies/authority.cedar", 'when { principal in Role::"compliance" || principal in Role::"auditors" };', "",
     RIGHTS),
    ("policies/authority.cedar", "when { principal in resource.candidate_groups }", "",
     ("tests/unit/test_policy_authority.py",)),
    ("policies/authority.cedar", "&& resource.amount_cents <= principal.getTag(resource.product)", "", DESK),
    ("checkpoints/migrations/0001_house.sql",
     "begin raise exception 'the ledger is append-only'; end", "begin return new; end",
     ("tests/integration/test_ledger.py",)),
    ("checkpoints/migrations/0001_house.sql", "if held is distinct from with_epoch then", "if false then", ONE_WRITER),
    ("agents/work.py", "if not session.assignment.mandate.shadow:", "if True:", AUTONOMY[1:]),
    ("checkpoints/autonomy.py", "if _stood(row) != wanted.shown:", "if False:", AUTONOMY[1:]),
    ("graphs/autonomy_raise/nodes.py", "or verb is not Verb.APPROVE", "", AUTONOMY[1:]),
    ("checkpoints/sql/books.sql", "and d.decision ->> 'verb' = 'approve' and", "and", POLICY),
    ("checkpoints/migrations/0027_policy_changes.sql", "begin raise exception 'what was proposed and published is "
     "never changed'; end", "begin return new; end", POLICY),
    ("graphs/policy_change/comparing.py", "if found.not_refound:", "if False:", REFOUND[1:]),
    ("graphs/policy_change/comparing.py", "if each.done}", "if False}", REFOUND[1:]),
    ("graphs/policy_change/refinding.py", "f\"{assignment}.{job}\", may_ask", "f\"{assignment}.{job}\", frozenset()",
     REFOUND),
    ("graphs/policy_change/redeciding.py", "digest(again.facts) != case.facts_digest", "False", REDECIDED),
    ("checkpoints/migrations/0039_unwinding.sql", "create unique index", "create index", UNWOUND),
    ("checkpoints/used.py", "None if defect is None else {**_whole(NOTICE, defect), **defect}", "{}", UNDOING),
    ("checkpoints/sql/unwinding.sql", "and o.case_id <> c.id", "and false", UNDOING),
    ("checkpoints/sql/unwinding.sql", "filter (where c.status in ('sending', 'unknown'))", "filter (where false)",
     UNDOING),
    ("graphs/unwinding/planning.py", "await here.unwound.stop(connection, of, case.case.id, case.application["
     "\"reason\"])", "pass", UNWOUND_RECORD),
    ("checkpoints/sql/waivers.sql", "and w.approval = c.approval", "", WAIVERS),
    ("checkpoints/sql/waivers.sql", "d.decision ->> 'verb' <> 'approve'", "false", WAIVERS),
    ("tools/sanctions.py", "<= until", ">= until or True", ("tests/unit/test_sanctions_screener.py",)),
    ("checkpoints/sql/records.sql", "set transaction read only", "select 1", ("tests/integration/test_records.py",)),
    ("graphs/time_machine/past.py", "if kind != READ and (differs", "if kind == '' and (differs", REPLAYED),
    ("graphs/time_machine/replaying.py", "        stage.past.require_all_met()\n", "", REPLAYED),
    ("graphs/workflows.py", "if each.wiring != each.digest", "if False", ("tests/unit/test_workflows.py",)),
)  # fmt: skip
