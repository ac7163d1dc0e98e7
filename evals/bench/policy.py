"""How long a candidate book takes over 1,000 decided cases: read, decided again under both books, reported.

Beside it: how many cases a second are found again where the candidate has another parameter that each rests on.
"""

from __future__ import annotations

import time

from api.demo.stories import over_committed, routine, self_employed
from evals.bench.report import Figure
from evals.bench.stage import NOW
from graphs.policy_change.simulation import Question, simulate
from graphs.services import Services
from policies.loader import shipped_examples
from tests.fakes.casework import opened

PIECE, INSTEAD = 'dti_back_bps: "> 5000"}', 'dti_back_bps: "> 3000"}'
SHEET = "{product: fixed_30, months: 360, rate_bps: 612}"
DEARER = SHEET.replace("612", "712")
COPIES = (
    """
    insert into countersign.cases
        (id, kind, status, policy_version, application_date, opened_at, maker, amount_cents, product,
         content_digest, application)
    select id || '-' || n, kind, status, policy_version, application_date, opened_at, maker, amount_cents, product,
        content_digest, application
    from countersign.cases, generate_series(1, %(copies)s) n where id = %(case)s
    """,
    """
    insert into countersign.ledger (stream, seq, key, kind, schema_version, at, actor, body, prev, hash)
    select stream || '-' || n, seq, key, kind, schema_version, at, actor, body, prev, hash
    from countersign.ledger, generate_series(1, %(copies)s) n where stream = %(case)s
    """,
    """
    insert into checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)
    select thread_id || '-' || n, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata
    from checkpoints, generate_series(1, %(copies)s) n where thread_id = %(case)s
    """,
    """
    insert into checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
    select thread_id || '-' || n, checkpoint_ns, channel, version, type, blob
    from checkpoint_blobs, generate_series(1, %(copies)s) n where thread_id = %(case)s
    """,
)


async def simulation(services: Services, cases: int) -> list[Figure]:
    """Seconds for ``cases`` decided home loans of three kinds, whole histories and all."""
    stories = [story(NOW.date()) for story in (routine, self_employed, over_committed)]
    each = -(-cases // len(stories))
    for n, story in enumerate(stories):
        await copied(services, await opened(services, story, f"simulated-{n}"), each)
    source = services.books.seed("home_loan").source.replace(PIECE, INSTEAD)
    candidate = services.books.read(source, "candidate")
    question = Question(candidate, shipped_examples("home_loan"), limit=cases)
    started = time.perf_counter()
    report = await simulate(services, question)
    took = time.perf_counter() - started
    if report.compared != cases:
        raise RuntimeError(f"{report.compared} of {cases} cases were compared: {report.skipped}")
    return [
        Figure(f"policy_simulation_of_{cases}", round(took, 3), "s", 60 * cases / 1000),
        Figure("policy_simulation_flips", len(report.flipped), "cases", cases),
    ]


async def refinding(services: Services, cases: int) -> list[Figure]:
    """Cases a second that are found again under a dearer rate sheet: really worked cases, none is a copy."""
    stories = [story(NOW.date()) for story in (routine, self_employed, over_committed)]
    for n in range(cases):
        await opened(services, stories[n % len(stories)], f"refound-{n}")
    source = services.books.seed("home_loan").source.replace(SHEET, DEARER)
    question = Question(services.books.read(source, "candidate"), limit=cases)
    started = time.perf_counter()
    report = await simulate(services, question)
    took = time.perf_counter() - started
    if (report.refound, report.refound_moved) != (cases, cases):
        raise RuntimeError(f"{report.refound} of {cases} cases were found again: {report.not_refound}")
    return [Figure("policy_refinding", round(cases / took, 1), "cases/s", rounds=cases)]


async def copied(services: Services, case_id: str, copies: int) -> None:
    """The same case so many times more, with its ledger and its checkpoints."""
    async with services.database.transaction() as connection:
        for statement in COPIES:
            await connection.execute(statement, {"copies": copies, "case": case_id})
