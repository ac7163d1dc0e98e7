"""Golden histories: the records of demo cases, written down to be replayed by every later version of the code.

``python -m evals.histories [NAME …]`` carries cases out on a scratch database and writes ``tests/golden``. Write them
again only when a change of what cases tell is meant, and read the difference before it is committed. Of demo cases
only, and without their identities: a file in which a value of the vault stands is not written.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from api.assembly import models
from api.demo.stories import Story, over_committed, routine, self_employed, small_amendment
from domain.decision import Verb
from domain.person import Person
from evals.bench.stage import NOW, stage
from evals.endpoint import model
from graphs.services import Services, install
from graphs.time_machine import CaseRecord, read_record
from tests.fakes.casework import advance, decide, deliver, only, opened, pending, without
from tests.fakes.people import SENIOR, UNDERWRITER
from tests.fakes.specialists_script import specialists

FOLDER = Path(__file__).parent.parent / "tests" / "golden"


@dataclass(frozen=True, slots=True)
class History:
    """One case: its story, what comes late, who decides, and whether a model works on it."""

    story: Story
    deciders: tuple[Person, ...] = ()
    late: str = ""  # kind of record
    verb: Verb = Verb.APPROVE
    by_model: bool = False


TODAY = NOW.date()
HISTORIES = {
    "routine": History(routine(TODAY), (UNDERWRITER,)),
    "self_employed": History(self_employed(TODAY), (SENIOR, UNDERWRITER), by_model=True),
    "over_committed": History(over_committed(TODAY), (UNDERWRITER,)),
    "small_amendment": History(small_amendment(TODAY)),
    "appraisal_late": History(routine(TODAY), (UNDERWRITER,), late="valuation", verb=Verb.REJECT),
}


async def written(services: Services, case_id: str) -> CaseRecord:
    """The record of a case, without any identity.

    Raises:
        ValueError: a value of the vault stands in it.
    """
    record = await read_record(services, case_id)
    text = record.model_dump_json().casefold()
    held = {
        token
        for token, (_, value) in (await services.vault.values(case_id)).items()
        if value.casefold() in text
    }
    if held:
        raise ValueError(f"a history never holds identity: {', '.join(sorted(held))}")
    return record


async def carried_out(services: Services, name: str, history: History) -> str:
    """The case, from submission to its end."""
    story = without(history.story, history.late) if history.late else history.story
    case_id = await opened(services, story, name)
    if history.late:
        await deliver(services, case_id, only(history.story, history.late), f"{history.late}-1")
        await advance(services, case_id)
    for person in history.deciders:
        await decide(services, person, await pending(services, case_id), history.verb)
    await advance(services, case_id)
    return case_id


async def main(names: Sequence[str]) -> None:
    """Write these histories; all of them when none is named."""
    FOLDER.mkdir(exist_ok=True)
    async with stage() as services:
        with model(specialists()) as settings:
            equipped = replace(services, crew=replace(services.crew, models=models(settings)))
            for name in names or HISTORIES:
                history = HISTORIES[name]
                working = equipped if history.by_model else services
                install(working)
                record = await written(working, await carried_out(working, name, history))
                (FOLDER / f"{name}.json").write_text(
                    record.model_dump_json(indent=1) + "\n", encoding="utf-8"
                )
                typer.echo(f"{name}: {len(record.events)} events, {len(record.calls)} answers")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
