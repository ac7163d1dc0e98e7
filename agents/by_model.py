"""A specialist's work with a model: it looks, it judges, code checks it, a judge reviews what code cannot.

An answer that fails a check or a review goes back once, with the specific reasons. After that a failed check
ends the model's part (the playbook works), and an overturned judgement is a gap for a person, or by the
book's row a referral of the case. Each step is on record.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

from agents.answer import Answer, asked, judgements
from agents.build import Governed, build_agent, run_detached
from agents.by_playbook import bare_finding, complete
from agents.contract import Evidence, Specialist
from agents.crew import Crew
from agents.judge import Place, Reviewed, review
from agents.verify import Problem, TableSays, Work, problems
from audit.events import AnswerSentBack, GuardrailRuled
from domain.assignment import Assignment
from domain.errors import Refused
from domain.finding import Finding, Gap, Judgement, ProducedBy
from domain.guard import Passage, Ruling, verdict_of

ATTEMPTS = (1, 2)


@dataclass(frozen=True, slots=True)
class _Examined:
    """An answer with everything that was found out about it."""

    answer: Answer | None
    work: Work
    wrong: tuple[Problem, ...]
    reviewed: tuple[Reviewed, ...]

    @property
    def complaints(self) -> tuple[Problem, ...]:
        overturned = (
            Problem("judge", f"{each.judgement.question} A reviewer does not follow you: {each.reasons}")
            for each in self.reviewed
            if each.overturned
        )
        return (*self.wrong, *overturned)


@dataclass(frozen=True, slots=True)
class ModelWork:
    """One specialist at work with a model, for the length of one session."""

    crew: Crew
    specialist: Specialist
    governed: Governed
    model: BaseChatModel
    table: TableSays

    async def finding(self) -> Finding:
        """The finding; ``Refused`` when the answer cannot be used after it was sent back once."""
        tools = [self.crew.tools[name] for name in self.specialist.tools]
        agent = build_agent(self.model, tools, self.governed, Answer)
        messages: list[Any] = [HumanMessage(_brief(self.governed, self.specialist))]
        for attempt in ATTEMPTS:
            state = await self._run(agent, messages)
            examined = await self._examine(state.get("structured_response"), attempt)
            last = attempt == ATTEMPTS[-1]
            if examined.answer is not None and not (examined.wrong or (examined.complaints and not last)):
                return self._finding(examined, examined.answer)
            await self._sent_back(examined.complaints, attempt)
            messages = [*state["messages"], HumanMessage(self._reasons(examined))]
        checks = ", ".join(sorted({each.check for each in examined.complaints}))
        raise Refused(f"the answer failed twice: {checks}", control="model.answer")

    async def _run(self, agent: Any, messages: list[Any]) -> dict[str, Any]:
        limit = 4 * self.governed.session.assignment.mandate.max_model_calls + 4
        return await run_detached(agent, {"messages": messages}, limit)

    async def _examine(self, answer: Answer | None, attempt: int) -> _Examined:
        assignment = self.governed.session.assignment
        seen = Evidence(tuple(self.governed.answers))
        omitted = await complete(self.specialist, self.governed)
        del self.governed.answers[len(seen.answers) :]  # the model has not looked at these
        conclusion = self.specialist.conclude(assignment, Evidence((*seen.answers, *omitted)))
        figures = {each.name: each.value for each in conclusion.figures}
        stated = self.specialist.conclude(assignment, seen)
        work = Work(self.specialist, seen, omitted, stated, conclusion, self.table(figures))
        wrong = problems(answer, work)
        if answer is not None and not wrong:
            wrong = await self._guarded(answer, attempt)
        reviewed = () if answer is None or wrong else await self._reviewed(answer, work, attempt)
        return _Examined(answer, work, wrong, reviewed)

    async def _guarded(self, answer: Answer, attempt: int) -> tuple[Problem, ...]:
        """What the mandate's guardrails refuse of the model's own words; each verdict is on record."""
        session, found = self.governed.session, list[Problem]()
        words = "\n".join([answer.narrative, *(each.counter for each in answer.judgements)])
        passage = Passage(session.assignment.case_id, words, {"specialist": self.specialist.job})
        for name in session.assignment.mandate.output_guardrails:
            guardrail = self.crew.guardrails[name]
            verdict = await verdict_of(guardrail, passage)
            await session.record(f"guard/{name}/answer/{attempt}", GuardrailRuled.of(guardrail, verdict))
            if verdict.ruling is not Ruling.PASS:
                found.append(Problem(f"guardrail.{name}", f"{verdict.rule}: {verdict.reason}"))
        return tuple(found)

    async def _reviewed(self, answer: Answer, work: Work, attempt: int) -> tuple[Reviewed, ...]:
        """Every judgement, reviewed if it could count: what a person will look at anyway needs no judge."""
        given = judgements(asked(answer, work.conclusion), _wording(self.governed), work.evidence)
        rules = self.governed.session.assignment.mandate.judgements
        reviewed = []
        for number, each in enumerate(given, 1):
            if rules.judge and not _doubtful(each, rules.sure_enough_percent):
                sealed = self.specialist.audience == "compliance"
                place = Place(f"judgement_{number}" if sealed else each.code, attempt)
                reviewed.append(await review(self.crew, self.governed, each, work.evidence.answers, place))
            else:
                reviewed.append(Reviewed(each))
        return tuple(reviewed)

    async def _sent_back(self, complaints: Sequence[Problem], attempt: int) -> None:
        checks = tuple(sorted({each.check for each in complaints}))
        event = AnswerSentBack(
            specialist=self.specialist.job, attempt=attempt, checks=checks, reasons=len(complaints)
        )
        await self.governed.session.record(f"sent_back/{attempt}", event)

    def _reasons(self, examined: _Examined) -> str:
        wanted = {code: self.governed.prompt.question(code) for code in examined.work.conclusion.asks}
        reasons = [each.reason for each in examined.complaints]
        return json.dumps({"your_answer_cannot_be_used": reasons, "judgements_asked": wanted}, sort_keys=True)

    def _finding(self, examined: _Examined, answer: Answer) -> Finding:
        conclusion = examined.work.conclusion
        rules = self.governed.session.assignment.mandate.judgements
        given = tuple(each.judgement for each in examined.reviewed)
        settles = self.governed.prompt.settled_by
        doubts = (_gap(each, rules.sure_enough_percent, settles(each.code)) for each in given)
        return bare_finding(self.governed, conclusion, examined.work.evidence.answers).model_copy(
            update={
                "judgements": given,
                "gaps": (*conclusion.gaps, *(gap for gap in doubts if gap is not None)),
                "narrative": answer.narrative,
                "confidence_bps": answer.confidence_percent * 100,
                "produced_by": ProducedBy.MODEL,
            }
        )


def _doubtful(each: Judgement, sure_enough_percent: int) -> bool:
    return each.answer == "unclear" or each.confidence_bps < sure_enough_percent * 100


def _gap(each: Judgement, sure_enough_percent: int, settled_by: str) -> Gap | None:
    """What keeps a judgement from counting: the judge, no judge, doubt, or what it says."""
    code, question = each.code, each.question.partition(": ")[2]
    if each.review in ("overturned", "unreviewed"):
        return Gap(
            code=f"{each.review}:{code}", detail=f"{question} The judge: {each.review}.", needs="person"
        )
    if each.answer != settled_by or _doubtful(each, sure_enough_percent):
        return Gap(code=f"judgement:{code}", detail=f"{question} The model: {each.answer}.", needs="person")
    return None


def _wording(governed: Governed) -> dict[str, str]:
    return {each.code: each.question for each in governed.prompt.front.judgement}


def _brief(governed: Governed, specialist: Specialist) -> str:
    assignment: Assignment = governed.session.assignment
    return json.dumps(
        {
            "objective": assignment.objective,
            "parties": assignment.parties,
            "known_facts": {
                name: assignment.inputs[name] for name in specialist.needs if name in assignment.inputs
            },
            "as_of": assignment.as_of.date().isoformat(),
            "boundaries": assignment.boundaries,
            "expected_facts": specialist.provides,
            "judgements_if_raised": _wording(governed),
        },
        sort_keys=True,
    )
