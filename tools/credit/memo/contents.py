"""The memo as an officer reads it: verdict, figures, rating, stress, covenants, what speaks for and against.

Owns the order of the argument: what policy concludes, then what it rests on, then what is doubtful, then what is
not known. States nothing that is not in the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.decision import Outcome
from domain.document import Document, Line, Paragraph, Points, Section, Table, Text, plain, words
from domain.finding import Flag, Severity
from domain.money import dollars, percent, times
from tools.credit.memo.appendix import ASKED, appendix, of_ratio, shown
from tools.credit.memo.evidence import MemoEvidence, anchor
from tools.credit.rating import ExpectedLoss, Scored, told
from tools.credit.ratios import ALTMAN, Ratio
from tools.credit_assessment import Observation, label

KEY = (
    "dscr_pro_forma",
    "dscr",
    "leverage_pro_forma",
    "leverage",
    "debt_to_ebitda_pro_forma",
    "debt_to_ebitda",
    "interest_cover",
    "current",
    "quick",
    "ebitda_margin",
    "altman_z2",
)
VERDICTS = {
    Outcome.APPROVE: "Policy approves.",
    Outcome.REFER: "Policy refers this to a person.",
    Outcome.DECLINE: "Policy declines.",
    Outcome.HOLD: "Policy holds the case for compliance.",
}


def write(evidence: MemoEvidence) -> Document:
    """The memo; the same evidence gives the same memo."""
    return Document(
        title="Credit memorandum",
        facts=tuple(_facts(evidence)),
        verdict=_verdict(evidence),
        sections=(
            Section("Recommendation", tuple(_recommendation(evidence))),
            Section("Key figures", tuple(_figures(evidence))),
            Section("Risk rating and expected loss", tuple(_rating(evidence))),
            Section("Strengths", (Points(tuple(_strengths(evidence))),)),
            Section("Weaknesses and mitigants", (Points(tuple(_weaknesses(evidence))),)),
            Section("Dissent", tuple(_dissent(evidence))),
            Section("Stress", tuple(_stress(evidence))),
            Section("Covenants proposed", tuple(_covenants(evidence))),
            Section("Judgements", (Points(tuple(_judgements(evidence)), "None was made by a model."),)),
            Section("What is unknown", (Points(tuple(_unknown(evidence)), "Nothing that was looked for."),)),
            Section("Signatures", tuple(_signatures(evidence))),
            *appendix(evidence),
        ),
        dated=evidence.case.opened_at.date().isoformat(),
    )


def _facts(evidence: MemoEvidence) -> Iterable[tuple[str, Text]]:
    case, asked = evidence.case, evidence.application
    company = asked["company"]
    guarantors = ", ".join(str(each["name"]) for each in asked["borrowers"])
    product = f"{words(str(asked['product']))}, {asked['term_months']} months, {asked['rate_type']} rate"
    yield "Case", Text(case.id, strong=True)
    yield (
        "Obligor",
        Text(f"{company['name']} ({words(company['entity_type'])}, NAICS {company['industry_code']})"),
    )
    yield "Guarantors", Text(guarantors)
    yield "Request", Text(f"{dollars(int(asked['loan_amount_cents']))}, {product}", strong=True)
    yield "Purpose", Text(words(asked["purpose"]))
    yield "Collateral", Text(words(asked["collateral"]))
    yield "Application date", Text(case.application_date.isoformat())
    yield "Policy", Text(f"{evidence.title}, {case.policy_version}")
    yield "Identity", Text("Names stand as tokens; who may see them resolves them in the vault.")


def _verdict(evidence: MemoEvidence) -> Line:
    decision, rating = evidence.decision, evidence.answers.rating.rating
    said = VERDICTS[decision.outcome] if decision else "Policy has not decided yet."
    graded = f" Grade {rating.grade} ({words(rating.regulatory)})." if rating else " Not rated."
    return (Text(said, strong=True), Text(graded, to=evidence.entry("rate_credit")))


def _recommendation(evidence: MemoEvidence) -> Iterable[Paragraph | Points]:
    decision = evidence.decision
    if decision is None:
        yield Paragraph(plain("The case has not reached its decision; what follows is what is known so far."))
        return
    if decision.principal_reasons:
        yield Paragraph(plain(f"Principal reasons: {'; '.join(decision.principal_reasons)}."))
    rows = tuple(plain(row) for row in evidence.policy_rows)
    yield Paragraph((Text("Rows of the decision table that answered", strong=True),))
    yield Points(rows, "None: a fact that the table needs is not known.")
    yield Paragraph((Text("Conditions", strong=True),))
    yield Points(tuple(plain(each) for each in decision.conditions))
    yield Paragraph((Text("Exceptions", strong=True),))
    yield Points(tuple(_exceptions(evidence)))
    for request in evidence.requests[-1:]:
        groups = " or ".join(words(group) for group in request.candidate_groups)
        needed = "one of them" if request.quorum == 1 else f"{request.quorum} of them"
        yield Paragraph(plain(f"To be countersigned by {groups}, {needed}, by the authority table."))


def _exceptions(evidence: MemoEvidence) -> Iterable[Line]:
    for job, finding in evidence.findings.items():
        for flag in finding.flags:
            if flag.severity is Severity.SERIOUS:
                yield _flagged(evidence, job, flag)


def _flagged(evidence: MemoEvidence, job: str, flag: Flag) -> Line:
    """A flag with its source; what lies sealed is named and leads nowhere."""
    return plain(
        f"{words(job)}: {flag.detail}", anchor(flag.source) if flag.source in evidence.journal else None
    )


def _figures(evidence: MemoEvidence) -> Iterable[Paragraph | Table]:
    sheet = evidence.answers.ratios
    if not sheet.found or sheet.loan is None:
        yield Paragraph(plain(f"No ratio is known: {sheet.lacks or 'none was worked out'}."))
        return
    years = [year[0].period_end for year in sheet.years][::-1]
    by = {(each.code, each.period_end): each for year in sheet.years for each in year}
    labels = {each.code: each.label for each in sheet.years[-1]}
    rows = [(Text(labels[code]), *(_ratio(by.get((code, year))) for year in years)) for code in KEY]
    yield Table(("Ratio", *(f"FY to {year}" for year in years)), tuple(rows))
    trend = f"Trend: {sheet.trend}" if sheet.trend else "Trend: not known"
    falling = [words(each.ratio) for each in sheet.trends if each.direction == "declining"]
    because = f" (declining: {', '.join(falling)})" if falling else ""
    yield Paragraph(
        (
            Text(f"{trend}{because}; the worst ratio decides. ", to=evidence.entry("credit_ratios")),
            Text(
                anchor=ASKED,
                text=f"Debt service asked for: {dollars(sheet.loan.yearly_service_cents)} a year "
                f"= {sheet.loan.formula}; rate by the book ({sheet.loan.rate_source}).",
            ),
        )
    )


def _ratio(found: Ratio | None) -> Text:
    if found is None:
        return Text("–")
    if found.value_bps is None:
        return Text("none", to=of_ratio(found))
    return Text(shown(found), to=of_ratio(found))


def _rating(evidence: MemoEvidence) -> Iterable[Paragraph | Table | Points]:
    sheet, to = evidence.answers.rating, evidence.entry("rate_credit")
    rating, loss = sheet.rating, sheet.expected_loss
    if rating is None or loss is None:
        yield Paragraph(plain(f"The company is not rated: {sheet.lacks or 'nobody rated it'}."))
        return
    points = Text(str(rating.points), to, strong=True)
    summed = (Text("Sum", strong=True), Text(""), Text(""), points, Text(str(rating.most)))
    head = ("Factor", "Value", "Row of the scorecard", "Points", "of")
    yield Table(head, (*map(_scored, rating.scored), summed), numbers_from=3)
    yield Paragraph(
        (
            Text(f"Grade by points {rating.grade_by_points}; grade {rating.grade}, ", strong=True),
            Text(f"{words(rating.regulatory)} on the regulatory scale. Floors that moved it:", to=to),
        )
    )
    yield Points(tuple(plain(each, to) for each in rating.floors))
    yield _loss(loss, to)


def _scored(each: Scored) -> Line:
    value, points, most = _value(each.factor, each.value), str(each.points), str(each.most)
    return (Text(label(each.factor)), Text(value), Text(each.row), Text(points), Text(most))


def _loss(loss: ExpectedLoss, to: str | None) -> Table:
    amounts = (
        Text(loss.formula),
        Text(percent(loss.pd_bps), to),
        Text(percent(loss.lgd_bps), to),
        Text(dollars(loss.ead_cents), to),
        Text(dollars(loss.el_cents), to, strong=True),
        Text(percent(loss.el_bps), to),
    )
    sources = ("source", loss.pd_source, loss.lgd_source, loss.ead_source, "", "")
    head = ("Expected loss", "PD", "LGD", "EAD", "EL", "EL of EAD")
    return Table(head, (amounts, tuple(map(Text, sources))))


def _value(factor: str, value: int | str | None) -> str:
    if value is None:
        return "not known"
    return told(factor, value).removesuffix("x" if factor == ALTMAN else "")


def _observed(evidence: MemoEvidence, each: Observation) -> Line:
    years = evidence.answers.ratios.years
    ratio = next((found for found in years[-1] if found.code == each.figure), None) if years else None
    to = of_ratio(ratio) if ratio else evidence.entry("assess_credit")
    return (Text(f"{each.says}: "), Text(f"{label(each.figure)} {each.value}", to))


def _strengths(evidence: MemoEvidence) -> Iterable[Line]:
    return (_observed(evidence, each) for each in evidence.answers.assessment.strengths)


def _weaknesses(evidence: MemoEvidence) -> Iterable[Line]:
    for each in evidence.answers.assessment.weaknesses:
        held = "; ".join(each.mitigants) or "nothing answers it"
        yield (*_observed(evidence, each), Text(". Mitigants: "), Text(held, strong=not each.mitigants))


def _dissent(evidence: MemoEvidence) -> Iterable[Paragraph | Table | Points]:
    found, to = evidence.answers.assessment.dissents, evidence.entry("assess_credit")
    yield Paragraph(
        plain("Sources that disagree are both shown; a stated rule reconciles them or a person decides.")
    )
    if not found:
        yield Points((), "No two sources disagree.")
        return
    yield Table(
        ("About", "One source", "The other", "What becomes of it"),
        tuple(
            (
                Text(each.about),
                Text(f"{each.sides[0].who}: {each.sides[0].says}", to),
                Text(f"{each.sides[1].who}: {each.sides[1].says}", to),
                Text(each.resolution, strong=each.escalated),
            )
            for each in found
        ),
        numbers_from=9,
        widths=(2, 4, 4, 3),
    )


def _stress(evidence: MemoEvidence) -> Iterable[Paragraph | Table]:
    sheet, to = evidence.answers.stress, evidence.entry("credit_stress")
    if not sheet.found or sheet.breakeven is None:
        yield Paragraph(plain(f"Stress is not known: {sheet.lacks or 'none was worked out'}."))
        return
    yield Table(
        ("Scenario", "EBITDA", "Extra interest", "Coverage", "Debt to EBITDA"),
        tuple(
            (
                Text(each.scenario),
                Text(dollars(each.ebitda_cents), to),
                Text(dollars(each.extra_interest_cents), to),
                Text(_times(each.dscr_bps), to, strong=True),
                Text(_times(each.debt_to_ebitda_bps), to),
            )
            for each in sheet.scenarios
        ),
    )
    least = sheet.breakeven
    if least.decline_bps is None:
        yield Paragraph(plain("There is no breakeven: EBITDA is not above zero."))
        return
    reached = (
        f"EBITDA may fall by {percent(least.decline_bps)}, to {dollars(least.ebitda_needed_cents)},"
        if least.decline_bps >= 0
        else f"EBITDA would have to rise by {percent(-least.decline_bps)}, to {dollars(least.ebitda_needed_cents)},"
    )
    yield Paragraph(
        (Text("Breakeven: ", strong=True), Text(f"{reached} for coverage of {times(least.floor_bps)}.", to))
    )
    repricing = dollars((sheet.repricing_existing_cents or 0) + (sheet.repricing_proposed_cents or 0))
    yield Paragraph(
        plain(
            f"Debt that reprices: {repricing}. Tax, capital expenditure and distributions stay as they were.",
            to,
        )
    )


def _times(bps: int | None) -> str:
    return "none" if bps is None else times(bps)


def _covenants(evidence: MemoEvidence) -> Iterable[Paragraph | Table]:
    sheet, to = evidence.answers.covenants, evidence.entry("propose_covenants")
    if not sheet.proposed:
        yield Paragraph(plain(f"None is proposed: {sheet.lacks or 'nobody proposed any'}."))
        return
    yield Table(
        ("Covenant", "Level", "Basis", "Tested", "As reported", "Fails under"),
        tuple(
            (
                Text(each.covenant),
                Text(f"{'≥' if each.kind == 'minimum' else '≤'} {times(each.level_bps)}", to, strong=True),
                Text(each.basis),
                Text(each.tested),
                Text(_times(each.tests[0].value_bps), to),
                Text(
                    ", ".join(test.scenario for test in each.tests if not test.passed)
                    or "none that was tested"
                ),
            )
            for each in sheet.covenants
        ),
        numbers_from=9,
        widths=(4, 2, 4, 2, 2, 4),
    )


def _judgements(evidence: MemoEvidence) -> Iterable[Line]:
    for job, finding in evidence.findings.items():
        for each in finding.judgements:
            sure = percent(each.confidence_bps)
            yield (
                Text(f"{words(job)}: {each.question} "),
                Text(f"{words(each.answer)} ({sure})", strong=True),
                Text(f", because “{each.quote}”. Against it: {each.counter}"),
            )


def _unknown(evidence: MemoEvidence) -> Iterable[Line]:
    for job, finding in evidence.findings.items():
        yield from (plain(f"{words(job)}: {gap.detail}") for gap in finding.gaps)
        yield from (_flagged(evidence, job, flag) for flag in finding.flags if flag.severity is Severity.INFO)
        if finding.degraded:
            yield plain(f"{words(job)}: the model failed; judgements are missing")
    if evidence.decision is not None:
        yield from (plain(f"not known: {words(name)}") for name in evidence.decision.unknown)


def _signatures(evidence: MemoEvidence) -> Iterable[Paragraph | Points]:
    for request in evidence.requests[-1:]:
        yield Paragraph((Text("By countersigning: ", strong=True), Text(request.packet.attestation)))
        yield Paragraph(plain(f"Request {request.id}, {request.status}, bound to SHA-256 {request.digest}."))
    signed = tuple(
        (Text(f"{each.person}: {words(each.verb)}", strong=True), Text(f", {each.at}: {each.reason}"))
        for each in evidence.signatures
    )
    yield Points(signed, "Nobody has signed yet.")
