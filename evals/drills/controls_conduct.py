"""Which controls of guardrails, the kill switch, failure and the proof of wiring are removed, and who must notice.

As in ``controls``; besides, every ``yield`` that stands alone in a file of ``OBJECTIONS`` is a control of its own:
what a check has against a book, a graph or an application. A test that is named (``file::test``) is run alone.
"""

from __future__ import annotations

HALTS = ("tests/integration/test_halts.py",)
HALTED_KIND = (f"{HALTS[0]}::test_halted_case_stands_still_and_goes_on_when_another_person_resumes_it",)
HALTED_MODEL = (f"{HALTS[0]}::test_halted_model_leaves_the_work_to_the_playbook",)
GONE_ROUND = (f"{HALTS[0]}::test_halted_tool_or_specialist_is_gone_round_to_a_person",)
HALTED_CASE = (f"{HALTS[0]}::test_decided_case_is_not_settled_while_halted_and_is_settled_once_afterwards",)
HALTED_EFFECT = ("tests/integration/test_outbox.py::test_halted_target_is_not_acted_on_until_it_is_resumed",)
PROBES = (
    "tests/integration/test_gateways.py::test_open_breaker_is_not_asked_and_admits_one_probe",
    "tests/integration/test_gateways.py"
    "::test_breaker_whose_probe_fails_opens_anew_and_every_transition_is_on_record",
)
HOSTILE = (
    "tests/integration/test_hostile_model.py"
    "::test_model_that_tries_forbidden_calls_and_then_behaves_gets_no_effect_without_a_person",
)
ADMISSION = ("tests/unit/test_admission.py", "tests/integration/test_intake_refusals.py")
RIGHTS = ("tests/unit/test_policy_authority.py",)
PROOF = ("tests/unit/test_lint.py", "tests/unit/test_proof.py")
OUTPUT = ("tests/integration/test_output_gate.py",)

OBJECTIONS: dict[str, tuple[str, ...]] = {
    "domain/admission.py": ADMISSION,
    "api/admitting.py": ADMISSION[1:],
    "graphs/lint.py": PROOF,
    "graphs/proof.py": PROOF[1:],
    "graphs/deeds.py": PROOF[1:],
}

BODIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("graphs/deeds.py", "destinations", "return ('refer',)", PROOF[1:]),
    ("checkpoints/leaving.py", "_pieces", "return ()", OUTPUT),
    ("checkpoints/leaving.py", "_same", "return True", ("tests/integration/test_answers_leave.py", *OUTPUT)),
    ("checkpoints/orders.py", "_known", "return frozenset()", OUTPUT),
)


def _unseen(deed: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Something that the proof does not see any more."""
    return ("graphs/deeds.py", f"    {deed},\n", "", PROOF[1:])


TEXTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("tools/gateway.py", "lists = context.lists if tool.versions else {}", "lists = context.lists",
     ("tests/integration/test_unattended_risk.py",)),
    ("agents/work.py", "        await session.require_running(breaker)\n", "", GONE_ROUND),
    ("tools/gateway.py", "            await session.require_running(breaker)\n", "", GONE_ROUND),
    ("agents/gateway.py", '        await session.require_running(f"model:{attempt.model}")\n', "", HALTED_MODEL),
    ("graphs/advance.py", "            await require_running(self.services.database, case_id)\n", "            pass\n",
     HALTS),
    ("checkpoints/sql/halts.sql", "or target = 'kind:' || (select kind from countersign.cases where id = %s)",
     "or target = %s", HALTED_KIND),
    ("checkpoints/sql/halts.sql", "where target = any(%s) or", "where %s is null or", HALTED_CASE),
    ("checkpoints/sql/halts.sql", "(%(all)s or kind = %(kind)s or id = %(case)s)", "(%(all)s or id = %(case)s)",
     HALTED_KIND),
    ("checkpoints/outbox.py", 'f"kind:{kind}"]', "]", HALTED_EFFECT),
    ("checkpoints/outbox.py", 'f"effect:{order.action.name}"]', "]", HALTED_EFFECT),
    ("checkpoints/sql/breakers.sql", "(opened_at <= %(since)s and", "(true and", PROBES),
    ("checkpoints/breakers.py", "given_up = now - max(self._pause, timedelta(seconds=lasts))",
     "given_up = now - self._pause", PROBES),
    ("checkpoints/session.py", "        self.overstepped |= error.control.startswith(OVERSTEPS)\n", "", HOSTILE),
    ("agents/work.py", "if not (degraded and session.overstepped):", "if True:", HOSTILE),
    ("policies/authority.cedar", ' && resource.kind == "quarantined_text"', "", RIGHTS),
    ("policies/authority.cedar", 'resource.purpose == "quarantine" && ', "", RIGHTS),
    ("policies/authority.cedar",
     'when {\n  principal in Role::"sre" || principal in Role::"chief_credit" || '
     'principal in Role::"chief_compliance"\n}', "", RIGHTS),
    ("policies/authority.cedar",
     'resource is KillSwitch)\nwhen { principal in Role::"auditors" };', "resource is KillSwitch);", RIGHTS),
    ("policies/authority.cedar", '\nwhen { principal in Role::"counsel" || principal in Role::"chief_compliance" }',
     "", RIGHTS),
    ("policies/authority.cedar", '\nwhen { principal in Role::"records" }', "", RIGHTS),
    ("policies/authority.cedar", 'resource is Keeping)\nwhen { principal in Role::"auditors" };',
     "resource is Keeping);", RIGHTS),
    ("checkpoints/leaving.py", 'kind = "quarantined_text" if each.quarantined else each.kind.value',
     'kind = "quarantined_text"', ("tests/integration/test_quarantine.py", "tests/integration/test_answers_leave.py")),
    ("checkpoints/leaving.py", "cases = tuple(dict.fromkeys((leaving.case_id, *door.cases)))",
     "cases = (leaving.case_id,)", ("tests/integration/test_answers_leave.py", *OUTPUT)),
    _unseen('"outbox": Deed.EFFECT'),
    _unseen('"models": Deed.MODEL'),
    _unseen('"model_gateway": Deed.MODEL'),
    _unseen('"ainvoke": Deed.MODEL'),
    _unseen('"langgraph.types.interrupt": Deed.WAIT'),
    _unseen('"agents.build.run_detached": Deed.DELEGATE'),
    _unseen('"agents.work.work": Deed.WORK'),
    _unseen('"agents.advisor.advisor.answer": Deed.WORK'),
)  # fmt: skip
