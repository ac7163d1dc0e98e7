"""The memo's appendix: statements as spread, every ratio with its inputs, and where each of them comes from.

Owns the anchors that figures link to. Works nothing out: formulas, inputs and values are the tools' own.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.document import Cell, Paragraph, Points, Section, Table, Text, plain, words
from domain.money import dollars, percent, times
from tools.credit.accounts import BY_CODE
from tools.credit.memo.evidence import MemoEvidence, anchor
from tools.credit.ratios import LOAN_ASKED, SERVICE_ASKED, Ratio
from tools.credit.spread import PRIOR, Amount, Year

ASKED = anchor("loan asked for")


def of_ratio(ratio: Ratio) -> str:
    """The anchor of one ratio of one year."""
    return anchor(f"ratio {ratio.code} {ratio.period_end}")


def of_amount(account: str, period_end: str) -> str:
    """The anchor of one amount of one year."""
    return anchor(f"amount {account} {period_end}")


def shown(ratio: Ratio) -> str:
    """A ratio as people write it: margins in per cent, Z'' as a number, everything else as a multiple."""
    value = ratio.value_bps or 0
    if ratio.code == "ebitda_margin":
        return percent(value)
    return times(value).removesuffix("x") if ratio.code == "altman_z2" else times(value)


def appendix(evidence: MemoEvidence) -> Iterable[Section]:
    """Statements, computations and sources."""
    yield Section("Appendix A: statements as spread", tuple(_statements(evidence)))
    yield Section("Appendix B: how each ratio is worked out", tuple(_computations(evidence)))
    yield Section("Appendix C: sources", tuple(_sources(evidence)))


def _statements(evidence: MemoEvidence) -> Iterable[Paragraph | Table | Points]:
    years = evidence.answers.statements.years[::-1]
    if not years:
        yield Paragraph(plain("There is no statement of the company."))
        return
    codes = [code for code in BY_CODE if any(year.amount(code) for year in years)]
    head = ("Account", *(f"FY to {year.period_end} ({year.prepared})" for year in years))
    rows = tuple((Text(BY_CODE[code].label), *(_cell(year, code) for year in years)) for code in codes)
    yield Table(head, rows)
    zero = [(year.period_end, code) for year in years for code in year.taken_as_zero]
    yield Paragraph(plain("Not reported and taken as zero:"))
    yield Points(tuple(plain(f"{words(code)} of {end}") for end, code in zero))
    yield Paragraph(plain("Restated, or stated differently by another document:"))
    yield Points(
        tuple(
            plain(
                f"{words(each.account)} of {each.period_end}: {dollars(each.counts_cents)} counts "
                f"({each.counts_source}); {dollars(each.other_cents)} does not ({each.other_source})",
                of_amount(each.account, each.period_end),
            )
            for each in evidence.answers.statements.differences
        )
    )


def _cell(year: Year, code: str) -> Text:
    amount = year.amount(code)
    if amount is None:
        return Text("–")
    return Text(dollars(amount.cents), to=anchor(amount.source), anchor=of_amount(code, year.period_end))


def _computations(evidence: MemoEvidence) -> Iterable[Paragraph | Table]:
    sheet = evidence.answers.ratios
    if not sheet.found:
        yield Paragraph(plain("No ratio was worked out."))
        return
    yield Paragraph(plain("Half to even at the fourth decimal, from exact amounts; shown with two."))
    before = [None, *(year[0].period_end for year in sheet.years)]
    for year, prior in zip(sheet.years[::-1], before[-2::-1], strict=True):
        rows = tuple(_worked(each, prior) for each in year)
        yield Table((f"FY to {year[0].period_end}", "Formula", "Inputs", "Value"), rows, 3, (3, 5, 6, 2))


def _worked(ratio: Ratio, prior: str | None) -> tuple[Cell, ...]:
    inputs = [
        Text(f"{words(each.account)} {dollars(each.cents)}", _origin(each, ratio.period_end, prior))
        for each in ratio.inputs
    ]
    listed = [text for each in inputs for text in (each, Text("; "))][:-1]
    value = "none" if ratio.value_bps is None else shown(ratio)
    return (
        Text(ratio.label, anchor=of_ratio(ratio)),
        Text(words(ratio.formula)),
        (*listed, Text(f" ({words(ratio.reason)})" if ratio.reason else "")),
        Text(value),
    )


def _origin(amount: Amount, period_end: str, prior: str | None) -> str | None:
    if amount.account in (SERVICE_ASKED, LOAN_ASKED):
        return ASKED
    if amount.account.startswith(PRIOR):
        return of_amount(amount.account.removeprefix(PRIOR), prior) if prior else None
    return of_amount(amount.account, period_end)


def _sources(evidence: MemoEvidence) -> Iterable[Paragraph | Table | Points]:
    yield Paragraph(
        plain("Documents, by the first digits of their SHA-256; the whole text lies in the vault.")
    )
    documents = evidence.answers.statements.documents
    yield Points(
        tuple(
            plain(f"{each.document}, {each.prepared}, filed {each.filed_on.isoformat()}")
            for each in documents
        )
    )
    amounts = {each.source: None for year in evidence.answers.statements.years for each in year.amounts}
    yield Paragraph(plain("Places in them:"))
    yield Points(tuple((Text(source, anchor=anchor(source)),) for source in amounts))
    yield Paragraph(
        plain("Journal entries: request and answer of each tool, as recorded before it was used.")
    )
    yield Points(
        tuple(
            (Text(f"{entry} ({words(tool)})", anchor=anchor(entry)),)
            for entry, tool in sorted(evidence.journal.items())
        )
    )
